// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/folder_config.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/text.h"
#include "engine/formats/folder_rope.h"
#include "engine/formats/json_settings.h"

namespace vitrine::engine {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr double kGemmaQueryScalar = 256.0;

class ConfigTranslator
{
public:
    ConfigTranslator(const FolderFamily& family, JsonSettings& settings, FolderConfig& config)
        : m_family(family), m_settings(settings), m_config(config)
    {}

    void run()
    {
        readSizes();
        readHeads();
        readAttention();
        readWindows();
        readExperts();
        readMultipliers();
        readLayersWithoutRope();
        checkActivation();
        readBiases();
        const RopeSizes sizes{m_headDim, m_context};
        readFolderRope(m_family, sizes, m_settings, m_config);
    }

private:
    std::string full(std::string_view key) const
    {
        return std::string(m_family.architecture) + "." + std::string(key);
    }
    void add(std::string_view key, MetadataValue value, const char* spelledAs)
    {
        m_config.add(full(key), std::move(value), spelledAs);
    }
    std::uint64_t integer(std::string_view key, const char* name, std::uint64_t fallback)
    {
        const bool given = m_settings.find(name) != nullptr;
        const std::uint64_t value = given || fallback == 0 ? m_settings.required(name) : fallback;
        add(key, value, name);
        return value;
    }
    void optionalReal(std::string_view key, const char* name)
    {
        if (const auto value = m_settings.real(name))
            add(key, *value, name);
    }

    void readSizes()
    {
        m_context = integer("context_length", "max_position_embeddings", m_family.context);
        m_hidden = integer("embedding_length", "hidden_size", 0);
        integer("feed_forward_length", "intermediate_size", 0);
        m_layers = integer("block_count", "num_hidden_layers", 0);
        if (const auto vocabulary = m_settings.integer("vocab_size"))
            add("vocab_size", *vocabulary, "vocab_size");
        add("attention.layer_norm_rms_epsilon",
            m_settings.real("rms_norm_eps").value_or(m_family.normEpsilon), "rms_norm_eps");
    }

    void readHeads()
    {
        const std::uint64_t heads = integer("attention.head_count", "num_attention_heads", m_family.heads);
        integer("attention.head_count_kv", "num_key_value_heads",
                m_family.kvHeads != 0 ? m_family.kvHeads : heads);
        const auto given = m_settings.integer("head_dim");
        if (!given && m_family.headDim == 0) {
            m_headDim = heads == 0 ? 0 : m_hidden / heads;
            return; // the reader of the description divides, and complains where that cannot be done
        }
        m_headDim = given.value_or(m_family.headDim);
        add("attention.key_length", m_headDim, "head_dim");
        add("attention.value_length", m_headDim, "head_dim");
    }

    void readAttention()
    {
        if (m_family.gelu) {
            const double scalar = m_settings.real("query_pre_attn_scalar").value_or(kGemmaQueryScalar);
            if (scalar <= 0)
                m_settings.complain("query_pre_attn_scalar", "must be above 0");
            add("attention.scale", 1.0 / std::sqrt(scalar), "query_pre_attn_scalar");
        }
        readCap("attn_logit_softcapping");
        readCap("final_logit_softcapping");
        if (m_settings.truth("use_bidirectional_attention").value_or(false))
            m_settings.complain("use_bidirectional_attention",
                                "asks for attention to what comes later, which is not supported");
    }

    /// A null switches off what the family has by default.
    void readCap(const char* name)
    {
        if (const auto cap = m_settings.real(name))
            add(name, *cap, name);
        else if (m_settings.has(name))
            add(name, 0.0, name);
    }

    void readWindows()
    {
        const bool used = m_settings.truth("use_sliding_window").value_or(false);
        if (m_family.window == WindowRule::Never || (m_family.window == WindowRule::WhereUsed && !used))
            return;
        const auto types = m_settings.texts("layer_types");
        const auto isWindow = [](const std::string& type) { return type == "sliding_attention"; };
        const bool none = types && std::none_of(types->begin(), types->end(), isWindow);
        const auto given = m_settings.integer("sliding_window");
        const bool off = !given && m_settings.has("sliding_window");
        const std::uint64_t window = given.value_or(off ? 0 : m_family.windowTokens);
        const bool needed = m_family.windowTokens != 0; // the description asks for a number
        if (!needed && (window == 0 || none))
            return;
        add("attention.sliding_window", window == 0 ? m_context : window, "sliding_window");
        types ? readLayerTypes(*types) : readPeriod();
    }

