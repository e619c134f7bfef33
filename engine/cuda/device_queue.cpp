// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_queue.h"

#include <span>
#include <utility>
#include <vector>

#include "engine/cuda/cuda_status.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

Result<void> DeviceQueue::start(const RopeTable& rope)
{
    for (const auto& [status, doing] :
         {std::pair{m_stream.create(), "making a GPU stream"},
          std::pair{m_done[0].create(), "making a GPU event"},
          std::pair{m_done[1].create(), "making a GPU event"}, std::pair{m_blas.create(), "starting cuBLAS"}})
        if (Result<void> made = resultOf(status, doing); !made)
            return made;
    return sendFrequencies(rope);
}

Result<void> DeviceQueue::sendFrequencies(const RopeTable& rope)
{
    std::vector<double> all;
    for (std::size_t kind = 0; kind < rope.kinds(); ++kind) {
        const std::span<const double> one = rope.frequencies(kind);
        all.insert(all.end(), one.begin(), one.end());
    }
    const std::size_t bytes = all.size() * sizeof(double);
    cuda::Status sent = m_frequencies.allocate(bytes);
    if (sent)
        sent = cuda::copyBytes(m_frequencies.data(), all.data(), bytes, m_stream.get());
    if (sent)
        sent = cuda::synchronize(m_stream.get());
    return resultOf(sent, "preparing the GPU");
}

} // namespace vitrine::engine
