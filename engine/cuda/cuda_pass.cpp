// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_pass.h"

#include "engine/cuda/cuda_experts.h"
#include "engine/cuda/gate_kind.h"
#include "engine/cuda/residual_rows.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "kernels/cuda/best_token.h"
#include "kernels/cuda/embedding.h"
#include "kernels/cuda/fed_tokens.h"
#include "kernels/cuda/gate.h"
#include "kernels/cuda/part_norm.h"
#include "kernels/cuda/rope.h"
#include "kernels/cuda/row_bias.h"
#include "kernels/cuda/sample.h"
#include "kernels/cuda/soft_cap.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::Status;

namespace {

/// Calls queue until one fails; the first failure is the pass's.
class Pass
{
public:
    Pass(const PassContext& context, cuda::Stream stream)
        : m_context(context), m_config(context.config), m_work(context.work), m_shape(context.inputs.shape()),
          m_stream(stream), m_rows(m_config, m_work, m_shape.tokens, stream), m_headDim(m_config.headDim),
          m_qkvColumns((m_config.heads + 2 * std::int64_t{m_config.kvHeads}) * m_headDim)
    {}

    Status run()
    {
        step(NvtxName::Embed, 0, [this] { return embed(); });
        for (std::size_t layer = 0; layer < m_config.layers.size(); ++layer)
            runLayer(layer);
        if (m_context.result == StepResult::Hidden)
            step(NvtxName::Down, m_config.layers.size() - 1, [this] { return finishRows(); });
        else if (m_shape.rows > 0)
            step(NvtxName::Head, 0, [this] { return head(); });
        return m_status;
    }

private:
    template<class Work>
    void step(NvtxName name, std::size_t layer, Work&& work)
    {
        if (!m_status)
            return;
        const NvtxRange range(name, m_context.firstLayer + layer);
        m_status = work();
    }

    /// The residual rows that the layers begin with.
    Status begin()
    {
        if (m_shape.hidden > 0)
            return cuda::copyBytes(m_work.residual(), m_context.inputs.hidden(),
                                   static_cast<std::size_t>(m_shape.tokens * m_shape.hidden) * sizeof(float),
                                   m_stream);
        const DeviceMatrix& table = m_context.weights.embedding;
        Status status;
        if (m_context.fed)
            status =
                cuda::takeFedTokens(m_context.inputs.fedTokens(), m_shape.tokens, m_work.tokens(), m_stream);
        if (status)
            status =
                cuda::gatherEmbeddings(table.type, table.data, table.columns, m_context.inputs.tokenIds(),
                                       m_shape.tokens, m_config.embeddingScale, m_work.residual(), m_stream);
        return status;
    }

    Status embed()
    {
        Status status = begin();
        const auto half = static_cast<std::int64_t>(m_context.rope.dim() / 2);
        for (std::size_t kind = 0; kind < m_context.rope.kinds() && status; ++kind)
            status = cuda::ropeAngles(m_context.frequencies + static_cast<std::int64_t>(kind) * half, half,
                                      m_context.rope.magnitude(kind), m_context.inputs.positions(),
                                      m_shape.tokens, m_work.angles(static_cast<int>(kind)), m_stream);
        return status;
    }

    void runLayer(std::size_t index)
    {
        const DeviceLayer& layer = m_context.weights.layers[index];
        step(NvtxName::Qkv, index, [&] { return projectQkv(index); });
        step(NvtxName::StoreKv, index, [&] { return rotateAndStore(index); });
        step(NvtxName::Attention, index, [&] { return attend(index); });
        step(NvtxName::Output, index, [&] {
            return multiply({m_work.attended(), m_shape.tokens, m_config.heads * m_headDim},
                            {{layer.output, {m_work.number(), m_work.projected(), m_config.hidden}}});
        });
        addRanks(index);
        step(NvtxName::GateUp, index, [&] { return gateUp(layer); });
        step(NvtxName::Down, index, [&] { return down(layer); });
        addRanks(index);
    }

    /// What each rank has of a projection becomes the whole one.
    void addRanks(std::size_t layer)
    {
        if (m_context.group == nullptr)
            return;
        step(NvtxName::Reduce, layer, [this] {
            return m_context.group->sum(m_work.projected(), m_shape.tokens * m_config.hidden, m_work.number(),
                                        m_stream);
        });
    }

    Status multiply(const LinearInput& input, std::initializer_list<CudaLinear::Product> products)
    {
        return m_context.linear.multiply(input, products, m_stream);
    }

