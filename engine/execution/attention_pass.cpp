// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_pass.h"

#include "engine/execution/linear_stage.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

class AttentionPass
{
public:
    AttentionPass(StepContext& step, std::size_t layer, std::uint32_t rank)
        : m_step(step), m_config(step.config()), m_plan(step.plans[step.planOfLayer[layer]]), m_layer(layer),
          m_rank(rank), m_headDim(m_config.headDim), m_group(m_config.heads / m_config.kvHeads),
          m_scratch(step.work.scratch(rank).attention, std::max<std::int64_t>(kAttentionRows, m_group),
                    m_headDim)
    {}

    void run()
    {
        together([this] { computeShare(); });
        if (m_plan.split)
            together([this] { mergeShare(); });
        if (!headsFillGroups())
            together([this] { convertShare(); });
    }

private:
    template<class Work>
    void together(Work&& work) const
    {
        m_step.together(Operation::Attention, m_rank, m_step.part.layers().first + m_layer, work);
    }

    void computeShare()
    {
        std::atomic<std::uint32_t>& next = m_step.nextUnit[m_layer];
        for (std::size_t first = m_plan.unitsTogether * next++; first < m_plan.units.size();
             first = m_plan.unitsTogether * next++)
            computeUnits(first, std::min(first + m_plan.unitsTogether, m_plan.units.size()));
        if (m_step.mass.wanted(m_layer))
            measureShare();
    }

    cpu::AttentionQueries queries(const AttentionUnit& unit) const
    {
        return queries(unit, m_plan.tiles[unit.tile]);
    }

    cpu::AttentionQueries queries(const AttentionUnit& unit, const QueryTile& tile) const
    {
        cpu::AttentionQueries queries;
        queries.tokenStride = (m_config.heads + 2 * static_cast<std::int64_t>(m_config.kvHeads)) * m_headDim;
        queries.q =
            m_step.work.qkv + tile.firstToken * queries.tokenStride + unit.kvHead * m_group * m_headDim;
        queries.tokens = tile.tokens;
        queries.group = m_group;
        queries.headDim = m_headDim;
        queries.firstPosition = tile.firstPosition;
        queries.window = m_config.layers[m_layer].slidingWindow;
        queries.scale = m_config.attentionScale;
        queries.softCap = m_config.attentionSoftCap;
        const std::vector<float>& sinks = m_step.weights.layers[m_layer].sinks;
        queries.sinks = sinks.empty() ? nullptr : sinks.data() + unit.kvHead * m_group;
        return queries;
    }

    cpu::PagedKeys keys(const AttentionUnit& unit) const
    {
        return keys(unit.kvHead, m_plan.tiles[unit.tile].sequence);
    }

    cpu::PagedKeys keys(std::int64_t kvHead, std::size_t sequence) const
    {
        return m_step.kv.keys(m_step.pages.layerInPage(m_layer), static_cast<std::size_t>(kvHead),
                              m_step.pages.table(m_layer, sequence));
    }

    cpu::AttentionState sharedState(std::size_t row) const
    {
        const cpu::AttentionState& states = m_step.work.states;
        return {states.maxima + row, states.sums + row,
                states.outputs + row * static_cast<std::size_t>(cpu::paddedDim(m_headDim))};
    }

    /// A thread that takes parts of the same keys in turn finds the next ones on their way.
    void computeUnits(std::size_t first, std::size_t end)
    {
        for (std::size_t index = first; index < end; ++index) {
            const std::size_t nextRun = end + (m_step.pool.size() - 1) * m_plan.unitsTogether;
            const std::size_t later = index + 1 < end ? index + 1 : nextRun;
            const AttentionUnit& next = m_plan.units[std::min(later, m_plan.units.size() - 1)];
            const cpu::AttentionQueries nextQueries = queries(next);
            const cpu::PagedKeys nextKeys = keys(next);
            const cpu::AttentionAhead ahead{nextQueries, nextKeys, next.firstPartition};
            const AttentionUnit& unit = m_plan.units[index];
            m_plan.split ? computePartition(unit, ahead) : computeWhole(unit, ahead);
        }
    }

    void computeWhole(const AttentionUnit& unit, const cpu::AttentionAhead& ahead)
    {
        const cpu::AttentionQueries q = queries(unit);
        const cpu::AttentionOperations& operations = m_step.operations.attention;
        cpu::gatherQueries(operations, q, m_scratch);
        for (std::int64_t p = unit.firstPartition; p < unit.endPartition; ++p) {
            const bool first = p == unit.firstPartition, last = p + 1 == unit.endPartition;
            const cpu::PagedKeys own = keys(unit);
            const cpu::AttentionAhead following{q, own, p + 1};
            cpu::attendPartition(operations, q, own, p, m_scratch,
                                 first ? m_scratch.whole : m_scratch.partition, last ? &ahead : &following);
            if (!first)
                cpu::mergeState(operations, m_scratch.whole, m_scratch.partition, q.rows(), m_headDim);
        }
        finish(unit);
    }

