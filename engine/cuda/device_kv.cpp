// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_kv.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include "engine/base/check.h"
#include "engine/cuda/cuda_status.h"
#include "engine/telemetry/machine.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

/// Bytes of so many pages, or 0 beyond any memory.
std::size_t bytesOf(const cuda::KvPages& shape, std::int64_t pages)
{
    std::int64_t total = 0;
    if (__builtin_mul_overflow(shape.pageBytes(), pages, &total) ||
        total > std::numeric_limits<std::int64_t>::max() / 4)
        return 0;
    return static_cast<std::size_t>(total);
}

Error refused(const char* where, std::int64_t pages, std::size_t bytes)
{
    return outOfResources("there is no memory for a KV cache of " + std::to_string(pages) + " pages (" +
                          std::to_string(bytes >> 20U) + " MiB) " + where + "; ask for fewer blocks");
}

} // namespace

Result<void> DeviceKv::reserve(const cuda::KvPages& shape)
{
    m_pool.release();
    m_host.release();
    m_slots = 0;
    m_pages = {};
    const std::size_t bytes = bytesOf(shape, shape.pages);
    if (bytes == 0 || !m_pool.allocate(bytes))
        return refused("on the GPU", shape.pages, bytes);
    m_pages = shape;
    m_pages.pool = m_pool.data();
    return {};
}

Result<void> DeviceKv::reserveHost(std::size_t pages)
{
    m_host.release();
    m_slots = 0;
    if (pages == 0)
        return {};
    const std::size_t bytes = bytesOf(m_pages, static_cast<std::int64_t>(pages));
    if (bytes == 0 || !m_host.allocate(bytes))
        return refused("in pinned host memory", static_cast<std::int64_t>(pages), bytes);
    m_slots = pages;
    return {};
}

Result<void> DeviceKv::resize(std::int64_t pages, cuda::Stream stream)
{
    const std::size_t bytes = bytesOf(m_pages, pages);
    cuda::DeviceBuffer pool;
    if (bytes == 0)
        return refused("on the GPU", pages, bytes);
    if (!pool.allocate(bytes))
        return resizeThroughHost(pages, bytes, stream);
    cuda::Status moved = cuda::copyBytes(pool.data(), m_pool.data(), std::min(bytes, m_pool.size()), stream);
    if (moved)
        moved = cuda::synchronize(stream); // before the old pool goes
    if (!moved)
        return resultOf(moved, "moving the KV cache");
    m_pool = std::move(pool);
    take(pages);
    return {};
}

/// Where the device has no room for both pools, all pages wait in host memory while the one makes way for the
/// other, or comes back.
Result<void> DeviceKv::resizeThroughHost(std::int64_t pages, std::size_t bytes, cuda::Stream stream)
{
    const std::size_t before = m_pool.size();
    std::uint64_t free = 0, total = 0;
    if (!cuda::deviceMemory(free, total) || free + before < bytes)
        return refused("on the GPU", pages, bytes);
    const std::uint64_t host = machineMemory().availableBytes;
    const std::unique_ptr<std::uint8_t[]> aside(host > before ? new (std::nothrow) std::uint8_t[before]
                                                              : nullptr);
    if (aside == nullptr)
        return refused("on the GPU beside the one there is", pages, bytes);
    cuda::Status moved = cuda::copyBytes(aside.get(), m_pool.data(), before, stream);
    if (moved)
        moved = cuda::synchronize(stream);
    if (!moved)
        return resultOf(moved, "moving the KV cache");
    m_pool.release();
    const bool resized = bool(m_pool.allocate(bytes));
    if (!resized && !m_pool.allocate(before)) {
        m_pages = {};
        return outOfResources("the KV cache is gone: another program took the GPU's memory while its size "
                              "changed; load the model again");
    }
    take(resized ? pages : m_pages.pages);
    moved = cuda::copyBytes(m_pool.data(), aside.get(), std::min(before, m_pool.size()), stream);
    if (moved)
        moved = cuda::synchronize(stream);
    if (!moved)
        return resultOf(moved, "moving the KV cache");
    return resized ? Result<void>() : refused("on the GPU", pages, bytes);
}

void DeviceKv::take(std::int64_t pages)
{
    m_pages.pages = pages;
    m_pages.pool = m_pool.data();
}

std::uint8_t* DeviceKv::pagesFrom(std::int32_t first, std::int32_t count) const
{
    VT_CHECK(first >= 0 && std::int64_t{first} + count <= m_pages.pages);
    return m_pool.data() + first * m_pages.pageBytes();
}

std::uint8_t* DeviceKv::hostFrom(std::int32_t first, std::int32_t count) const
{
    VT_CHECK(first >= 0 && static_cast<std::size_t>(first) + static_cast<std::size_t>(count) <= m_slots);
    return m_host.data() + first * m_pages.pageBytes();
}

Result<void> DeviceKv::transferRun(const KvTransfer& first, std::int32_t count, cuda::Stream stream) const
{
    const bool in = first.kind == KvTransfer::Kind::SwapIn, out = first.kind == KvTransfer::Kind::SwapOut;
    const std::uint8_t* from = in ? hostFrom(first.from, count) : pagesFrom(first.from, count);
    std::uint8_t* to = out ? hostFrom(first.to, count) : pagesFrom(first.to, count);
    if (from == to)
        return {};
    const std::size_t bytes = static_cast<std::size_t>(m_pages.pageBytes()) * static_cast<std::size_t>(count);
    return resultOf(cuda::copyBytes(to, from, bytes, stream), "moving KV blocks");
}

/// Only to and from the host: within the device a run may overlap itself.
Result<void> DeviceKv::transfer(std::span<const KvTransfer> transfers, cuda::Stream stream) const
{
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= transfers.size(); ++i) {
        const KvTransfer& first = transfers[begin];
        const auto count = static_cast<std::int32_t>(i - begin);
        if (i < transfers.size() && first.kind != KvTransfer::Kind::Copy &&
            transfers[i] == KvTransfer{first.kind, first.from + count, first.to + count})
            continue;
        if (Result<void> queued = transferRun(first, count, stream); !queued)
            return queued;
        begin = i;
    }
    return {};
}

cuda::KvNumber kvNumberOf(KvFormat format)
{
    switch (format) {
    case KvFormat::F32:
        return cuda::KvNumber::F32;
    case KvFormat::F16:
        return cuda::KvNumber::F16;
    case KvFormat::Int8:
        return cuda::KvNumber::Int8;
    case KvFormat::FP8:
        return cuda::KvNumber::FP8;
    case KvFormat::BF16:
        break;
    }
    return cuda::KvNumber::BF16;
}

} // namespace vitrine::engine
