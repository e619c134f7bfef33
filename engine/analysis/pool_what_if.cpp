// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/pool_what_if.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "engine/kv_cache/kv_cache.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kWorkPerToken = 32;        // tokens looked at for each one of the load, at most
constexpr std::uint64_t kMostTokens = 1ULL << 26U; // of a pool that is played: a quarter of a GiB

/// Blocks that hold all the load at once: a larger pool finds nothing more.
std::uint64_t blocksOf(const PoolLoad& load)
{
    std::uint64_t blocks = 1;
    for (const PoolRequest& request : load.requests)
        blocks += request.tokens.size() / load.blockSize + 2;
    return blocks;
}

KvCacheOptions cacheOptions(const PoolLoad& load, std::uint32_t blocks, std::uint32_t hostBlocks)
{
    const std::uint64_t useful = std::min(blocksOf(load), kMostTokens / load.blockSize);
    KvCacheOptions options;
    options.blocks = static_cast<std::uint32_t>(std::min<std::uint64_t>(blocks, useful));
    options.hostBlocks = static_cast<std::uint32_t>(std::min<std::uint64_t>(hostBlocks, useful));
    options.blockSize = load.blockSize;
    return options;
}

class PoolPlayer
{
public:
    PoolPlayer(const PoolLoad& load, std::uint32_t blocks, std::uint32_t hostBlocks)
        : m_load(load), m_cache(cacheOptions(load, blocks, hostBlocks)), m_states(load.requests.size()),
          m_workLeft(load.tokens * kWorkPerToken + load.ops.size() + 1)
    {}

    WhatIfPoint run(std::uint32_t blocks)
    {
        WhatIfPoint point;
        point.blocks = blocks;
        for (const PoolOp& op : m_load.ops) {
            play(op);
            if (m_workLeft == 0)
                break;
        }
        point.whole = m_workLeft > 0 &&
                      (m_cache.options().blocks == blocks || m_cache.options().blocks == blocksOf(m_load));
        point.preemptions = m_preemptions;
        for (std::size_t i = 0; i < m_states.size(); ++i) {
            if (!m_load.requests[i].lookedUp)
                continue;
            point.hitTokens += m_states[i].hit;
            point.unserved += m_states[i].lacked && !m_states[i].served ? 1 : 0;
        }
        return point;
    }

private:
    struct State
    {
        std::uint32_t known = 0, computed = 0, planned = 0, covered = 0;
        std::uint32_t hit = 0;
        std::uint32_t promised = 0; ///< tokens that were known when it was opened
        std::uint32_t demand = 0;   ///< blocks it lacked when it was last looked at; it waits
        std::uint64_t order = 0;    ///< of its opening; 0: it has no table
        bool waits = false;         ///< it should have a table, and lacks room
        bool served = false;        ///< it computed something
        bool lacked = false;        ///< room, at some time
    };

    static RequestId idOf(std::uint32_t request) { return RequestId{std::uint64_t{request} + 1}; }
    std::span<const TokenId> tokensOf(std::uint32_t request) const
    {
        return std::span(m_load.requests[request].tokens).first(m_states[request].known);
    }
    void spend(std::uint64_t work) { m_workLeft -= std::min(m_workLeft, work); }

    void play(const PoolOp& op)
    {
        State& state = m_states[op.request];
        switch (op.kind) {
        case PoolOpKind::Known:
            state.known = std::min<std::uint32_t>(
                op.amount, static_cast<std::uint32_t>(m_load.requests[op.request].tokens.size()));
            return;
        case PoolOpKind::Plan:
            return plan(op.request, op.amount);
        case PoolOpKind::Grow:
            return cover(op.request, op.amount);
        case PoolOpKind::Land:
            if (state.waits)
                resume(op.request);
            return land(op.request, op.amount);
        case PoolOpKind::Drop:
            if (state.order != 0 && op.amount < state.computed / m_load.blockSize)
                m_cache.trim(idOf(op.request), (op.amount + 1) * m_load.blockSize,
                             op.amount * m_load.blockSize, true);
            return;
        case PoolOpKind::Close:
            return end(op.request);
        }
    }

    void plan(std::uint32_t request, std::uint32_t tokens)
    {
        State& state = m_states[request];
        land(request, state.computed + state.planned); // a new plan: the one before was carried out
        state.planned = std::min(tokens, state.known - std::min(state.known, state.computed));
        if (state.order == 0 || state.computed >= state.promised)
            return;
        spend(++m_plans / 64 + 1);
        m_cache.plan(idOf(request), state.planned);
    }

    void cover(std::uint32_t request, std::uint32_t tokens)
    {
        State& state = m_states[request];
        if (state.waits)
            return;
        if (state.order == 0) {
            const std::uint32_t planned = state.planned;
            if (!open(request, true))
                return;
            plan(request, planned);
        }
        // Nobody plays blocks that hold tokens which are not known.
        const std::uint32_t wanted = std::min(tokens, state.known + m_load.blockSize);
        if (wanted <= state.covered)
            return;
        land(request, state.computed + state.planned); // others may share what is planned: it is not copied
        if (!grow(request, wanted, true))
            leave(request);
    }

