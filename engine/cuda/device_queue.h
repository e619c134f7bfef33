// SPDX-License-Identifier: GPL-3.0-or-later
// What a GPU is given work through: the stream, an event for each of two steps under way, cuBLAS, and the
// frequencies of the rotations, which lie on the device. One owner, the executor; engine thread.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/result.h"
#include "engine/execution/rope_table.h"
#include "kernels/cuda/blas.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

class DeviceQueue
{
public:
    /// Of the current device. Waits until the frequencies are there.
    Result<void> start(const RopeTable& rope);

    kernels::cuda::Stream stream() const { return m_stream.get(); }
    kernels::cuda::OwnedEvent& done(std::size_t place) { return m_done[place]; }
    kernels::cuda::Blas& blas() { return m_blas; }
    const double* frequencies() const { return m_frequencies.as<double>(); } ///< [kinds, rope.dim() / 2]
    std::uint64_t bytes() const { return m_frequencies.size() + m_blas.bytes(); }

private:
    Result<void> sendFrequencies(const RopeTable& rope);

    kernels::cuda::OwnedStream m_stream;
    std::array<kernels::cuda::OwnedEvent, 2> m_done;
    kernels::cuda::Blas m_blas;
    kernels::cuda::DeviceBuffer m_frequencies;
};

} // namespace vitrine::engine
