// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/families/standard_weights.h"

#include <string>

namespace vitrine::engine {

namespace {

/// The tensors of one layer.
class LayerReader
{
public:
    LayerReader(WeightReader& reader, const ModelConfig& config, std::size_t index)
        : m_reader(reader), m_config(config), m_prefix("blk." + std::to_string(index) + "."),
          m_hidden(config.hidden), m_queries(std::uint64_t{config.heads} * config.headDim),
          m_keys(std::uint64_t{config.kvHeads} * config.headDim),
          m_hasExperts(config.layers[index].hasExperts)
    {}

    LayerWeights read()
    {
        if (m_config.preNorms)
            m_layer.attentionNorm = vector("attn_norm.weight", m_hidden);
        readQkv();
        readQkNorms();
        m_layer.sinks = optionalVector("attn_sinks.weight", m_config.heads);
        m_layer.output = matrix("attn_output.weight", m_hidden, m_queries);
        m_layer.outputBias = optionalVector("attn_output.bias", m_hidden);
        if (m_config.sandwichNorms) {
            m_layer.postAttentionNorm = vector("post_attention_norm.weight", m_hidden);
            m_layer.postFfnNorm = vector("post_ffw_norm.weight", m_hidden);
        }
        if (m_config.preNorms)
            m_layer.ffnNorm = vector(ffnNormName(), m_hidden);
        m_hasExperts ? readExperts() : readFeedForward();
        return m_layer;
    }

private:
    WeightView matrix(const char* name, std::uint64_t rows, std::uint64_t columns)
    {
        return m_reader.matrix(m_prefix + name, rows, columns);
    }
    WeightView vector(const char* name, std::uint64_t size) { return m_reader.vector(m_prefix + name, size); }
    WeightView optionalVector(const char* name, std::uint64_t size)
    {
        return m_reader.optionalVector(m_prefix + name, size);
    }
    WeightView stack(const char* name, std::uint64_t rows, std::uint64_t columns)
    {
        return m_reader.stack(m_prefix + name, m_config.experts.count, rows, columns);
    }
    WeightView optionalTable(const char* name, std::uint64_t columns)
    {
        return m_reader.optionalMatrix(m_prefix + name, m_config.experts.count, columns);
    }

    /// Some converters name the norm before the feed-forward part by its place behind attention.
    const char* ffnNormName() const
    {
        constexpr const char *kName = "ffn_norm.weight", *kOther = "post_attention_norm.weight";
        const bool other = !m_config.sandwichNorms && !m_reader.has(m_prefix + kName);
        return other && m_reader.has(m_prefix + kOther) ? kOther : kName;
    }

    void readQkv()
    {
        if (m_reader.has(m_prefix + "attn_qkv.weight")) {
            if (const WeightView all = matrix("attn_qkv.weight", m_queries + 2 * m_keys, m_hidden)) {
                m_layer.q = all.part(0, m_queries);
                m_layer.k = all.part(m_queries, m_keys);
                m_layer.v = all.part(m_queries + m_keys, m_keys);
            }
        } else {
            m_layer.q = matrix("attn_q.weight", m_queries, m_hidden);
            m_layer.k = matrix("attn_k.weight", m_keys, m_hidden);
            m_layer.v = matrix("attn_v.weight", m_keys, m_hidden);
        }
        m_layer.qBias = optionalVector("attn_q.bias", m_queries);
        m_layer.kBias = optionalVector("attn_k.bias", m_keys);
        m_layer.vBias = optionalVector("attn_v.bias", m_keys);
    }

    void readQkNorms()
    {
        if (!m_config.qkNorm && !m_config.wideQkNorm)
            return;
        m_layer.qNorm = vector("attn_q_norm.weight", m_config.wideQkNorm ? m_queries : m_config.headDim);
        m_layer.kNorm = vector("attn_k_norm.weight", m_config.wideQkNorm ? m_keys : m_config.headDim);
    }

    void readFeedForward()
    {
        const std::uint64_t ffn = m_config.ffn;
        const std::string up = m_prefix + "ffn_up.weight";
        if (!m_reader.has(m_prefix + "ffn_gate.weight") && m_reader.rowsOf(up) == 2 * ffn) {
            if (const WeightView both = m_reader.matrix(up, 2 * ffn, m_hidden)) {
                m_layer.gate = both.part(0, ffn);
                m_layer.up = both.part(ffn, ffn);
            }
        } else {
            m_layer.gate = matrix("ffn_gate.weight", ffn, m_hidden);
            m_layer.up = matrix("ffn_up.weight", ffn, m_hidden);
        }
        m_layer.down = matrix("ffn_down.weight", m_hidden, ffn);
        m_layer.gateBias = optionalVector("ffn_gate.bias", ffn);
        m_layer.upBias = optionalVector("ffn_up.bias", ffn);
        m_layer.downBias = optionalVector("ffn_down.bias", m_hidden);
    }

    void readExperts()
    {
        const std::uint64_t ffn = m_config.experts.ffn;
        m_layer.router = matrix("ffn_gate_inp.weight", m_config.experts.count, m_hidden);
        m_layer.routerBias = optionalVector("ffn_gate_inp.bias", m_config.experts.count);
        m_layer.expertGate = stack("ffn_gate_exps.weight", ffn, m_hidden);
        m_layer.expertUp = stack("ffn_up_exps.weight", ffn, m_hidden);
        m_layer.expertDown = stack("ffn_down_exps.weight", m_hidden, ffn);
        m_layer.expertGateBias = optionalTable("ffn_gate_exps.bias", ffn);
        m_layer.expertUpBias = optionalTable("ffn_up_exps.bias", ffn);
        m_layer.expertDownBias = optionalTable("ffn_down_exps.bias", m_hidden);
    }

    WeightReader& m_reader;
    const ModelConfig& m_config;
    std::string m_prefix;
    std::uint64_t m_hidden, m_queries, m_keys;
    bool m_hasExperts;
    LayerWeights m_layer;
};

/// Those for sequences within the context of the first training, where there are others too: see phi3.cpp.
WeightView readRopeFactors(WeightReader& reader, const ModelConfig& config)
{
    const std::uint64_t pairs = config.rotated() / 2;
    const WeightView all = reader.optionalVector("rope_freqs.weight", pairs);
    static_cast<void>(reader.optionalVector("rope_factors_long.weight", pairs));
    const WeightView within = reader.optionalVector("rope_factors_short.weight", pairs);
    return within ? within : all;
}

} // namespace

ModelWeights readStandardWeights(WeightReader& reader, const ModelConfig& config)
{
    ModelWeights weights;
    weights.tokenEmbedding = reader.matrix("token_embd.weight", config.vocab, config.hidden);
    weights.outputNorm = reader.vector("output_norm.weight", config.hidden);
    weights.head = reader.optionalMatrix("output.weight", config.vocab, config.hidden);
    if (!weights.head)
        weights.head = weights.tokenEmbedding;
    weights.ropeFactors = readRopeFactors(reader, config);
    weights.layers.reserve(config.layers.size());
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        weights.layers.push_back(LayerReader(reader, config, i).read());
    return weights;
}

Result<ModelWeights> standardWeights(const GgufFile& file, const ModelConfig& config)
{
    WeightReader reader(file);
    return reader.finish(readStandardWeights(reader, config));
}

} // namespace vitrine::engine
