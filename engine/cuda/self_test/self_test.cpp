// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/self_test/self_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "engine/cuda/self_test/test_bench.h"
#include "kernels/cuda/device_list.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

GpuCheck TestBench::judge(std::vector<float> values, const std::vector<double>& exact,
                          const std::vector<double>& scales, double allowed) const
{
    if (!m_status)
        return {m_name, false, cuda::describe(m_status)};
    if (m_settings.onResult)
        m_settings.onResult(m_name, values);
    if (values.size() != exact.size() || scales.size() != exact.size())
        return {m_name, false, "the number of results is wrong"};
    double worst = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        const double off = std::abs(double{values[i]} - exact[i]) / std::max(scales[i], 1e-30);
        if (!(off <= allowed) && !std::isfinite(off))
            return {m_name, false, "a result is no finite number"};
        worst = std::max(worst, off);
    }
    char text[64];
    std::snprintf(text, sizeof text, "off by %.1e, allowed %.1e", worst, allowed);
    return {m_name, worst <= allowed, text};
}

std::vector<float> testFloats(SyntheticRandom& random, std::size_t count)
{
    std::vector<float> values(count);
    for (float& value : values)
        value = (static_cast<float>(random.next() >> 40U) * 0x1p-24F - 0.5F) * 3.4F;
    return values;
}

Result<std::vector<GpuCheck>> selfTest(std::int32_t gpu, const SelfTestSettings& settings)
{
    const cuda::DeviceList list = cuda::listDevices();
    if (list.devices.empty())
        return outOfResources("no GPU can be used: " + list.reason);
    const bool known = std::any_of(list.devices.begin(), list.devices.end(),
                                   [gpu](const cuda::DeviceInfo& device) { return device.index == gpu; });
    if (!known)
        return invalidArgument("there is no usable GPU " + std::to_string(gpu) + "; doctor lists them");
    if (const cuda::Status used = cuda::useDevice(gpu); !used)
        return outOfResources("GPU " + std::to_string(gpu) + " cannot be used: " + cuda::describe(used));
    std::vector<GpuCheck> checks = checkRows(settings);
    const auto add = [&checks](std::vector<GpuCheck> more) {
        std::move(more.begin(), more.end(), std::back_inserter(checks));
    };
    add(checkProducts(settings));
    add(checkExperts(settings));
    add(checkPages(settings));
    add(checkAttention(settings));
    add(checkTokens(settings));
    add(checkChoices(settings));
    add(checkModel(gpu, settings));
    add(checkRanks(gpu, settings));
    add(measureSpeeds(settings));
    return checks;
}

} // namespace vitrine::engine
