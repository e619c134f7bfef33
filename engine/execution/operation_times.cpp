// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/operation_times.h"

namespace vitrine::engine {

const char* operationName(Operation operation)
{
    constexpr const char* kNames[kOperations] = {"embed",     "norm",   "qkv",    "store_kv",
                                                 "attention", "output", "router", "gate_up",
                                                 "down",      "head",   "reduce", "waiting"};
    return kNames[static_cast<std::size_t>(operation)];
}

void OperationClock::reset(bool on)
{
    m_on = on;
    for (Lap& lap : m_laps)
        lap = {};
}

OperationTimes OperationClock::times() const
{
    OperationTimes times;
    times.steps = m_laps.front().steps;
    for (const Lap& lap : m_laps)
        for (std::size_t i = 0; i < kOperations; ++i)
            times.seconds[i] += static_cast<double>(lap.ns[i]) * 1e-9 / static_cast<double>(m_laps.size());
    return times;
}

} // namespace vitrine::engine
