// SPDX-License-Identifier: GPL-3.0-or-later
// Tiny models of random float32 weights, whole enough to load and run.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/support/gguf_writer.h"

namespace vitrine::test {

struct TinyShape
{
    std::uint32_t hidden = 32;
    std::uint32_t layers = 2;
    std::uint32_t heads = 4;
    std::uint32_t kvHeads = 2;
    std::uint32_t headDim = 8;
    std::uint32_t ffn = 64;
    std::uint32_t vocab = 256;
    std::uint32_t context = 128;
    std::uint32_t seed = 1;
    std::uint32_t experts = 0; ///< 0: none, but for "qwen3moe", which has 4
    std::uint32_t expertsPerToken = 2;
    std::uint32_t expertFfn = 32;
    std::uint32_t window = 16; ///< of gemma3's layers that have one
};

class TinyModel
{
public:
    explicit TinyModel(std::string architecture, TinyShape shape = {})
        : m_architecture(std::move(architecture)), m_shape(shape), m_random(shape.seed)
    {
        if (m_architecture == "qwen3moe" && m_shape.experts == 0)
            m_shape.experts = 4;
    }

    GgufWriter build()
    {
        writeSizes();
        addMatrix("token_embd.weight", m_shape.vocab, m_shape.hidden);
        addNorm("output_norm.weight", m_shape.hidden);
        for (std::uint32_t i = 0; i < m_shape.layers; ++i)
            addLayer(std::string("blk.").append(std::to_string(i)).append("."));
        return std::move(m_writer);
    }

private:
    bool isGemma() const { return m_architecture == "gemma3"; }
    bool normsHeads() const { return isGemma() || m_architecture.starts_with("qwen3"); }
    std::string key(const char* name) const { return m_architecture + "." + name; }

    void writeSizes()
    {
        m_writer.add("general.architecture", m_architecture).add("general.name", "Tiny");
        m_writer.add(key("context_length"), m_shape.context).add(key("embedding_length"), m_shape.hidden);
        m_writer.add(key("block_count"), m_shape.layers).add(key("feed_forward_length"), m_shape.ffn);
        m_writer.add(key("attention.head_count"), m_shape.heads);
        m_writer.add(key("attention.head_count_kv"), m_shape.kvHeads);
        m_writer.add(key("attention.key_length"), m_shape.headDim);
        m_writer.add(key("attention.value_length"), m_shape.headDim);
        m_writer.add(key("attention.layer_norm_rms_epsilon"), 1e-5F);
        m_writer.add(key("rope.freq_base"), 10000.0F);
        if (isGemma())
            m_writer.add(key("attention.sliding_window"), m_shape.window);
        if (m_shape.experts == 0)
            return;
        m_writer.add(key("expert_count"), m_shape.experts);
        m_writer.add(key("expert_used_count"), m_shape.expertsPerToken);
        m_writer.add(key("expert_feed_forward_length"), m_shape.expertFfn);
    }

    void addLayer(const std::string& prefix)
    {
        const std::uint32_t queries = m_shape.heads * m_shape.headDim;
        const std::uint32_t keys = m_shape.kvHeads * m_shape.headDim;
        addNorm(prefix + "attn_norm.weight", m_shape.hidden);
        addMatrix(prefix + "attn_q.weight", queries, m_shape.hidden);
        addMatrix(prefix + "attn_k.weight", keys, m_shape.hidden);
        addMatrix(prefix + "attn_v.weight", keys, m_shape.hidden);
        addMatrix(prefix + "attn_output.weight", m_shape.hidden, queries);
        addNorm(prefix + "ffn_norm.weight", m_shape.hidden);
        addFeedForward(prefix + "ffn_");
        if (normsHeads()) {
            addNorm(prefix + "attn_q_norm.weight", m_shape.headDim);
            addNorm(prefix + "attn_k_norm.weight", m_shape.headDim);
        }
        if (!isGemma())
            return;
        addNorm(prefix + "post_attention_norm.weight", m_shape.hidden);
        addNorm(prefix + "post_ffw_norm.weight", m_shape.hidden);
    }

    void addFeedForward(const std::string& prefix)
    {
        if (m_shape.experts == 0) {
            addMatrix(prefix + "gate.weight", m_shape.ffn, m_shape.hidden);
            addMatrix(prefix + "up.weight", m_shape.ffn, m_shape.hidden);
            addMatrix(prefix + "down.weight", m_shape.hidden, m_shape.ffn);
            return;
        }
        addMatrix(prefix + "gate_inp.weight", m_shape.experts, m_shape.hidden);
        addMatrix(prefix + "gate_exps.weight", m_shape.expertFfn, m_shape.hidden, m_shape.experts);
        addMatrix(prefix + "up_exps.weight", m_shape.expertFfn, m_shape.hidden, m_shape.experts);
        addMatrix(prefix + "down_exps.weight", m_shape.hidden, m_shape.expertFfn, m_shape.experts);
    }

    /// `count` of them in one tensor; 0: a matrix alone.
    void addMatrix(const std::string& name, std::uint32_t rows, std::uint32_t columns,
                   std::uint32_t count = 0)
    {
        std::normal_distribution<float> normal(0.0F, 1.0F / std::sqrt(static_cast<float>(columns)));
        std::vector<float> values(std::size_t{rows} * columns * std::max(count, 1U));
        for (float& value : values)
            value = normal(m_random);
        std::vector<std::uint64_t> shape{columns, rows};
        if (count > 0)
            shape.push_back(count);
        m_writer.tensor(name, shape, values);
    }

    void addNorm(const std::string& name, std::uint32_t size)
    {
        std::uniform_real_distribution<float> around(0.8F, 1.2F);
        std::vector<float> values(size);
        for (float& value : values)
            value = around(m_random);
        m_writer.tensor(name, {size}, values);
    }

    std::string m_architecture;
    TinyShape m_shape;
    std::mt19937 m_random;
    GgufWriter m_writer;
};

/// A vocabulary of `size` tokens (16 at least) with bos 0, eos 1, letters, two merges and a chat template.
/// `kind` is "gpt2" or "llama".
inline void addTinyVocabulary(GgufWriter& writer, const char* kind, std::uint32_t size)
{
    std::vector<std::string> tokens = {"<s>", "</s>", "<unk>"};
    std::vector<std::int32_t> types = {3, 3, 2};
    for (char letter = 'a'; letter <= 'k'; ++letter)
        tokens.emplace_back(1, letter);
    tokens.insert(tokens.end(), {"ab", "abc"});
    for (std::uint32_t i = 0; tokens.size() < size; ++i)
        tokens.push_back(std::string("x").append(std::to_string(i)));
    types.resize(tokens.size(), 1);
    writer.add("tokenizer.ggml.model", kind).add("tokenizer.ggml.pre", "default");
    writer.addArray("tokenizer.ggml.tokens", tokens).addArray("tokenizer.ggml.token_type", types);
    writer.addArray("tokenizer.ggml.scores", std::vector<float>(tokens.size(), -1.0F));
    writer.addArray("tokenizer.ggml.merges", std::vector<std::string>{"a b", "ab c"});
    writer.add("tokenizer.ggml.bos_token_id", 0U).add("tokenizer.ggml.eos_token_id", 1U);
    writer.add("tokenizer.ggml.unknown_token_id", 2U);
    writer.add("tokenizer.ggml.add_bos_token", true);
    writer.add("tokenizer.chat_template", "{% for m in messages %}{{ m['content'] }}{% endfor %}");
}

} // namespace vitrine::test
