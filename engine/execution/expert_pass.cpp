// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/expert_pass.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/execution/gated_product.h"
#include "engine/execution/linear_stage.h"
#include "engine/execution/rank_sum.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

// Tokens that go through the router together: their rows stay in the second-level cache.
constexpr std::int64_t kRouterTokens = 32;
// Reading a panel takes about as long as multiplying it with so many rows.
constexpr std::int64_t kReadingRows = 4;

class ExpertPass
{
public:
    ExpertPass(StepContext& step, std::size_t layer, std::uint32_t rank)
        : m_step(step), m_config(step.config()), m_experts(m_config.experts), m_work(step.work),
          m_room(step.work.experts), m_weights(step.weights.layers[layer]),
          m_first(step.part.shard().experts.first), m_layer(layer), m_rank(rank), m_ranks(step.pool.size()),
          m_sum(step.ranks == nullptr ? m_work.residual : m_work.projected)
    {
        VT_CHECK(!m_config.sandwichNorms); // no family has both
    }

    void run()
    {
        route();
        together(Operation::Router, [this] { group(); });
        together(Operation::Router, [this] { fillRows(); });
        together(Operation::GateUp, [this] { multiplyInner(); });
        together(Operation::Down, [this] { addOutputs(); });
        if (m_step.ranks != nullptr)
            sumOverProcesses();
    }

private:
    template<class Work>
    void together(Operation operation, Work&& work)
    {
        m_step.together(operation, m_rank, m_step.part.layers().first + m_layer, work);
    }

    /// With a token or more for each rank no rank needs another's rows to choose; with fewer the router's
    /// matrix is shared out instead.
    bool ranksHaveTokens() const { return m_step.tokens() >= m_ranks; }

    void route()
    {
        if (ranksHaveTokens()) {
            normalize();
            m_step.clock.ended(Operation::Norm, m_rank);
            together(Operation::Router, [this] {
                m_step.eachOwn(m_rank, [this](Range own) {
                    score(own, {0, m_experts.count});
                    choose(own);
                });
            });
            return;
        }
        together(Operation::Norm, [this] { normalize(); });
        together(Operation::Router, [this] {
            score({0, m_step.tokens()}, shareOf(m_experts.count, m_rank, m_ranks));
        });
    }

    void normalize()
    {
        m_step.eachOwn(m_rank, [this](Range own) {
            for (std::int64_t token = own.begin; token < own.end; ++token)
                m_step.operations.vector.rmsNorm(m_work.residual + token * m_config.hidden,
                                                 m_weights.ffnNorm.data(), m_config.hidden,
                                                 m_config.normEpsilon, m_work.normed.row(token));
        });
    }

    /// Router logits of these tokens for these experts.
    void score(Range tokens, Range experts)
    {
        for (std::int64_t token = tokens.begin; token < tokens.end; token += kRouterTokens)
            cpu::linearPrecise(m_step.operations.isa, kernels::QuantType::F32,
                               reinterpret_cast<const std::uint8_t*>(m_weights.router.data()),
                               m_config.hidden, experts.begin, experts.end, m_work.normed.row(token),
                               std::min(kRouterTokens, tokens.end - token),
                               m_room.logits + token * m_experts.count, m_experts.count, false,
                               m_work.scratch(m_rank).weightRow);
    }

    void choose(Range tokens)
    {
        for (std::int64_t token = tokens.begin; token < tokens.end; ++token) {
            float* logits = m_room.logits + token * m_experts.count;
            if (!m_weights.routerBias.empty())
                m_step.operations.vector.add(logits, m_weights.routerBias.data(), m_experts.count);
            chooseExperts(m_experts, logits,
                          {m_room.choices + token * m_experts.perToken, m_experts.perToken});
        }
    }