    void computePartition(const AttentionUnit& unit, const cpu::AttentionAhead& ahead)
    {
        const cpu::AttentionQueries q = queries(unit);
        cpu::gatherQueries(m_step.operations.attention, q, m_scratch);
        cpu::attendPartition(m_step.operations.attention, q, keys(unit), unit.firstPartition, m_scratch,
                             sharedState(unit.stateRow), &ahead);
    }

    void mergeShare()
    {
        const auto groups = static_cast<std::int64_t>(m_plan.groups.size()) - 1;
        const Range mine = shareOf(groups, m_rank, m_step.pool.size());
        for (std::int64_t g = mine.begin; g < mine.end; ++g) {
            const std::size_t first = m_plan.groups[static_cast<std::size_t>(g)];
            const std::size_t end = m_plan.groups[static_cast<std::size_t>(g) + 1];
            const std::int64_t rows = queries(m_plan.units[first]).rows();
            cpu::clearState(m_scratch.whole, rows, m_headDim);
            for (std::size_t unit = first; unit < end; ++unit)
                cpu::mergeState(m_step.operations.attention, m_scratch.whole,
                                sharedState(m_plan.units[unit].stateRow), rows, m_headDim);
            finish(m_plan.units[first]);
        }
    }

    /// Attention by block of the last tokens that somebody wants to know it of: a plain second pass.
    void measureShare()
    {
        const std::int64_t kvHeads = m_config.kvHeads;
        const auto rows = static_cast<std::int64_t>(m_step.mass.rows());
        const Range mine = shareOf(rows * kvHeads, m_rank, m_step.pool.size());
        std::vector<float> scores;
        for (std::int64_t i = mine.begin; i < mine.end; ++i) {
            const auto row = static_cast<std::size_t>(i / kvHeads);
            const std::size_t sequence = m_step.mass.sequence(row);
            AttentionUnit unit;
            unit.kvHead = i % kvHeads;
            const QueryTile last{sequence, m_step.batch.queryStart[sequence + 1] - 1, 1,
                                 m_step.batch.contextLengths[sequence] - 1};
            const cpu::AttentionQueries q = queries(unit, last);
            cpu::gatherQueries(m_step.operations.attention, q, m_scratch);
            scores.resize(static_cast<std::size_t>(q.rows() * q.endKey()));
            cpu::scoreKeys(m_step.operations.attention, q, keys(unit.kvHead, sequence), m_scratch,
                           scores.data());
            m_step.mass.add(row, m_layer, static_cast<std::size_t>(unit.kvHead), scores,
                            static_cast<std::size_t>(m_group), q.sinks);
        }
    }

    /// The output columns of one KV head's queries are whole quantisation groups.
    bool headsFillGroups() const { return m_group * m_headDim % cpu::kActivationGroup == 0; }

    void finish(const AttentionUnit& unit)
    {
        const QueryTile& tile = m_plan.tiles[unit.tile];
        const Activations& out = m_step.work.attended;
        const std::int64_t column = unit.kvHead * m_group * m_headDim;
        cpu::AttentionQueries target = queries(unit);
        target.tokenStride = out.columns;
        cpu::writeOutputs(target, m_scratch.whole, out.row(tile.firstToken) + column);
        if (!headsFillGroups())
            return;
        for (std::int64_t token = tile.firstToken; token < tile.firstToken + tile.tokens; ++token)
            convertColumns(m_step.operations, out, token, out.row(token) + column, column,
                           column + m_group * m_headDim);
    }

    void convertShare()
    {
        const Activations& out = m_step.work.attended;
        const Range mine = shareOf(m_step.tokens(), m_rank, m_step.pool.size());
        for (std::int64_t token = mine.begin; token < mine.end; ++token)
            convertColumns(m_step.operations, out, token, out.row(token), 0, out.columns);
    }

    StepContext& m_step;
    const ModelConfig& m_config;
    const AttentionPlan& m_plan;
    std::size_t m_layer;
    std::uint32_t m_rank;
    std::int64_t m_headDim, m_group;
    cpu::AttentionScratch m_scratch;
};

} // namespace

void attend(StepContext& step, std::size_t layer, std::uint32_t rank)
{
    AttentionPass(step, layer, rank).run();
}

} // namespace vitrine::engine
