// SPDX-License-Identifier: GPL-3.0-or-later
// What differs from layer to layer: how positions rotate, and who sees a window only.
#include <cmath>

#include "engine/base/text.h"
#include "engine/model/config_reader.h"

namespace vitrine::engine {

namespace {

constexpr std::uint32_t kMostContext = 1U << 28U;
constexpr std::uint32_t kMostPeriod = 1U << 16U;

/// YaRN's own, by which cosines and sines grow with the context.
float yarnMagnitude(float factor)
{
    return factor > 1.0F ? 1.0F + 0.1F * std::log(factor) : 1.0F;
}

/// Of an array of truths or numbers; nullopt: it is something else.
std::optional<std::vector<bool>> truths(const MetadataValue* value)
{
    const auto* array = value == nullptr ? nullptr : std::get_if<MetadataArray>(value);
    if (array == nullptr)
        return std::nullopt;
    return std::visit(
        [](const auto& elements) -> std::optional<std::vector<bool>> {
            using Element = typename std::decay_t<decltype(elements)>::value_type;
            if constexpr (std::is_same_v<Element, std::string_view>) {
                return std::nullopt;
            } else {
                std::vector<bool> list;
                for (const auto element : elements)
                    list.push_back(static_cast<bool>(element));
                return list;
            }
        },
        *array);
}

} // namespace

void ConfigReader::readRope(LayerConfig& layer)
{
    layer.ropeBase = optionalReal("rope.freq_base", 10000.0F);
    layer.ropeMagnitude = optionalReal("rope.scaling.attn_factor", 1.0F);
    const std::string_view kind = text("rope.scaling.type").value_or("none");
    if (kind == "linear")
        layer.ropeScale = 1.0F / requiredReal("rope.scaling.factor");
    else if (kind == "yarn")
        readYarn(layer);
    else if (kind == "none")
        layer.ropeScale = 1.0F / optionalReal("rope.scale_linear", 1.0F);
    else if (kind != "longrope" && kind != "su" && kind != "llama3")
        complain("rope.scaling.type",
                 "is " + quoted(kind) + ", which is not supported yet (none, linear, yarn and longrope are)");
    else if (m_file->findTensor("rope_freqs.weight") == nullptr &&
             m_file->findTensor("rope_factors_short.weight") == nullptr)
        complain("rope.scaling.type", "is " + quoted(kind) + ", and the file has no factors for it");
}

void ConfigReader::readYarn(LayerConfig& layer)
{
    YarnScaling& yarn = layer.yarn;
    yarn.factor = requiredReal("rope.scaling.factor");
    yarn.originalContext = optional("rope.scaling.original_context_length",
                                    required("context_length", kMostContext), kMostContext);
    yarn.betaFast = optionalReal("rope.scaling.yarn_beta_fast", yarn.betaFast);
    yarn.betaSlow = optionalReal("rope.scaling.yarn_beta_slow", yarn.betaSlow);
    yarn.wholePairs = m_file->boolean(fullKey("rope.scaling.yarn_truncate")).value_or(true);
    layer.ropeMagnitude *= optionalReal("rope.scaling.yarn_attn_factor", yarnMagnitude(yarn.factor));
    if (optionalReal("rope.scaling.yarn_ext_factor", 1.0F) != 1.0F)
        complain("rope.scaling.yarn_ext_factor", "is not 1, which is not supported");
    refuseIfPresent("rope.scaling.yarn_log_multiplier", "another growth of attention with the context");
    if (yarn.betaFast <= yarn.betaSlow)
        complain("rope.scaling.yarn_beta_fast", "must be larger than yarn_beta_slow");
    if (layer.ropeBase <= 1.0F)
        complain("rope.freq_base", "must be above 1");
}

std::vector<bool> ConfigReader::windowedLayers(std::size_t layers, std::uint32_t period)
{
    constexpr std::string_view kKey = "attention.sliding_window_pattern";
    std::vector<bool> windowed(layers);
    if (const auto list = truths(m_file->find(fullKey(kKey)))) {
        if (list->size() != layers)
            complain(kKey, std::string("lists ") + std::to_string(list->size()) + " layers of " +
                               std::to_string(layers));
        windowed = *list;
        windowed.resize(layers);
        return windowed;
    }
    if (has(kKey))
        period = required(kKey, kMostPeriod);
    for (std::size_t i = 0; i < layers; ++i)
        windowed[i] = period > 0 && (period == 1 || (i + 1) % period != 0);
    return windowed;
}

std::optional<std::vector<bool>> ConfigReader::rotatedLayers(std::size_t layers)
{
    constexpr std::string_view kKey = "rope.layers";
    auto list = truths(m_file->find(fullKey(kKey)));
    if (list && list->size() != layers)
        complain(kKey, "lists " + std::to_string(list->size()) + " layers of " + std::to_string(layers));
    if (list)
        list->resize(layers);
    return list;
}

void ConfigReader::setWindows(ModelConfig& config, std::uint32_t period, std::uint32_t fallback)
{
    constexpr std::string_view kKey = "attention.sliding_window";
    const std::uint32_t window =
        fallback > 0 ? optional(kKey, fallback, kMostContext) : required(kKey, kMostContext);
    const std::vector<bool> windowed = windowedLayers(config.layers.size(), period);
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        config.layers[i].slidingWindow = windowed[i] && window < config.contextLength ? window : 0;
}

void ConfigReader::readSoftCaps(ModelConfig& config, float attention, float logits)
{
    const auto read = [this](std::string_view key, float fallback) {
        return isZero(key) ? 0.0F : optionalReal(key, fallback);
    };
    config.attentionSoftCap = read("attn_logit_softcapping", attention);
    config.logitSoftCap = read("final_logit_softcapping", logits);
}

} // namespace vitrine::engine
