// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of any length over a communicator's messages: first the length, then the bytes. A length that is not
// true costs no memory: room grows with what has come. One owner, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/parallel/communicator.h"

namespace vitrine::engine {

inline constexpr std::uint64_t kMostFrameBytes = std::uint64_t{1} << 32U;

Result<void> sendFrame(Communicator& group, std::span<const std::byte> frame, std::uint32_t to,
                       Deadline deadline);
/// Into `frame`, whose room is used again. BadInput: a length beyond kMostFrameBytes.
Result<void> receiveFrame(Communicator& group, std::vector<std::byte>& frame, std::uint32_t from,
                          Deadline deadline);

} // namespace vitrine::engine
