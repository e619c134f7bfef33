// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/layer_pass.h"

#include <algorithm>

#include "engine/execution/attention_pass.h"
#include "engine/execution/expert_pass.h"
#include "engine/execution/gated_product.h"
#include "engine/execution/linear_stage.h"
#include "engine/execution/rank_sum.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

class LayerPass
{
public:
    LayerPass(StepContext& step, std::size_t layer, std::uint32_t rank)
        : m_step(step), m_config(step.config()), m_work(step.work), m_weights(step.weights.layers[layer]),
          m_vector(step.operations.vector), m_layer(layer), m_rank(rank),
          m_mine(shareOf(step.tokens(), rank, step.pool.size())), m_headDim(m_config.headDim),
          m_ropeDim(m_config.rotated()),
          m_qkvColumns((m_config.heads + 2 * static_cast<std::int64_t>(m_config.kvHeads)) * m_headDim)
    {}

    void run()
    {
        together(Operation::Norm, [this] { normalize(m_weights.attentionNorm); });
        together(Operation::Qkv, [this] { projectQkv(); });
        together(Operation::StoreKv, [this] { rotateAndStore(); });
        attend(m_step, m_layer, m_rank);
        addProduct({m_weights.output, m_work.attended, m_weights.outputBias, m_weights.postAttentionNorm},
                   Operation::Output);
        if (m_config.layers[m_layer].hasExperts) {
            runExperts(m_step, m_layer, m_rank);
            return;
        }
        together(Operation::Norm, [this] { normalize(m_weights.ffnNorm); });
        together(Operation::GateUp, [this] { computeGated(); });
        addProduct({m_weights.down, m_work.gated, m_weights.downBias, m_weights.postFfnNorm},
                   Operation::Down);
    }

private:
    template<class Work>
    void together(Operation operation, Work&& work)
    {
        m_step.together(operation, m_rank, m_step.part.layers().first + m_layer, work);
    }

    /// What goes into the residual rows: matrix · input + bias, normed.
    struct Addend
    {
        const CpuMatrix& matrix;
        const Activations& input;
        const std::vector<float>& bias;     ///< empty: none
        const std::vector<float>& postNorm; ///< with sandwichNorms
    };

    /// Residual rows of this rank's tokens into normed input rows, or as they are where there is no norm.
    void normalize(const std::vector<float>& weight)
    {
        for (std::int64_t token = m_mine.begin; token < m_mine.end; ++token) {
            float* out = m_work.normed.row(token);
            const float* residual = m_work.residual + token * m_config.hidden;
            if (m_config.preNorms)
                m_vector.rmsNorm(residual, weight.data(), m_config.hidden, m_config.normEpsilon, out);
            else
                std::copy_n(residual, m_config.hidden, out);
            convertColumns(m_step.operations, m_work.normed, token, out, 0, m_config.hidden);
        }
    }

    void multiply(std::initializer_list<Product> products, const Activations& input)
    {
        multiplyShare(m_step.operations, products, input, m_step.tokens(), m_rank, m_step.pool.size(),
                      m_work.scratch(m_rank).weightRow);
    }

    void projectQkv()
    {
        float* q = m_work.qkv;
        float* k = q + m_config.heads * m_headDim;
        float* v = k + m_config.kvHeads * m_headDim;
        multiply(
            {{m_weights.q, q, m_qkvColumns}, {m_weights.k, k, m_qkvColumns}, {m_weights.v, v, m_qkvColumns}},
            m_work.normed);
    }

    void rotateAndStore()
    {
        for (std::int64_t token = m_mine.begin; token < m_mine.end; ++token) {
            float* q = m_work.qkv + token * m_qkvColumns;
            float* k = q + m_config.heads * m_headDim;
            if (!m_weights.qkvBias.empty())
                m_vector.add(q, m_weights.qkvBias.data(), m_qkvColumns);
            if (m_config.wideQkNorm) {
                normalizeWide(q, m_weights.qNorm);
                normalizeWide(k, m_weights.kNorm);
            }
            for (std::uint32_t head = 0; head < m_config.heads; ++head)
                rotate(q + head * m_headDim, m_weights.qNorm, token);
            for (std::uint32_t head = 0; head < m_config.kvHeads; ++head)
                rotate(k + head * m_headDim, m_weights.kNorm, token);
            storeKv(token, k);
        }
    }

    void normalizeWide(float* heads, const std::vector<float>& norm)
    {
        m_vector.rmsNorm(heads, norm.data(), static_cast<std::int64_t>(norm.size()), m_config.normEpsilon,
                         heads);
    }

