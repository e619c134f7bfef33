// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/events.h"

namespace vitrine::engine {

namespace {

double seconds(std::int64_t fromNs, std::int64_t toNs)
{
    return fromNs != 0 && toNs > fromNs ? static_cast<double>(toNs - fromNs) * 1e-9 : 0.0;
}

} // namespace

double RequestStats::timeToFirstToken() const
{
    return seconds(times.arrivalNs, times.firstTokenNs);
}

double RequestStats::tokensPerSecond() const
{
    const double decoding = seconds(times.firstTokenNs, times.finishedNs);
    return replyTokens > 1 && decoding > 0.0 ? (replyTokens - 1) / decoding : 0.0;
}

double RequestStats::endToEnd() const
{
    return seconds(times.arrivalNs, times.finishedNs);
}

} // namespace vitrine::engine