    Status projectQkv(std::size_t index)
    {
        const DeviceLayer& layer = m_context.weights.layers[index];
        const Delta before =
            index == 0 ? Delta{} : Delta::afterFeedForward(m_context.weights.layers[index - 1]);
        if (const Status ready = m_rows.toInput(before, layer.attentionNorm); !ready)
            return ready;
        const std::size_t number = cuda::numberBytes(m_work.number());
        auto* q = static_cast<std::uint8_t*>(m_work.qkv());
        std::uint8_t* k = q + static_cast<std::size_t>(layer.q.rows) * number;
        std::uint8_t* v = k + static_cast<std::size_t>(layer.k.rows) * number;
        return multiply({m_work.normed(), m_shape.tokens, m_config.hidden},
                        {{layer.q, {m_work.number(), q, m_qkvColumns}},
                         {layer.k, {m_work.number(), k, m_qkvColumns}},
                         {layer.v, {m_work.number(), v, m_qkvColumns}}});
    }

    /// All heads of the queries together, and all of the keys; their biases before it.
    Status normalizeWide(const DeviceLayer& layer)
    {
        const std::int64_t queries = m_config.heads * m_headDim, keys = m_config.kvHeads * m_headDim;
        auto* q = static_cast<std::uint8_t*>(m_work.qkv());
        std::uint8_t* k = q + static_cast<std::size_t>(queries) * cuda::numberBytes(m_work.number());
        const auto part = [this](void* rows, std::int64_t columns, const float* bias, const float* weight) {
            if (bias != nullptr)
                if (const Status added = cuda::addRowBias(
                        {rows, m_work.number(), m_shape.tokens, columns, m_qkvColumns, bias, nullptr},
                        m_stream);
                    !added)
                    return added;
            return cuda::normalizePart(
                {rows, m_work.number(), m_shape.tokens, columns, m_qkvColumns, weight, m_config.normEpsilon},
                m_stream);
        };
        const Status status = part(q, queries, layer.qBias, layer.qNorm);
        return status ? part(k, keys, layer.kBias, layer.kNorm) : status;
    }

    Status rotateAndStore(std::size_t index)
    {
        const DeviceLayer& layer = m_context.weights.layers[index];
        if (m_config.wideQkNorm)
            if (const Status normed = normalizeWide(layer); !normed)
                return normed;
        const int kind = m_context.rope.kind(index);
        cuda::RotateStep step;
        step.qkv = m_work.qkv();
        step.number = m_work.number();
        step.tokens = m_shape.tokens;
        step.heads = m_config.heads;
        step.qBias = m_config.wideQkNorm ? nullptr : layer.qBias;
        step.kBias = m_config.wideQkNorm ? nullptr : layer.kBias;
        step.vBias = layer.vBias;
        step.qNorm = m_config.qkNorm ? layer.qNorm : nullptr;
        step.kNorm = m_config.qkNorm ? layer.kNorm : nullptr;
        step.epsilon = m_config.normEpsilon;
        step.angles = kind < 0 ? nullptr : m_work.angles(kind);
        step.rotated = m_config.rotated();
        step.pairs = m_config.ropePairing == RopePairing::Halves ? cuda::RopePairs::Halves
                                                                 : cuda::RopePairs::Interleaved;
        step.slots = m_context.inputs.slots(m_context.columns.column[index]);
        step.kv = m_context.kv;
        step.layer = m_context.columns.inPage[index];
        return cuda::rotateAndStore(step, m_stream);
    }

    Status attend(std::size_t index)
    {
        const AttentionWay& way = m_context.way;
        cuda::AttentionStep step = attention(index);
        Status status;
        step.sequences = way.decoding;
        step.tokens = way.decoding;
        if (way.decoding > 0)
            status = cuda::attendDecode(step, way.splits, m_work.attention(), m_stream);
        step.sequences = m_shape.sequences - way.decoding;
        step.tokens = m_shape.tokens - way.decoding;
        step.longestQuery = way.longestQuery;
        step.queryStart += way.decoding;
        step.contextLengths += way.decoding;
        step.pageTable += way.decoding * step.tableRow;
        if (status && step.sequences > 0)
            status = cuda::attendPrefill(step, m_stream);
        return status;
    }

    cuda::AttentionStep attention(std::size_t index) const
    {
        cuda::AttentionStep step;
        step.qkv = m_work.qkv();
        step.out = m_work.attended();
        step.number = m_work.number();
        step.heads = m_config.heads;
        step.scale = m_config.attentionScale;
        step.softCap = m_config.attentionSoftCap;
        step.window = m_config.layers[index].slidingWindow;
        step.sinks = m_context.weights.layers[index].sinks;
        step.kv = m_context.kv;
        step.layer = m_context.columns.inPage[index];
        step.longestQuery = 1;
        step.longestContext = m_context.way.longestContext;
        step.queryStart = m_context.inputs.queryStart();
        step.contextLengths = m_context.inputs.contextLengths();
        step.pageTable = m_context.inputs.table(m_context.columns.column[index]);
        step.tableRow = m_shape.tableRow;
        return step;
    }