    void rotate(float* head, const std::vector<float>& norm, std::int64_t token)
    {
        if (m_config.qkNorm)
            m_vector.rmsNorm(head, norm.data(), m_headDim, m_config.normEpsilon, head);
        const int kind = m_step.ropeTable.kind(m_layer);
        if (kind < 0)
            return;
        const float* cosines = m_work.rope + (kind * m_step.tokens() + token) * 2 * m_ropeDim;
        const auto turn =
            m_config.ropePairing == RopePairing::Interleaved ? m_vector.ropeInterleaved : m_vector.ropeHalves;
        turn(head, cosines, cosines + m_ropeDim, m_ropeDim);
    }

    void storeKv(std::int64_t token, const float* k)
    {
        const float* v = k + m_config.kvHeads * m_headDim;
        const std::size_t slot = m_step.pages.slot(m_layer, static_cast<std::size_t>(token));
        const std::size_t inPage = m_step.pages.layerInPage(m_layer);
        for (std::uint32_t head = 0; head < m_config.kvHeads; ++head) {
            cpu::storeKeyAndValue(m_step.operations.attention, m_step.kv.layout(), m_step.kv.pool(), inPage,
                                  head, slot, k + head * m_headDim, v + head * m_headDim);
        }
    }

    /// residual += what this is, for the rank's own tokens once all have computed.
    void addProduct(const Addend& addend, Operation operation)
    {
        const bool direct = !m_config.sandwichNorms && m_step.ranks == nullptr;
        float* target = direct ? m_work.residual : m_work.projected;
        together(operation, [&] {
            multiply({{addend.matrix, target, m_config.hidden, direct}}, addend.input);
        });
        if (direct)
            return addBias(addend, target);
        if (m_step.ranks != nullptr)
            together(Operation::Reduce, [&] { sumOverRanks(); });
        addBias(addend, m_work.projected);
        for (std::int64_t token = m_mine.begin; token < m_mine.end; ++token) {
            float* out = m_work.projected + token * m_config.hidden;
            if (m_config.sandwichNorms)
                m_vector.rmsNorm(out, addend.postNorm.data(), m_config.hidden, m_config.normEpsilon, out);
            m_vector.add(m_work.residual + token * m_config.hidden, out, m_config.hidden);
        }
        // No barrier: what follows reads the residual rows of the rank's own tokens only.
    }

    /// To the rows of the rank's own tokens.
    void addBias(const Addend& addend, float* rows)
    {
        if (addend.bias.empty())
            return;
        for (std::int64_t token = m_mine.begin; token < m_mine.end; ++token)
            m_vector.add(rows + token * m_config.hidden, addend.bias.data(), m_config.hidden);
    }

    void sumOverRanks()
    {
        if (m_rank == 0)
            m_step.ranks->sum(
                {m_work.projected, static_cast<std::size_t>(m_step.tokens()) * m_config.hidden});
    }

    /// gated = activation(gate · x) * (up · x)
    void computeGated()
    {
        const GatedProduct product{m_weights.gate,
                                   m_weights.up,
                                   m_weights.down,
                                   m_work.gated,
                                   m_weights.gateBias.empty() ? nullptr : m_weights.gateBias.data(),
                                   m_weights.upBias.empty() ? nullptr : m_weights.upBias.data()};
        const Range mine = shareOf(product.units(), m_rank, m_step.pool.size());
        const std::int64_t together = m_work.normed.inTiles ? kFfnTileRows : kFfnRows;
        for (std::int64_t row = 0; row < m_step.tokens(); row += together) {
            const RowsOf rows{m_work.normed, row, std::min(together, m_step.tokens() - row)};
            for (std::int64_t unit = mine.begin; unit < mine.end; ++unit)
                multiplyGated(m_step, m_rank, product, rows, unit, row);
        }
    }

    StepContext& m_step;
    const ModelConfig& m_config;
    Workspace& m_work;
    const CpuLayer& m_weights;
    const cpu::VectorOperations& m_vector;
    std::size_t m_layer;
    std::uint32_t m_rank;
    Range m_mine; ///< tokens whose rows this rank normalises, rotates and stores
    std::int64_t m_headDim, m_ropeDim, m_qkvColumns;
};

} // namespace

void runLayer(StepContext& step, std::size_t layer, std::uint32_t rank)
{
    LayerPass(step, layer, rank).run();
}

} // namespace vitrine::engine
