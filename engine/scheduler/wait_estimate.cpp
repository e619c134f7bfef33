// SPDX-License-Identifier: GPL-3.0-or-later
// "3rd in queue, about 4 s": plays the queue forward with the step times measured and the lengths predicted.
#include <algorithm>
#include <queue>

#include "engine/scheduler/kv_forecast.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {
namespace {

/// A request that will give back its place and its blocks.
struct Ending
{
    double seconds = 0.0;
    std::uint32_t blocks = 0;
    bool operator>(const Ending& other) const { return seconds > other.seconds; }
};

using Endings = std::priority_queue<Ending, std::vector<Ending>, std::greater<>>;

} // namespace

std::vector<WaitEstimate> Scheduler::waitEstimates(std::size_t most) const
{
    const std::vector<Request*> waiting = m_policy->first(most);
    if (waiting.empty())
        return {};
    const double tokenSeconds = m_stepTimes.predict(decodeLoad(m_running.empty() ? 1 : 0));
    Endings endings;
    double now = 0.0;
    for (const Request* request : m_running) {
        const double left =
            remainingTokens(request->predictedTokens, request->replied(), request->spec.maxTokens);
        endings.push({left * tokenSeconds, static_cast<std::uint32_t>(m_cache.table(request->id).size())});
        if (!request->decoding())
            now += (request->known() - request->computed) * m_stepTimes.secondsPerPrefillToken();
    }
    std::uint64_t free = m_cache.available();
    std::size_t places = m_options.maxRunning - std::min<std::size_t>(m_running.size(), m_options.maxRunning);
    std::vector<WaitEstimate> estimates;
    for (const Request* request : waiting) {
        const std::uint32_t wanted = m_cache.pagesAlone(m_cache.blocksFor(request->known()));
        while ((places == 0 || free < wanted) && !endings.empty()) {
            now = std::max(now, endings.top().seconds);
            free += endings.top().blocks;
            ++places;
            endings.pop();
        }
        places -= std::min<std::size_t>(places, 1);
        free -= std::min<std::uint64_t>(free, wanted);
        now += request->known() * m_stepTimes.secondsPerPrefillToken();
        estimates.push_back({request->id, static_cast<std::uint32_t>(estimates.size() + 1), now});
        const double left =
            remainingTokens(request->predictedTokens, request->replied(), request->spec.maxTokens);
        endings.push({now + left * tokenSeconds, m_cache.pagesAlone(expectedBlocks(*request, m_cache))});
    }
    return estimates;
}

} // namespace vitrine::engine
