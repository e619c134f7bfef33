// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of the device for one check, and the verdict. The first call that fails is kept, and ends it.
#pragma once

#include <string>
#include <vector>

#include "engine/cuda/self_test/self_test.h"
#include "engine/model/synthetic_blocks.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

class TestBench
{
public:
    TestBench(std::string name, const SelfTestSettings& settings)
        : m_name(std::move(name)), m_settings(settings)
    {}

    template<class T>
    kernels::cuda::DeviceBuffer put(const std::vector<T>& values)
    {
        kernels::cuda::DeviceBuffer buffer;
        keep(buffer.allocate(values.size() * sizeof(T)));
        if (buffer)
            keep(kernels::cuda::copyBytes(buffer.data(), values.data(), buffer.size(), nullptr));
        return buffer;
    }
    template<class T>
    std::vector<T> get(const kernels::cuda::DeviceBuffer& buffer)
    {
        std::vector<T> values(buffer.size() / sizeof(T));
        if (m_status)
            keep(kernels::cuda::copyBytes(values.data(), buffer.data(), values.size() * sizeof(T), nullptr));
        keep(kernels::cuda::synchronize(nullptr));
        return values;
    }
    void keep(kernels::cuda::Status status)
    {
        if (m_status)
            m_status = status;
    }

    /// Then what get() returned may be of any length; judge() says why.
    bool failed() const { return !m_status; }

    /// Whether every value lies within `allowed` times its scale of what is exact.
    GpuCheck judge(std::vector<float> values, const std::vector<double>& exact,
                   const std::vector<double>& scales, double allowed) const;

private:
    std::string m_name;
    const SelfTestSettings& m_settings;
    kernels::cuda::Status m_status;
};

/// Evenly from -1.7 to 1.7: about as large as activations.
std::vector<float> testFloats(SyntheticRandom& random, std::size_t count);

} // namespace vitrine::engine
