// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/config_reader.h"

#include <cmath>
#include <limits>

#include "engine/base/text.h"
#include "engine/model/file_facts.h"
#include "engine/model/file_type.h"

namespace vitrine::engine {

namespace {

// Beyond every published model; they keep products of two sizes far from overflow.
constexpr std::uint32_t kMostHidden = 1U << 18U;
constexpr std::uint32_t kMostFfn = 1U << 20U;
constexpr std::uint32_t kMostLayers = 4096;
constexpr std::uint32_t kMostExperts = 4096;
constexpr std::uint32_t kMostHeads = 4096;
constexpr std::uint32_t kMostHeadDim = 4096;
constexpr std::uint32_t kMostContext = 1U << 28U;
constexpr std::uint64_t kMostVocabulary = 1U << 24U;

} // namespace

ConfigReader::ConfigReader(const GgufFile& file, std::string_view architecture)
    : m_file(&file), m_prefix(std::string(architecture) + '.')
{}

std::string ConfigReader::fullKey(std::string_view key) const
{
    return m_prefix + std::string(key);
}

bool ConfigReader::isZero(std::string_view key) const
{
    return m_file->number(fullKey(key)) == 0.0;
}

void ConfigReader::complain(std::string_view key, const std::string& what)
{
    if (!m_error)
        m_error = badInput(m_file->path() + ": " + quoted(m_file->spelled(fullKey(key))) + " " + what);
}

std::uint32_t ConfigReader::required(std::string_view key, std::uint32_t most)
{
    if (!has(key)) {
        complain(key, "is missing");
        return 1;
    }
    const auto value = m_file->integer(fullKey(key));
    if (!value) {
        complain(key, "must be one whole number");
        return 1;
    }
    if (*value == 0 || *value > most) {
        complain(key, std::string("is ") + std::to_string(*value) + "; it must be from 1 to " +
                          std::to_string(most));
        return 1;
    }
    return static_cast<std::uint32_t>(*value);
}

std::uint32_t ConfigReader::optional(std::string_view key, std::uint32_t fallback, std::uint32_t most)
{
    return has(key) ? required(key, most) : fallback;
}

float ConfigReader::requiredReal(std::string_view key)
{
    if (!has(key)) {
        complain(key, "is missing");
        return 1.0F;
    }
    const auto value = m_file->number(fullKey(key));
    const bool good = value && std::isfinite(*value) && static_cast<float>(*value) > 0 &&
                      *value <= std::numeric_limits<float>::max();
    if (!good) {
        complain(key, "must be a finite number above 0");
        return 1.0F;
    }
    return static_cast<float>(*value);
}

float ConfigReader::optionalReal(std::string_view key, float fallback)
{
    return has(key) ? requiredReal(key) : fallback;
}

void ConfigReader::refuseIfPresent(std::string_view key, const std::string& feature)
{
    if (has(key) && !isZero(key))
        complain(key, "asks for " + feature + ", which is not supported yet");
}

ModelConfig ConfigReader::common()
{
    ModelConfig config;
    config.architecture = m_prefix.substr(0, m_prefix.size() - 1);
    config.name = printable(m_file->text("general.name").value_or(""));
    config.fileType = fileTypeName(*m_file);
    config.parameters = countParameters(*m_file);
    config.activeParameters = countActiveParameters(*m_file);
    config.contextLength = required("context_length", kMostContext);
    config.hidden = required("embedding_length", kMostHidden);
    const bool experts = !has("feed_forward_length") && has("expert_feed_forward_length");
    config.ffn = required(experts ? "expert_feed_forward_length" : "feed_forward_length", kMostFfn);
    config.layers.resize(required("block_count", kMostLayers));
    config.normEpsilon = requiredReal("attention.layer_norm_rms_epsilon");
    readHeads(config);
    readVocabulary(config);
    return config;
}

void ConfigReader::readHeads(ModelConfig& config)
{
    config.heads = required("attention.head_count", kMostHeads);
    config.kvHeads = optional("attention.head_count_kv", config.heads, kMostHeads);
    if (config.heads % config.kvHeads != 0)
        complain("attention.head_count", std::string("(") + std::to_string(config.heads) +
                                             ") is not a multiple of the number of key-value heads (" +
                                             std::to_string(config.kvHeads) + ")");
    if (!has("attention.key_length") && config.hidden % config.heads != 0)
        complain("embedding_length", std::string("(") + std::to_string(config.hidden) +
                                         ") is not a multiple of the " + std::to_string(config.heads) +
                                         " attention heads");
    config.headDim = optional("attention.key_length", config.hidden / config.heads, kMostHeadDim);
    if (config.headDim == 0 || config.headDim % 2 != 0)
        complain("attention.key_length",
                 std::string("is ") + std::to_string(config.headDim) + "; a head must have an even size");
    if (optional("attention.value_length", config.headDim, kMostHeadDim) != config.headDim)
        complain("attention.value_length", "differs from the key length, which is not supported");
    config.ropeDim = optional("rope.dimension_count", config.headDim, kMostHeadDim);
    if (config.ropeDim > config.headDim || config.ropeDim % 2 != 0)
        complain("rope.dimension_count",
                 std::string("is ") + std::to_string(config.ropeDim) +
                     "; it must be even and not more than the size of a head, which is " +
                     std::to_string(config.headDim));
}

void ConfigReader::readVocabulary(ModelConfig& config)
{
    const TensorInfo* embedding = m_file->findTensor("token_embd.weight");
    const std::string embeddingName = quoted(m_file->spelled("token_embd.weight"));
    if (embedding == nullptr) {
        if (!m_error)
            m_error = badInput(m_file->path() + (m_file->tensors().empty()
                                                     ? ": holds no tensors: it is a vocabulary, not a model"
                                                     : ": tensor " + embeddingName + " is missing"));
        return;
    }
    if (embedding->rows() > kMostVocabulary) {
        if (!m_error)
            m_error = badInput(m_file->path() + ": tensor " + embeddingName + " has too many rows (" +
                               std::to_string(embedding->rows()) + ")");
        return;
    }
    config.vocab = static_cast<std::uint32_t>(embedding->rows());
    if (optional("vocab_size", config.vocab, kMostVocabulary) != config.vocab)
        complain("vocab_size",
                 "differs from the " + std::to_string(config.vocab) + " rows of " + embeddingName);
    const auto* tokens = m_file->texts("tokenizer.ggml.tokens");
    if (tokens != nullptr && tokens->size() > config.vocab && !m_error)
        m_error =
            badInput(m_file->path() + ": \"tokenizer.ggml.tokens\" has " + std::to_string(tokens->size()) +
                     " tokens, more than the " + std::to_string(config.vocab) + " rows of " + embeddingName);
}

void ConfigReader::readExperts(ModelConfig& config)
{
    if (!has("expert_count") || isZero("expert_count"))
        return;
    constexpr std::uint32_t kSoftmax = 1, kSoftmaxOfChosen = 3;
    ExpertConfig& experts = config.experts;
    experts.count = required("expert_count", kMostExperts);
    experts.perToken = required("expert_used_count", experts.count);
    experts.ffn = optional("expert_feed_forward_length", config.ffn, kMostFfn);
    if (!isZero("expert_weights_scale"))
        experts.weightScale = optionalReal("expert_weights_scale", 1.0F);
    experts.normalized = m_file->boolean(fullKey("expert_weights_norm")).value_or(true);
    const std::uint32_t gating = optional("expert_gating_func", kSoftmax, UINT32_MAX);
    if (gating == kSoftmaxOfChosen)
        experts.normalized = true;
    else if (gating != kSoftmax)
        complain("expert_gating_func", "asks for a router without softmax, which is not supported yet");
    refuseIfPresent("expert_shared_count", "experts that every token goes through");
    refuseIfPresent("expert_group_count", "experts that are chosen by groups");
    for (std::size_t i = 0; i < config.layers.size(); ++i) {
        const std::string prefix = "blk." + std::to_string(i) + ".ffn_gate";
        config.layers[i].hasExperts = m_file->findTensor(prefix + ".weight") == nullptr;
        if (config.layers[i].hasExperts && m_file->findTensor(prefix + ".0.weight") != nullptr)
            complain("expert_count", "goes with a tensor for each expert, as files of before April 2024 have "
                                     "them, which is not supported; convert the model anew");
    }
}

Result<ModelConfig> ConfigReader::finish(ModelConfig config) const
{
    if (m_error)
        return *m_error;
    return config;
}

} // namespace vitrine::engine