    void readLayerTypes(const std::vector<std::string>& types)
    {
        std::vector<bool> windowed;
        for (const std::string& type : types) {
            windowed.push_back(type == "sliding_attention");
            if (!windowed.back() && type != "full_attention")
                m_settings.complain("layer_types",
                                    "has " + engine::quoted(type, 40) + ", which is not supported");
        }
        add("attention.sliding_window_pattern", MetadataArray(std::move(windowed)), "layer_types");
    }

    void readPeriod()
    {
        for (const char* name : {"sliding_window_pattern", "_sliding_window_pattern"})
            if (const auto period = m_settings.integer(name))
                return add("attention.sliding_window_pattern", *period, name);
    }

    void readExperts()
    {
        const char* name = m_settings.has("num_local_experts") ? "num_local_experts" : "num_experts";
        const auto count = m_settings.integer(name);
        if (!count)
            return;
        m_config.experts = *count;
        add("expert_count", *count, name);
        integer("expert_used_count",
                m_settings.has("experts_per_token") ? "experts_per_token" : "num_experts_per_tok", 0);
        if (const auto width = m_settings.integer("moe_intermediate_size"))
            add("expert_feed_forward_length", *width, "moe_intermediate_size");
        if (m_family.modelType == "qwen3_moe")
            add("expert_weights_norm", m_settings.truth("norm_topk_prob").value_or(false), "norm_topk_prob");
        const auto limit = m_settings.real("swiglu_limit");
        if (limit && *limit != 7.0)
            m_settings.complain("swiglu_limit", "is not 7, which is not supported");
    }

    void readMultipliers()
    {
        if (m_family.architecture != "granite")
            return;
        optionalReal("embedding_scale", "embedding_multiplier");
        add("attention.scale", m_settings.real("attention_multiplier").value_or(1.0), "attention_multiplier");
        optionalReal("residual_scale", "residual_multiplier");
        optionalReal("logit_scale", "logits_scaling");
    }

    void readLayersWithoutRope()
    {
        const auto given = m_settings.reals("no_rope_layers"); // 1: with it
        if (m_family.architecture != "smollm3" || (!given && !m_settings.has("no_rope_layer_interval")))
            return;
        const std::uint64_t period = m_settings.integer("no_rope_layer_interval").value_or(4);
        constexpr std::uint64_t kMostLayers = 4096;
        std::vector<bool> rotated;
        for (std::uint64_t i = 0; !given && i < std::min(m_layers, kMostLayers); ++i)
            rotated.push_back(period == 0 || (i + 1) % period != 0);
        for (const double layer : given.value_or(std::vector<double>()))
            rotated.push_back(layer != 0);
        add("rope.layers", MetadataArray(std::move(rotated)), "no_rope_layers");
    }

    void checkActivation()
    {
        const char* name = m_settings.has("hidden_activation") ? "hidden_activation" : "hidden_act";
        const auto activation = m_settings.text(name);
        if (!activation || (m_family.gelu && name == std::string_view("hidden_act")))
            return; // files of the first Gemmas say "gelu" and mean the other
        if (*activation != (m_family.gelu ? "gelu_pytorch_tanh" : "silu"))
            m_settings.complain(name,
                                "is " + engine::quoted(*activation, 40) + ", which is not supported here");
    }

    void readBiases()
    {
        const auto given = m_settings.truth("attention_bias");
        m_config.saysBiases = given.has_value() || m_family.needsBiases;
        m_config.biases = given.value_or(m_family.needsBiases);
    }