    void group()
    {
        if (m_rank != 0)
            return;
        if (!ranksHaveTokens())
            choose({0, m_step.tokens()});
        const auto count = static_cast<std::size_t>(m_step.tokens()) * m_experts.perToken;
        m_room.used =
            groupByExpert(m_experts, {m_room.choices, count}, m_room.input.inTiles ? cpu::kTileTokens : 1,
                          m_room.firstRows, m_room.rows, m_room.runs);
        if (m_step.ranks != nullptr)
            keepOwn();
    }

    /// The runs of the experts that this process has: they follow each other.
    void keepOwn()
    {
        const auto isBefore = [](const ExpertRun& run, std::size_t expert) { return run.expert < expert; };
        const auto first = std::lower_bound(m_room.used.begin(), m_room.used.end(), m_first, isBefore);
        const auto end =
            std::lower_bound(first, m_room.used.end(), m_first + m_weights.experts.size(), isBefore);
        m_room.used = {first, end};
    }

    const CpuExpert& expertOf(const ExpertRun& run) const { return m_weights.experts[run.expert - m_first]; }
    /// The expert's row of a table [experts here, columns]; null: there is none.
    const float* biasOf(const std::vector<float>& table, const ExpertRun& run) const
    {
        const std::size_t columns = table.size() / m_weights.experts.size();
        return table.empty() ? nullptr : table.data() + (run.expert - m_first) * columns;
    }

    /// As after attention's output: what a token gets of experts elsewhere comes with the sum.
    void sumOverProcesses()
    {
        together(Operation::Reduce, [this] {
            if (m_rank == 0)
                m_step.ranks->sum({m_sum, static_cast<std::size_t>(m_step.tokens()) * m_config.hidden});
        });
        m_step.eachOwn(m_rank, [this](Range own) {
            m_step.operations.vector.add(m_work.residual + own.begin * m_config.hidden,
                                         m_sum + own.begin * m_config.hidden,
                                         (own.end - own.begin) * m_config.hidden);
        });
        // No barrier: what follows reads the residual rows of the rank's own tokens only.
    }

    /// Each row of the experts' input, in the form that their products take.
    void fillRows()
    {
        if (m_step.ranks != nullptr)
            m_step.eachOwn(m_rank, [this](Range own) {
                std::fill_n(m_sum + own.begin * m_config.hidden, (own.end - own.begin) * m_config.hidden,
                            0.0F);
            });
        if (m_room.used.empty() || !m_weights.experts.front().gate.isPacked())
            return; // gather() does it
        const Range mine = shareOf(m_room.used.back().end(), m_rank, m_ranks);
        for (const ExpertRun& run : m_room.used)
            for (std::int64_t row = std::max(run.first, mine.begin); row < std::min(run.end(), mine.end);
                 ++row)
                convertColumns(m_step.operations, m_room.input, row,
                               m_work.normed.row(m_room.rows[row].token), 0, m_config.hidden);
    }

    /// This rank's column groups of all experts in a row, by what they cost.
    void multiplyInner()
    {
        const std::int64_t units = (m_experts.ffn + kFfnColumns - 1) / kFfnColumns;
        const auto costOf = [](const ExpertRun& run) { return run.count + kReadingRows; };
        std::int64_t total = 0;
        for (const ExpertRun& run : m_room.used)
            total += costOf(run) * units;
        const Range cut = shareOf(total, m_rank, m_ranks);
        std::int64_t start = 0;
        for (const ExpertRun& run : m_room.used) {
            const std::int64_t cost = costOf(run);
            const auto unitsBefore = [&](std::int64_t at) {
                return std::clamp<std::int64_t>((at - start + cost / 2) / cost, 0, units);
            };
            multiplyRun(run, {unitsBefore(cut.begin), unitsBefore(cut.end)});
            start += cost * units;
        }
    }