    /// False when there is no room; with `push` who began later gives way.
    bool open(std::uint32_t request, bool push)
    {
        State& state = m_states[request];
        if (state.known == 0)
            return false;
        if (!push && state.demand > m_cache.available())
            return false;
        spend(std::uint64_t{state.known} * 2);
        const std::span<const TokenId> tokens = tokensOf(request);
        state.demand = push ? 0 : m_cache.demand(tokens, {});
        if (state.demand > m_cache.available())
            return false;
        const std::uint32_t found = m_cache.open(idOf(request), tokens, {});
        state.order = ++m_opened;
        m_order[state.order] = request;
        state.computed = state.covered = found;
        state.planned = 0;
        if (!grow(request, state.known, push)) {
            leave(request);
            return false;
        }
        m_cache.promise(idOf(request), tokens.subspan(found));
        state.promised = state.known;
        state.waits = false;
        if (!state.served)
            state.hit = std::min(found, m_load.requests[request].prompt);
        return true;
    }

    bool grow(std::uint32_t request, std::uint32_t tokens, bool push)
    {
        State& state = m_states[request];
        while (!m_cache.grow(idOf(request), tokens)) {
            spend(tokens / m_load.blockSize + 1);
            const auto last = m_order.rbegin();
            if (!push || last == m_order.rend() || last->second == request)
                return false;
            ++m_preemptions;
            leave(last->second);
        }
        (void)m_cache.takeTransfers(); // nobody carries them out
        const std::uint32_t blocks = (tokens - 1) / m_load.blockSize + 1;
        state.covered = std::max(state.covered, blocks * m_load.blockSize);
        return true;
    }

    /// It waits for room.
    void leave(std::uint32_t request)
    {
        close(request);
        m_states[request].waits = m_states[request].lacked = true;
    }

    void resume(std::uint32_t request)
    {
        if (m_states[request].known > 0)
            open(request, false);
    }

    void land(std::uint32_t request, std::uint32_t tokens)
    {
        State& state = m_states[request];
        if (state.order == 0)
            return;
        const std::uint32_t end = std::min({tokens, state.known, state.covered});
        if (end <= state.computed)
            return;
        spend(end - state.computed);
        m_cache.markComputed(idOf(request), tokensOf(request).subspan(state.computed, end - state.computed));
        state.planned -= std::min(state.planned, end - state.computed);
        state.computed = end;
        state.served = true;
    }

    void end(std::uint32_t request)
    {
        State& state = m_states[request];
        if (state.waits) {
            resume(request); // it was computed later, if at all
            land(request, state.known);
        }
        close(request);
        state.waits = false;
    }

    void close(std::uint32_t request)
    {
        State& state = m_states[request];
        if (state.order == 0)
            return;
        m_cache.close(idOf(request));
        m_order.erase(state.order);
        state.order = 0;
        state.computed = state.planned = state.covered = 0;
    }

    const PoolLoad& m_load;
    KvCache m_cache;
    std::vector<State> m_states;
    std::map<std::uint64_t, std::uint32_t> m_order; // tables, by their opening
    std::uint64_t m_opened = 0, m_plans = 0;
    std::uint32_t m_preemptions = 0;
    std::uint64_t m_workLeft;
};

} // namespace

WhatIfPoint playPool(const PoolLoad& load, std::uint32_t blocks, std::uint32_t hostBlocks)
{
    return PoolPlayer(load, blocks, hostBlocks).run(blocks);
}

WhatIf poolWhatIf(const RecordingStart& pool, std::span<const RecordedStep> steps,
                  std::span<const std::uint32_t> sizes)
{
    WhatIf result;
    constexpr std::uint32_t kMostBlockSize = 1U << 16;
    if (pool.blockSize == 0 || pool.blockSize > kMostBlockSize)
        return result;
    const PoolLoad load = poolLoad(pool, steps);
    result.lookedUpTokens = load.lookedUpTokens;
    result.recordedHitTokens = load.cachedTokens;
    result.recordedBlocks = pool.blocks;
    result.unknown = load.unknown;
    result.approximate = pool.shape.mixed() || load.resized;
    std::vector<std::uint32_t> ascending(sizes.begin(), sizes.end());
    std::sort(ascending.begin(), ascending.end());
    ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
    const std::uint64_t all = blocksOf(load);
    std::optional<WhatIfPoint> last; // of a pool that holds everything
    for (const std::uint32_t blocks : ascending) {
        if (blocks == 0)
            continue;
        WhatIfPoint point = last ? *last : playPool(load, blocks, pool.hostBlocks);
        point.blocks = blocks;
        if (blocks >= all)
            last = point;
        result.points.push_back(point);
    }
    return result;
}

WhatIf poolWhatIf(const RecordingStart& pool, std::span<const RecordedStep> steps)
{
    std::vector<std::uint32_t> sizes;
    for (const double times : {0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0}) {
        const double blocks = times * pool.blocks;
        if (blocks >= 1.0 && blocks <= std::numeric_limits<std::int32_t>::max())
            sizes.push_back(static_cast<std::uint32_t>(blocks));
    }
    return poolWhatIf(pool, steps, sizes);
}

} // namespace vitrine::engine
