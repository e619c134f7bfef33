// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/step_shares.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

/// Named to every row of a step: more would cost rows × rows.
constexpr std::size_t kNamed = LatencyBreakdown::kMostNeighbours + 1;

/// A model that has learned nonsense must not make nonsense of times.
double sound(double seconds)
{
    return std::isfinite(seconds) ? std::clamp(seconds, 0.0, 1e12) : 0.0;
}

} // namespace

StepLoad loadOf(const RowWork& row)
{
    StepLoad load;
    load.prefillTokens = row.decode ? 0 : row.tokens;
    load.decodeRows = row.decode ? 1 : 0;
    const std::uint64_t first = row.firstToken, tokens = row.tokens;
    load.attendedKeys = tokens * first + tokens * (tokens + 1) / 2;
    return load;
}

StepShares::StepShares(std::span<const RowWork> rows, const StepTimeModel& model)
    : m_rows(rows), m_fixed(std::max(sound(model.predict({})), 1e-9))
{
    m_weights.reserve(rows.size());
    for (const RowWork& row : rows) {
        m_weights.push_back({row.request, sound(model.predict(loadOf(row)) - m_fixed)});
        m_all += m_weights.back().seconds;
    }
    m_named.resize(std::min(kNamed, m_weights.size()));
    std::partial_sort_copy(m_weights.begin(), m_weights.end(), m_named.begin(), m_named.end(),
                           [](const Weight& a, const Weight& b) { return a.seconds > b.seconds; });
}

StepShare StepShares::share(std::size_t index)
{
    const Weight& own = m_weights[index];
    const double rest = m_all - own.seconds;
    m_others.clear();
    for (const Weight& weight : m_named)
        if (weight.request != own.request)
            m_others.push_back({weight.request, rest > 0.0 ? std::min(weight.seconds / rest, 1.0) : 0.0});
    const RowWork& row = m_rows[index];
    StepShare share{row.firstToken, row.tokens, row.decode, row.samples, m_rows.size() > 1, 1.0, m_others};
    share.own = (m_fixed + own.seconds) / (m_fixed + m_all);
    return share;
}

StepShare::Other StepShares::heaviestBeside(RequestId request) const
{
    double rest = 0.0;
    for (const Weight& weight : m_weights)
        rest += weight.request != request ? weight.seconds : 0.0;
    for (const Weight& weight : m_named)
        if (weight.request != request)
            return {weight.request, rest > 0.0 ? std::min(weight.seconds / rest, 1.0) : 0.0};
    return {};
}

} // namespace vitrine::engine
