// SPDX-License-Identifier: GPL-3.0-or-later
// The paged KV memory of a device, and the pinned host memory that pages are swapped to. Who holds which page
// is not its business (engine/kv_cache). One owner, the executor; every call from the engine thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/execution/kv_transfer.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/kv_pages.h"
#include "kernels/cuda/status.h"

namespace vitrine::engine {

/// How the kernels name this format.
kernels::cuda::KvNumber kvNumberOf(KvFormat format);

class DeviceKv
{
public:
    /// Drops what was there first; `shape` without a pool. A refusal says how much was asked for.
    Result<void> reserve(const kernels::cuda::KvPages& shape);
    /// Slots of one page each; drops what was there. REQUIRES: reserve() has succeeded.
    Result<void> reserveHost(std::size_t pages);
    /// Keeps the contents of the pages that stay; the pool may lie elsewhere afterwards, also after a
    /// refusal, which keeps size and contents. Both pools are there for a moment, or what stays waits in host
    /// memory. bytes() is 0 where another program took what the old pool had made way for.
    Result<void> resize(std::int64_t pages, kernels::cuda::Stream stream);
    /// Queued in order; a later one may read what an earlier one wrote. Pages that lie in a row go as one.
    Result<void> transfer(std::span<const KvTransfer> transfers, kernels::cuda::Stream stream) const;

    const kernels::cuda::KvPages& pages() const { return m_pages; }
    std::uint64_t bytes() const { return m_pool.size(); }
    std::uint64_t hostBytes() const { return m_host.size(); }

private:
    Result<void> resizeThroughHost(std::int64_t pages, std::size_t bytes, kernels::cuda::Stream stream);
    void take(std::int64_t pages);
    Result<void> transferRun(const KvTransfer& first, std::int32_t count, kernels::cuda::Stream stream) const;
    std::uint8_t* pagesFrom(std::int32_t first, std::int32_t count) const;
    std::uint8_t* hostFrom(std::int32_t first, std::int32_t count) const;

    kernels::cuda::KvPages m_pages;
    kernels::cuda::DeviceBuffer m_pool;
    kernels::cuda::PinnedBuffer m_host;
    std::size_t m_slots = 0;
};

} // namespace vitrine::engine
