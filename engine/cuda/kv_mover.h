// SPDX-License-Identifier: GPL-3.0-or-later
// Moves of KV pages on a stream of their own, beside the step under way: the next step waits for them on the
// device, the host nowhere. One owner, the executor; engine thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/base/result.h"
#include "engine/cuda/device_kv.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_transfer.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

/// Whether a step reads or writes a page of the device that one of these moves reads or writes. `columns`:
/// pages of a block.
bool touchesPages(const ForwardBatch& batch, std::int32_t columns, std::span<const KvTransfer> moves);

class KvMover
{
public:
    Result<void> start(); ///< of the current device
    /// Queues the moves, in order, after those before. What is queued on `compute` from now on waits for
    /// them; they wait for `after`, if that is given, else for nothing. `place` of the step that comes next.
    Result<void> move(const DeviceKv& kv, std::span<const KvTransfer> moves, kernels::cuda::Stream compute,
                      const kernels::cuda::OwnedEvent* after, std::size_t place);
    /// Seconds that the moves before the step of this place took; once, when that step has been awaited.
    std::optional<double> takeSeconds(std::size_t place);
    void wait() const { (void)kernels::cuda::synchronize(m_stream.get()); }

private:
    kernels::cuda::OwnedStream m_stream;
    std::array<kernels::cuda::OwnedEvent, 2> m_begin, m_end; ///< by place
    std::array<bool, 2> m_moved{};
};

} // namespace vitrine::engine