    void multiplyRun(const ExpertRun& run, Range units)
    {
        if (units.begin >= units.end)
            return;
        const CpuExpert& expert = expertOf(run);
        const GatedProduct product{expert.gate,
                                   expert.up,
                                   expert.down,
                                   m_room.inner,
                                   biasOf(m_weights.expertGateBias, run),
                                   biasOf(m_weights.expertUpBias, run)};
        const bool packed = expert.gate.isPacked() && expert.up.isPacked();
        const std::int64_t together = m_room.input.inTiles && packed ? kFfnTileRows : kFfnRows;
        for (std::int64_t row = run.first; row < run.end(); row += together) {
            const std::int64_t count = std::min(together, run.end() - row);
            const Activations floats = packed ? Activations{} : gather(row, count);
            const RowsOf rows = packed ? RowsOf{m_room.input, row, count} : RowsOf{floats, 0, count};
            for (std::int64_t unit = units.begin; unit < units.end; ++unit)
                multiplyGated(m_step, m_rank, product, rows, unit, row);
        }
    }

    /// The normed rows of these one after the other, for products that read float32.
    Activations gather(std::int64_t first, std::int64_t count)
    {
        Activations floats;
        floats.columns = m_config.hidden;
        floats.values = m_work.scratch(m_rank).expertInput;
        for (std::int64_t row = 0; row < count; ++row)
            std::copy_n(m_work.normed.row(m_room.rows[first + row].token), m_config.hidden, floats.row(row));
        return floats;
    }

    /// sum += weight * (down · inner), expert after expert: each rank its own columns of all rows, so
    /// that the order of a sum does not depend on who computes.
    void addOutputs()
    {
        const CpuMatrix& any = m_weights.experts.front().down;
        const Range panels = shareOf(any.panels(), m_rank, m_ranks);
        const std::int64_t together = m_room.inner.inTiles && any.isPacked() ? kFfnTileRows : kFfnRows;
        for (const ExpertRun& run : m_room.used)
            for (std::int64_t row = run.first; row < run.end(); row += together)
                addRows(run, row, std::min(together, run.end() - row), panels);
    }

    void addRows(const ExpertRun& run, std::int64_t first, std::int64_t count, Range panels)
    {
        const CpuMatrix& down = expertOf(run).down;
        const float* bias = biasOf(m_weights.expertDownBias, run);
        const ThreadScratch& scratch = m_work.scratch(m_rank);
        const std::int64_t together = kFfnTileRows * kFfnColumns / cpu::kPanelRows / count / 2 * 2;
        for (std::int64_t panel = panels.begin; panel < panels.end; panel += together) {
            const std::int64_t end = std::min(panel + together, panels.end);
            const std::int64_t column = panel * cpu::kPanelRows;
            const std::int64_t columns = std::min(end * cpu::kPanelRows, down.rows()) - column;
            multiplyBlock(m_step.operations, down, m_room.inner, first, count, panel, end, scratch.gate,
                          columns, false, scratch.weightRow);
            for (std::int64_t row = 0; row < count; ++row) {
                float* out = scratch.gate + row * columns;
                if (bias != nullptr)
                    m_step.operations.vector.add(out, bias + column, columns);
                addWeighted(m_room.rows[first + row], out, column, columns);
            }
        }
    }

    void addWeighted(const ExpertRow& row, float* x, std::int64_t column, std::int64_t columns)
    {
        m_step.operations.vector.scale(x, row.weight, columns);
        m_step.operations.vector.add(m_sum + row.token * std::int64_t{m_config.hidden} + column, x, columns);
    }

    StepContext& m_step;
    const ModelConfig& m_config;
    const ExpertConfig& m_experts;
    Workspace& m_work;
    ExpertRoom& m_room;
    const CpuLayer& m_weights;
    std::size_t m_first; ///< expert of this process
    std::size_t m_layer;
    std::uint32_t m_rank, m_ranks; ///< of its threads
    float* m_sum;                  ///< [tokens, hidden]: what the experts' outputs are added to
};

} // namespace

void runExperts(StepContext& step, std::size_t layer, std::uint32_t rank)
{
    ExpertPass(step, layer, rank).run();
}

} // namespace vitrine::engine
