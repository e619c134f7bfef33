// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of whole pages within device memory, many in one launch: for compaction, for sequences that part
// from a common beginning, and for the move to a pool of another size.
#pragma once

#include <cstdint>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

struct PageCopy
{
    std::int32_t from = 0;
    std::int32_t to = 0; ///< negative, or `from` is: nothing is copied
};

/// `copies`: [count], device memory. They run at the same time: no page is the target of one and in another.
/// pageBytes a multiple of 16, both pools aligned to 16; they may be the same.
Status copyPages(const std::uint8_t* source, std::uint8_t* target, std::int64_t pageBytes,
                 const PageCopy* copies, std::int64_t count, Stream stream);

} // namespace vitrine::kernels::cuda