    Status gateUp(const DeviceLayer& layer)
    {
        float* exact = layer.router != nullptr ? CudaExperts::routerInput(m_work) : nullptr;
        if (const Status ready = m_rows.toInput(Delta::afterAttention(layer), layer.ffnNorm, exact); !ready)
            return ready;
        if (layer.router != nullptr)
            return CudaExperts(experts(layer), m_stream).gateUp();
        const std::int64_t ffn = m_config.ffn;
        auto* gate = static_cast<std::uint8_t*>(m_work.gateUp());
        std::uint8_t* up = gate + static_cast<std::size_t>(ffn) * cuda::numberBytes(m_work.number());
        const Status multiplied = multiply(
            {m_work.normed(), m_shape.tokens, m_config.hidden},
            {{layer.gate, {m_work.number(), gate, 2 * ffn}}, {layer.up, {m_work.number(), up, 2 * ffn}}});
        Status status = multiplied ? addBias(layer.gateBias, gate, ffn) : multiplied;
        if (status)
            status = addBias(layer.upBias, up, ffn);
        if (!status)
            return status;
        return cuda::gate(gateKindOf(m_config.activation), m_work.number(), m_work.gateUp(), m_shape.tokens,
                          ffn, m_work.gated(), m_stream);
    }

    /// To half a row of work.gateUp(). Null: none.
    Status addBias(const float* bias, void* rows, std::int64_t ffn)
    {
        if (bias == nullptr)
            return {};
        return cuda::addRowBias({rows, m_work.number(), m_shape.tokens, ffn, 2 * ffn, bias, nullptr},
                                m_stream);
    }

    Status down(const DeviceLayer& layer)
    {
        if (layer.router != nullptr)
            return CudaExperts(experts(layer), m_stream).down();
        return multiply({m_work.gated(), m_shape.tokens, m_config.ffn},
                        {{layer.down, {m_work.number(), m_work.projected(), m_config.hidden}}});
    }

    ExpertStep experts(const DeviceLayer& layer) const
    {
        return {m_config,
                layer,
                m_work,
                m_context.inputs.slots(0),
                m_shape.tokens,
                m_context.linear.onePath(),
                m_context.group != nullptr ? m_context.group->shard().experts : ShardRange{}};
    }

    /// What the last layer gave goes into the residual rows: another executor has the head.
    Status finishRows() { return m_rows.add(Delta::afterFeedForward(m_context.weights.layers.back())); }

    Status head()
    {
        const DeviceWeights& weights = m_context.weights;
        const Delta last = weights.layers.empty() ? Delta{} : Delta::afterFeedForward(weights.layers.back());
        const Status normed = m_rows.toHead(last, weights.outputNorm, m_context.inputs.rows(), m_shape.rows);
        if (!normed)
            return normed;
        const Status multiplied =
            multiply({m_work.headInput(), m_shape.rows, m_config.hidden},
                     {{weights.head, {cuda::Number::F32, m_work.logits(), m_work.logitColumns()}}});
        if (m_context.group == nullptr || !multiplied)
            return multiplied ? chooseTokens() : multiplied;
        return headOfRank();
    }

    /// Rank 0 chooses; the others learn the tokens, which the next step may begin with.
    Status headOfRank()
    {
        DeviceGroup& group = *m_context.group;
        Status status =
            group.gatherLogits(m_work.logits(), m_shape.rows, m_config.vocab, m_work.gathered(), m_stream);
        if (status && group.shard().rank == 0)
            status = chooseTokens();
        if (status && m_context.result != StepResult::Logits)
            status = group.shareTokens(m_work.tokens(), m_shape.rows, m_stream);
        return status;
    }

    Status chooseTokens()
    {
        if (m_config.logitSoftCap > 0.0F) {
            const Status capped = cuda::softCap(m_work.logits(), m_shape.rows * std::int64_t{m_config.vocab},
                                                m_config.logitSoftCap, m_stream);
            if (!capped)
                return capped;
        }
        switch (m_context.result) {
        case StepResult::Best:
            return cuda::bestTokens(m_work.logits(), m_shape.rows, m_config.vocab, m_work.tokens(), m_stream);
        case StepResult::Chosen:
            return sample();
        case StepResult::Logits:
        case StepResult::Hidden:
            break;
        }
        return {};
    }

    Status sample()
    {
        cuda::SampleStep step;
        step.logits = m_work.logits();
        step.rows = m_shape.rows;
        step.vocab = m_config.vocab;
        step.settings = m_context.inputs.choices();
        step.adjustments = m_context.inputs.adjustments();
        step.inputs = m_context.inputs.tokenIds();
        step.notes = m_work.notes();
        step.tokens = m_work.tokens();
        step.reports = m_work.reports();
        step.alternatives = m_shape.alternatives;
        return cuda::sampleRows(step, m_stream);
    }

    const PassContext& m_context;
    const ModelConfig& m_config;
    const CudaWorkspace& m_work;
    const StepShape& m_shape;
    cuda::Stream m_stream;
    ResidualRows m_rows;
    std::int64_t m_headDim, m_qkvColumns;
    Status m_status;
};

} // namespace

Status queuePass(const PassContext& context, cuda::Stream stream)
{
    return Pass(context, stream).run();
}

} // namespace vitrine::engine
