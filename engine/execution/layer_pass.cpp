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
          m_vector(step.operations.vector), m_layer(layer), m_rank(rank), m_headDim(m_config.headDim),
          m_ropeDim(m_config.rotated()),
          m_qkvColumns((m_config.heads + 2 * static_cast<std::int64_t>(m_config.kvHeads)) * m_headDim)
    {}

    /// False: the step is stopped.
    bool run()
    {
        together(Operation::Norm, [this] { normalize(m_weights.attentionNorm); });
        if (isStopped())
            return false;
        together(Operation::Qkv, [this] { projectQkv(); });
        prepareSum();
        together(Operation::StoreKv, [this] { rotateAndStore(); });
        attend(m_step, m_layer, m_rank);
        addProduct({m_weights.output, m_work.attended, m_weights.outputBias, m_weights.postAttentionNorm},
                   Operation::Output);
        if (m_config.layers[m_layer].hasExperts) {
            runExperts(m_step, m_layer, m_rank);
            return true;
        }
        together(Operation::Norm, [this] { normalize(m_weights.ffnNorm); });
        if (isStopped())
            return false;
        prepareSum();
        together(Operation::GateUp, [this] { computeGated(); });
        addProduct({m_weights.down, m_work.gated, m_weights.downBias, m_weights.postFfnNorm},
                   Operation::Down);
        return true;
    }

private:
    template<class Work>
    void together(Operation operation, Work&& work)
    {
        m_step.together(operation, m_rank, m_step.part.layers().first + m_layer, work);
    }

    template<class Work>
    void eachOwnToken(Work&& work)
    {
        m_step.eachOwn(m_rank, [&](Range own) {
            for (std::int64_t token = own.begin; token < own.end; ++token)
                work(token);
        });
    }

    bool isStopped() const { return m_step.ranks != nullptr && m_step.ranks->stopped(); }
    /// Long enough after the sum before and a barrier before the product, whose threads write to it.
    void prepareSum()
    {
        if (m_step.ranks != nullptr && m_rank == 0)
            m_step.ranks->prepare(m_step.tokens(), m_config.hidden, m_step.pool.size());
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
        eachOwnToken([&](std::int64_t token) {
            float* out = m_work.normed.row(token);
            const float* residual = m_work.residual + token * m_config.hidden;
            if (m_config.preNorms)
                m_vector.rmsNorm(residual, weight.data(), m_config.hidden, m_config.normEpsilon, out);
            else
                std::copy_n(residual, m_config.hidden, out);
            convertColumns(m_step.operations, m_work.normed, token, out, 0, m_config.hidden);
        });
    }

    void multiply(std::initializer_list<Product> products, const Activations& input)
    {
        multiply(products, input, {0, m_step.tokens()});
    }
    void multiply(std::initializer_list<Product> products, const Activations& input, Range rows)
    {
        multiplyShare(m_step.operations, products, input, rows, m_rank, m_step.pool.size(),
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
        eachOwnToken([this](std::int64_t token) {
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
        });
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

    /// residual += what this is. What follows reads the residual rows of the rank's own tokens only: they
    /// need no barrier.
    void addProduct(const Addend& addend, Operation operation)
    {
        if (!m_config.sandwichNorms && m_step.ranks == nullptr) {
            together(operation, [&] {
                multiply({{addend.matrix, m_work.residual, m_config.hidden, true}}, addend.input);
            });
            if (!addend.bias.empty())
                eachOwnToken([&](std::int64_t token) { addBias(addend, residualOf(token)); });
            return;
        }
        if (m_step.ranks != nullptr && m_step.ranks->pieces() != nullptr)
            return addPieces(addend, operation);
        together(operation, [&] {
            multiply({{addend.matrix, m_work.projected, m_config.hidden}}, addend.input);
        });
        if (m_step.ranks != nullptr)
            together(Operation::Reduce, [&] { sumOverRanks(); });
        eachOwnToken([&](std::int64_t token) { addRow(token, addend); });
    }

    float* residualOf(std::int64_t token) const { return m_work.residual + token * m_config.hidden; }

    void addBias(const Addend& addend, float* row) const
    {
        if (!addend.bias.empty())
            m_vector.add(row, addend.bias.data(), m_config.hidden);
    }

    void addRow(std::int64_t token, const Addend& addend)
    {
        float* out = m_work.projected + token * m_config.hidden;
        addBias(addend, out);
        if (m_config.sandwichNorms)
            m_vector.rmsNorm(out, addend.postNorm.data(), m_config.hidden, m_config.normEpsilon, out);
        m_vector.add(residualOf(token), out, m_config.hidden);
    }

    /// Everybody's pieces that are there by then are added behind each product of the next one.
    void addPieces(const Addend& addend, Operation operation)
    {
        PiecedSum& sum = *m_step.ranks->pieces();
        std::uint32_t added = 0;
        for (std::uint32_t piece = 0; piece < sum.pieces(); ++piece) {
            multiplyPiece(addend, piece, operation);
            while (added < piece && (!hasTokensOf(added) || sum.isThere(added)))
                addPiece(sum, added++, addend);
        }
        m_step.ranks->computed(m_rank);
        while (added < sum.pieces() && (!hasTokensOf(added) || m_step.ranks->await(added, m_rank)))
            addPiece(sum, added++, addend);
        m_step.ranks->leave(m_rank);
        m_step.clock.ended(Operation::Reduce, m_rank);
    }

    void multiplyPiece(const Addend& addend, std::uint32_t piece, Operation operation)
    {
        const NvtxRange range(nvtxNameOf(operation), m_step.part.layers().first + m_layer);
        PiecedSum& sum = *m_step.ranks->pieces();
        const Range rows = m_step.pieceAt(piece);
        multiply({{addend.matrix, sum.room(), m_config.hidden}}, addend.input, rows);
        sum.filled(piece);
        m_step.clock.ended(operation, m_rank);
    }

    bool hasTokensOf(std::uint32_t piece) const
    {
        const Range own = m_step.ownOf(piece, m_rank);
        return own.begin < own.end;
    }

    void addPiece(PiecedSum& sum, std::uint32_t piece, const Addend& addend)
    {
        if (!hasTokensOf(piece))
            return;
        const NvtxRange range(nvtxNameOf(Operation::Reduce), m_step.part.layers().first + m_layer);
        const Range own = m_step.ownOf(piece, m_rank);
        const std::int64_t first = own.begin * m_config.hidden;
        const std::int64_t values = own.end * m_config.hidden - first;
        sum.add(piece, static_cast<std::size_t>(first),
                {m_work.projected + first, static_cast<std::size_t>(values)}, m_rank);
        for (std::int64_t token = own.begin; token < own.end; ++token)
            addRow(token, addend);
        m_step.clock.ended(Operation::Reduce, m_rank);
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
    std::int64_t m_headDim, m_ropeDim, m_qkvColumns;
};

} // namespace

bool runLayer(StepContext& step, std::size_t layer, std::uint32_t rank)
{
    return LayerPass(step, layer, rank).run();
}

} // namespace vitrine::engine
