// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pool_load.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

namespace vitrine::engine {

namespace {

class LoadReader
{
public:
    explicit LoadReader(std::uint32_t blockSize) { m_load.blockSize = blockSize; }

    void add(const RecordedStep& step)
    {
        const auto isToken = [](const RecordedEvent& event) {
            return std::holds_alternative<RecordedToken>(event);
        };
        for (const RecordedEvent& event : step.events)
            if (!isToken(event))
                std::visit([this](const auto& value) { take(value); }, event);
        for (const StepRow& row : step.rows)
            if (const std::uint32_t* request = find(row.request))
                put(PoolOpKind::Plan, *request, std::uint64_t{row.prefillTokens} + row.decodeTokens);
        for (const BlockEvent& event : step.blocks)
            take(event);
        for (const StepRow& row : step.rows)
            if (const std::uint32_t* request = find(row.request))
                put(PoolOpKind::Land, *request, row.contextLength);
        for (const RecordedEvent& event : step.events) // what the step brought, nobody knew in it
            if (isToken(event))
                take(std::get<RecordedToken>(event));
    }

    PoolLoad finish()
    {
        for (const PoolRequest& request : m_load.requests)
            m_load.tokens += request.tokens.size();
        m_load.unknown = static_cast<std::uint32_t>(m_unknown.size());
        return std::move(m_load);
    }

private:
    const std::uint32_t* find(RequestId request)
    {
        const auto found = m_places.find(request);
        if (found != m_places.end())
            return &found->second;
        m_unknown.insert(request);
        return nullptr;
    }

    void put(PoolOpKind kind, std::uint32_t request, std::uint64_t amount)
    {
        constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
        m_load.ops.push_back({kind, request, static_cast<std::uint32_t>(std::min(amount, kMost))});
    }

    void take(const RecordedArrival& arrival)
    {
        const auto place = static_cast<std::uint32_t>(m_load.requests.size());
        if (arrival.prompt.empty() || !m_places.try_emplace(arrival.request, place).second)
            return;
        m_load.requests.push_back(
            {arrival.prompt, static_cast<std::uint32_t>(arrival.prompt.size()), false, 0});
        put(PoolOpKind::Known, place, arrival.prompt.size());
    }

    void take(const RecordedToken& token)
    {
        if (const std::uint32_t* request = find(token.request)) {
            std::vector<TokenId>& tokens = m_load.requests[*request].tokens;
            tokens.push_back(token.token);
            put(PoolOpKind::Known, *request, tokens.size());
        }
    }

    void take(const AdmissionEvent& admission)
    {
        const std::uint32_t* place = find(admission.request);
        if (place == nullptr || admission.again || m_load.requests[*place].lookedUp)
            return;
        PoolRequest& request = m_load.requests[*place];
        request.lookedUp = true;
        request.cached = std::min(admission.cachedTokens, request.prompt);
        m_load.lookedUpTokens += request.prompt;
        m_load.cachedTokens += request.cached;
    }

    void take(const PreemptionEvent& /*its blocks say it*/) {}
    void take(const RecordedEnd& /*likewise*/) {}

    void take(const BlockEvent& event)
    {
        const std::uint64_t covered = (std::uint64_t{event.index} + 1) * m_load.blockSize;
        switch (event.kind) {
        case BlockEventKind::Take:
        case BlockEventKind::CopyOnWrite:
            m_takers[event.block.value] = event.request;
            [[fallthrough]];
        case BlockEventKind::Share:
        case BlockEventKind::Fork:
            return of(PoolOpKind::Grow, event.request, covered);
        case BlockEventKind::Fill:
            if (const auto taker = m_takers.find(event.block.value); taker != m_takers.end())
                of(PoolOpKind::Land, taker->second, covered);
            return;
        case BlockEventKind::Drop:
            return of(PoolOpKind::Drop, event.request, event.index);
        case BlockEventKind::Close:
            return of(PoolOpKind::Close, event.request, 0);
        case BlockEventKind::Move:
            m_takers[event.other] = std::exchange(m_takers[event.block.value], RequestId{});
            return;
        case BlockEventKind::Resize:
            m_load.resized = true;
            return;
        default:
            return;
        }
    }

    void of(PoolOpKind kind, RequestId id, std::uint64_t amount)
    {
        if (const std::uint32_t* request = find(id))
            put(kind, *request, amount);
    }

    PoolLoad m_load;
    std::unordered_map<RequestId, std::uint32_t> m_places;
    std::unordered_set<RequestId> m_unknown;
    std::unordered_map<std::int32_t, RequestId> m_takers; // of each block
};

} // namespace

PoolLoad poolLoad(const RecordingStart& pool, std::span<const RecordedStep> steps)
{
    LoadReader reader(pool.blockSize);
    for (const RecordedStep& step : steps)
        reader.add(step);
    return reader.finish();
}

} // namespace vitrine::engine
