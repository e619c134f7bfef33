// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/machine_limit.h"

#include <algorithm>

#include "engine/execution/weight_reads.h"
#include "engine/plan/compute_speed.h"
#include "engine/plan/model_work.h"
#include "engine/telemetry/machine.h"

namespace vitrine::cli {

MachineLimit::MachineLimit(const engine::Model& model, const engine::Executor& executor, bool deterministic)
{
    m_info = executor.info();
    m_experts = model.config().experts;
    m_kvBytesPerToken = static_cast<double>(executor.kvBytesPerToken());
    m_multiplyAddsPerToken = engine::workOf(model).layerMultiplyAdds();
    m_threads = m_info.threads;
    m_readBytesPerSecond = bandwidth(engine::weightBytesRead(m_info, m_experts, 1.0));
    m_multiplyAddsPerSecond = engine::measureMultiplyAdds(model, m_info.threads, deterministic);
}

double MachineLimit::decode(std::uint32_t sequences, double context, double sharedContext) const
{
    const double kv = m_kvBytesPerToken * (sequences * (context - sharedContext) + sharedContext);
    const double bytes = engine::weightBytesRead(m_info, m_experts, sequences) + kv;
    return bandwidth(bytes) * sequences / bytes;
}

/// Of as much memory as a step reads, so that the cache helps the measurement as it helps the model.
double MachineLimit::bandwidth(double bytes) const
{
    constexpr double kFewest = 16 << 20, kMost = 1 << 30;
    return engine::measureReadBandwidth(static_cast<std::uint64_t>(std::clamp(bytes, kFewest, kMost)),
                                        m_threads);
}

double MachineLimit::prefill() const
{
    return m_multiplyAddsPerToken > 0.0 ? m_multiplyAddsPerSecond / m_multiplyAddsPerToken : 0.0;
}

} // namespace vitrine::cli