    const FolderFamily& m_family;
    JsonSettings& m_settings;
    FolderConfig& m_config;
    std::uint64_t m_context = 0, m_hidden = 0, m_layers = 0, m_headDim = 0;
};

/// One id or a list of them.
std::vector<std::uint64_t> idsOf(JsonSettings& settings, const std::string& key)
{
    const Json* value = settings.find(key);
    std::vector<std::uint64_t> ids;
    if (value == nullptr)
        return ids;
    for (const Json& id : value->is_array() ? *value : Json::array({*value})) {
        if (id.is_number_unsigned())
            ids.push_back(id.get<std::uint64_t>());
        else
            settings.complain(key, "must be a token id, or a list of them");
    }
    return ids;
}

void readQuantisation(JsonSettings& settings, FolderConfig& config)
{
    const Json* found = settings.find("quantization_config");
    if (found == nullptr)
        return;
    if (!found->is_object())
        return settings.complain("quantization_config", "must be an object");
    JsonSettings inner(*found, settings.name());
    const std::string method = inner.text("quant_method").value_or("");
    if (method != "fp8" && method != "fbgemm_fp8" && method != "compressed-tensors" && method != "mxfp4")
        return settings.complain("quantization_config",
                                 "has quant_method " + engine::quoted(method, 40) +
                                     ", which is not supported (fp8, compressed-tensors and mxfp4 are)");
    if (const auto block = inner.reals("weight_block_size"); block && block->size() == 2) {
        constexpr double kMost = 1U << 20U;
        if (std::any_of(block->begin(), block->end(), [](double size) { return size < 1 || size > kMost; }))
            return settings.complain("weight_block_size", "must be two numbers above 0");
        config.scaleBlock = {static_cast<std::uint64_t>((*block)[0]),
                             static_cast<std::uint64_t>((*block)[1])};
    }
    if (inner.error())
        settings.complain("quantization_config", "has fields of a wrong kind");
}

void readIds(JsonSettings& settings, FolderConfig& config)
{
    if (auto ids = idsOf(settings, "bos_token_id"); !ids.empty())
        config.bos = std::move(ids);
    if (auto ids = idsOf(settings, "eos_token_id"); !ids.empty())
        config.endOfGeneration = std::move(ids);
}

} // namespace

void FolderConfig::add(std::string key, MetadataValue value, std::string spelledAs)
{
    texts.push_back(std::move(key));
    if (!spelledAs.empty())
        spelling.emplace(texts.back(), std::move(spelledAs));
    entries.push_back({texts.back(), std::move(value)});
}

void FolderConfig::addText(std::string key, std::string value)
{
    texts.push_back(std::move(value));
    add(std::move(key), std::string_view(texts.back()));
}

Result<FolderConfig> readFolderConfig(std::string_view text, const std::string& name)
{
    const Result<Json> document = parseSettings(text, name, kMostBytes);
    if (!document)
        return document.error();
    const Json* inner = JsonSettings(*document, name).find("text_config");
    const bool wrapped = inner != nullptr && inner->is_object();
    JsonSettings outside(*document, name), settings(wrapped ? *inner : *document, name);
    FolderConfig config;
    config.wrapped = wrapped;
    std::string type = settings.text("model_type").value_or("");
    if (type.empty())
        settings.complain("model_type", "is missing");
    config.family = findFolderFamily(type);
    config.addText("general.architecture",
                   config.family != nullptr ? std::string(config.family->architecture) : type);
    readIds(outside, config);
    readIds(settings, config);
    if (config.family != nullptr) {
        readQuantisation(outside, config);
        ConfigTranslator(*config.family, settings, config).run();
        const auto tied = settings.has("tie_word_embeddings") ? settings.truth("tie_word_embeddings")
                                                              : outside.truth("tie_word_embeddings");
        config.saysTied = tied.has_value() || config.family->tiedUnlessTold;
        config.tied = tied.value_or(config.family->tiedUnlessTold);
    }
    for (const JsonSettings* read : {&outside, &settings})
        if (read->error())
            return *read->error();
    return config;
}

Result<void> readGenerationConfig(std::string_view text, const std::string& name, FolderConfig& config)
{
    const Result<Json> document = parseSettings(text, name, kMostBytes);
    if (!document)
        return document.error();
    JsonSettings settings(*document, name);
    readIds(settings, config);
    // GGUF's keys for what the makers of a model suggest.
    for (const auto& [key, wanted] :
         {std::pair("temp", "temperature"), std::pair("top_p", "top_p"), std::pair("min_p", "min_p"),
          std::pair("penalty_repeat", "repetition_penalty")})
        if (const auto value = settings.real(wanted))
            config.add(std::string("general.sampling.") + key, *value, wanted);
    if (const auto most = settings.integer("top_k"))
        config.add("general.sampling.top_k", *most, "top_k");
    return settings.error() ? Result<void>(*settings.error()) : Result<void>();
}

} // namespace vitrine::engine
