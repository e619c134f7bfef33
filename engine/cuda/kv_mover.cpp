// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/kv_mover.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/cuda/cuda_status.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

std::unordered_set<std::int32_t> devicePages(std::span<const KvTransfer> moves)
{
    std::unordered_set<std::int32_t> pages;
    for (const KvTransfer& move : moves) {
        if (move.kind != KvTransfer::Kind::SwapIn)
            pages.insert(move.from);
        if (move.kind != KvTransfer::Kind::SwapOut)
            pages.insert(move.to);
    }
    return pages;
}

} // namespace

bool touchesPages(const ForwardBatch& batch, std::int32_t columns, std::span<const KvTransfer> moves)
{
    const std::unordered_set<std::int32_t> moved = devicePages(moves);
    if (!batch.pageTables.empty())
        return std::any_of(batch.pageTables.begin(), batch.pageTables.end(),
                           [&](std::int32_t page) { return moved.contains(page); });
    return std::any_of(batch.blockTables.begin(), batch.blockTables.end(), [&](std::int32_t block) {
        for (std::int32_t column = 0; column < columns && block >= 0; ++column)
            if (moved.contains(block * columns + column))
                return true;
        return false;
    });
}

Result<void> KvMover::start()
{
    cuda::Status made = m_stream.create();
    for (std::size_t place = 0; place < m_begin.size() && made; ++place) {
        made = m_begin[place].create(true);
        if (made)
            made = m_end[place].create(true);
    }
    return resultOf(made, "making a GPU stream for copies");
}

Result<void> KvMover::move(const DeviceKv& kv, std::span<const KvTransfer> moves, cuda::Stream compute,
                           const cuda::OwnedEvent* after, std::size_t place)
{
    cuda::Status status = after == nullptr ? cuda::Status{} : cuda::waitFor(m_stream.get(), after->get());
    if (status)
        status = m_begin[place].record(m_stream.get());
    if (!status)
        return resultOf(status, "moving KV blocks");
    const Result<void> queued = kv.transfer(moves, m_stream.get());
    status = m_end[place].record(m_stream.get()); // also behind those that were queued before one failed
    if (status)
        status = cuda::waitFor(compute, m_end[place].get());
    m_moved[place] = queued && status;
    return queued ? resultOf(status, "moving KV blocks") : queued;
}

std::optional<double> KvMover::takeSeconds(std::size_t place)
{
    double seconds = 0.0;
    if (!std::exchange(m_moved[place], false) ||
        !cuda::secondsBetween(m_begin[place].get(), m_end[place].get(), seconds))
        return std::nullopt;
    return seconds;
}

} // namespace vitrine::engine
