// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/diagnosis.h"

#include <iterator>

namespace vitrine::engine {

const char* diagnosisName(DiagnosisKind kind)
{
    switch (kind) {
    case DiagnosisKind::PoolTooSmall:
        return "KV pool too small";
    case DiagnosisKind::SwapThrash:
        return "Swapping KV blocks back and forth";
    case DiagnosisKind::MaxRunningTooSmall:
        return "Too few requests run at once";
    case DiagnosisKind::ItlTargetTooTight:
        return "Target between tokens too tight";
    case DiagnosisKind::BudgetTooSmall:
        return "Steps too small";
    case DiagnosisKind::PrefillInterference:
        return "Long prompts stall replies";
    case DiagnosisKind::HeadOfLine:
        return "Short prompts wait behind a long one";
    case DiagnosisKind::LowPrefixHits:
        return "Prompts differ at their beginning";
    case DiagnosisKind::PrefixEviction:
        return "Cached prefixes are evicted too soon";
    case DiagnosisKind::PrefixCacheOff:
        return "Prefixes are not kept";
    case DiagnosisKind::HostGap:
        return "The model waits for the host";
    case DiagnosisKind::SlowSampling:
        return "Choosing tokens is slow";
    case DiagnosisKind::UnevenSteps:
        return "Steps take uneven times";
    case DiagnosisKind::Slowdown:
        return "The machine became slower";
    case DiagnosisKind::IdleCores:
        return "Cores are idle";
    case DiagnosisKind::BandwidthBound:
        return "Memory bandwidth is the limit";
    case DiagnosisKind::ComputeBound:
        return "More is asked than can be computed";
    case DiagnosisKind::MemoryPressure:
        return "The machine is short of memory";
    }
    return "";
}

Bottleneck bottleneckOf(DiagnosisKind kind)
{
    switch (kind) {
    case DiagnosisKind::PoolTooSmall:
    case DiagnosisKind::SwapThrash:
    case DiagnosisKind::PrefixEviction:
    case DiagnosisKind::MemoryPressure:
        return Bottleneck::Capacity;
    case DiagnosisKind::HostGap:
    case DiagnosisKind::SlowSampling:
        return Bottleneck::Host;
    case DiagnosisKind::BandwidthBound:
        return Bottleneck::Bandwidth;
    case DiagnosisKind::UnevenSteps:
    case DiagnosisKind::Slowdown:
    case DiagnosisKind::IdleCores:
    case DiagnosisKind::ComputeBound:
        return Bottleneck::Compute;
    default:
        return Bottleneck::Scheduling;
    }
}

const char* settingName(SettingKey key)
{
    constexpr const char* kNames[] = {"KV blocks",     "KV format",         "target between tokens",
                                      "tokens a step", "requests that run", "policy",
                                      "threads",       "prefix cache"};
    const auto index = static_cast<std::size_t>(key);
    return index < std::size(kNames) ? kNames[index] : "";
}

bool changesLive(SettingKey key)
{
    return key != SettingKey::KvFormat && key != SettingKey::PrefixCache;
}

const char* metricName(GainMetric metric)
{
    constexpr const char* kNames[] = {
        "first token, p95",  "between tokens, p95", "between tokens, worst of 200",
        "whole reply, mean", "tokens a second",     "preemptions"};
    const auto index = static_cast<std::size_t>(metric);
    return index < std::size(kNames) ? kNames[index] : "";
}

} // namespace vitrine::engine
