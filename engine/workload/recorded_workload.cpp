// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/workload/recorded_workload.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engine/trace/trace_range.h"

namespace vitrine::engine {

namespace {

constexpr std::int64_t kLongestNs = 86'400'000'000'000;

struct Recorded
{
    RequestId request;
    std::int64_t arrivalNs = 0;
    const RecordedArrival* arrival = nullptr;
    std::uint32_t replyTokens = 0;
    bool ended = false;
};

class Reader
{
public:
    explicit Reader(RecordedWorkload& out) : m_out(out) {}

    void take(const RecordedStep& step)
    {
        const bool opening = step.isOpening();
        for (const RecordedEvent& event : step.events) {
            const RequestId request = requestOf(event);
            const auto* arrival = std::get_if<RecordedArrival>(&event);
            if (arrival != nullptr && !opening && !m_known.contains(request)) {
                m_known.emplace(request, m_requests.size());
                m_requests.push_back({request, arrival->timeNs, arrival, 0, false});
                continue;
            }
            const auto known = m_known.find(request);
            if (known == m_known.end())
                m_earlier.insert(request);
            else if (std::holds_alternative<RecordedToken>(event))
                ++m_requests[known->second].replyTokens;
            else if (std::holds_alternative<RecordedEnd>(event))
                m_requests[known->second].ended = true;
        }
    }

    void finish()
    {
        m_out.withoutArrival = m_earlier.size();
        std::erase_if(m_requests, [this](const Recorded& recorded) { return !usable(recorded); });
        std::stable_sort(m_requests.begin(), m_requests.end(),
                         [](const Recorded& a, const Recorded& b) { return a.arrivalNs < b.arrivalNs; });
        for (const Recorded& recorded : m_requests)
            add(recorded);
    }

private:
    static RequestId requestOf(const RecordedEvent& event)
    {
        if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
            return preemption->victim;
        if (const auto* admission = std::get_if<AdmissionEvent>(&event))
            return admission->request;
        if (const auto* arrival = std::get_if<RecordedArrival>(&event))
            return arrival->request;
        if (const auto* token = std::get_if<RecordedToken>(&event))
            return token->request;
        return std::get<RecordedEnd>(event).request;
    }

    bool usable(const Recorded& recorded)
    {
        const RecordedArrival& arrival = *recorded.arrival;
        if (arrival.prompt.empty() || arrival.prompt.size() != arrival.promptTokens) {
            ++m_out.withoutPrompt;
            return false;
        }
        if (recorded.replyTokens == 0) {
            ++m_out.withoutReply;
            return false;
        }
        return true;
    }

    void add(const Recorded& recorded)
    {
        const std::int64_t after = nsBetween(m_requests.front().arrivalNs, recorded.arrivalNs);
        WorkloadItem item;
        item.id = std::to_string(recorded.request.value);
        item.arrivalSeconds = static_cast<double>(std::clamp<std::int64_t>(after, 0, kLongestNs)) * 1e-9;
        item.request.prompt = recorded.arrival->prompt;
        item.request.maxTokens = recorded.replyTokens;
        item.request.ignoreEndOfGeneration = true;
        m_out.promptTokens += recorded.arrival->promptTokens;
        m_out.replyTokens += recorded.replyTokens;
        m_out.unfinished += recorded.ended ? 0 : 1;
        m_out.items.push_back(std::move(item));
    }

    RecordedWorkload& m_out;
    std::vector<Recorded> m_requests;
    std::unordered_map<RequestId, std::size_t> m_known; ///< place in m_requests
    std::unordered_set<RequestId> m_earlier;
};

} // namespace

RecordedWorkload workloadOf(std::span<const RecordedStep> steps)
{
    RecordedWorkload load;
    Reader reader(load);
    for (const RecordedStep& step : steps)
        reader.take(step);
    reader.finish();
    return load;
}

} // namespace vitrine::engine
