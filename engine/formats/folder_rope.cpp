// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/folder_rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "engine/base/text.h"

namespace vitrine::engine {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostHeadDim = 4096; // ConfigReader refuses more

class RopeTranslator
{
public:
    RopeTranslator(const FolderFamily& family, const RopeSizes& sizes, JsonSettings& outside,
                   const Json& scaling, FolderConfig& config)
        : m_family(family), m_sizes(sizes), m_outside(outside), m_scaling(scaling, outside.name()),
          m_config(config)
    {}

    void run()
    {
        const auto own = m_scaling.real("rope_theta");
        m_base = own ? *own : m_outside.real("rope_theta").value_or(m_family.ropeBase);
        add("rope.freq_base", m_base, "rope_theta");
        readRotated();
        if (m_family.architecture == "llama" || m_family.architecture == "granite" ||
            m_family.architecture == "smollm3")
            add("rope.halves", true, ""); // these GGUF files have rows of queries and keys in another order
        readScaling();
        if (m_scaling.error())
            m_outside.complain("rope_parameters",
                               "has a field of a wrong kind: " + m_scaling.error()->message);
    }

private:
    void add(std::string_view key, MetadataValue value, const char* spelledAs)
    {
        m_config.add(std::string(m_family.architecture) + "." + std::string(key), std::move(value),
                     spelledAs);
    }

    void readRotated()
    {
        auto part = m_scaling.real("partial_rotary_factor");
        if (!part)
            part = m_outside.real("partial_rotary_factor");
        m_rotated = std::min(m_sizes.headDim, kMostHeadDim);
        if (!part || *part == 1.0)
            return;
        if (*part <= 0 || *part > 1)
            return m_outside.complain("partial_rotary_factor", "must be above 0, and not above 1");
        m_rotated = static_cast<std::uint64_t>(static_cast<double>(m_rotated) * *part);
        add("rope.dimension_count", m_rotated, "partial_rotary_factor");
    }

    void readScaling()
    {
        auto kind = m_scaling.text("rope_type");
        if (!kind)
            kind = m_scaling.text("type");
        // "dynamic" stretches only what is longer than the context, which is never computed.
        if (!kind || *kind == "default" || *kind == "dynamic")
            return;
        if (*kind == "linear")
            readLinear();
        else if (*kind == "yarn" && m_scaling.find("short_factor") == nullptr)
            readYarn();
        else if (*kind == "llama3")
            readLlama3();
        else if (*kind == "longrope" || *kind == "su" || *kind == "yarn")
            readLongRope();
        else
            m_outside.complain("rope_scaling", "is of type " + engine::quoted(*kind, 40) +
                                                   ", which is not supported (linear, yarn, llama3 and "
                                                   "longrope are)");
    }

    void readLinear()
    {
        m_config.addText(std::string(m_family.architecture) + ".rope.scaling.type", "linear");
        add("rope.scaling.factor", requiredReal("factor"), "factor");
    }

    std::uint64_t originalContext()
    {
        auto original = m_scaling.integer("original_max_position_embeddings");
        if (!original)
            original = m_outside.integer("original_max_position_embeddings");
        if (!original)
            original = m_outside.integer("initial_context_length");
        return original.value_or(m_sizes.context);
    }

    void readYarn()
    {
        m_config.addText(std::string(m_family.architecture) + ".rope.scaling.type", "yarn");
        add("rope.scaling.factor", requiredReal("factor"), "factor");
        add("rope.scaling.original_context_length", originalContext(), "original_max_position_embeddings");
        for (const auto& [key, name] : {std::pair("rope.scaling.yarn_beta_fast", "beta_fast"),
                                        std::pair("rope.scaling.yarn_beta_slow", "beta_slow"),
                                        std::pair("rope.scaling.yarn_attn_factor", "attention_factor")})
            if (const auto value = m_scaling.real(name))
                add(key, *value, name);
        add("rope.scaling.yarn_truncate", m_scaling.truth("truncate").value_or(true), "truncate");
        for (const char* name : {"mscale", "mscale_all_dim"})
            if (m_scaling.find(name) != nullptr)
                m_outside.complain(name, "asks for another growth of attention, which is not supported");
    }

    /// Slow pairs turn `factor` times slower, fast ones as before, and those between by how often they turn
    /// in the context of the first training.
    void readLlama3()
    {
        const double factor = requiredReal("factor"), low = requiredReal("low_freq_factor"),
                     high = requiredReal("high_freq_factor"),
                     original = static_cast<double>(originalContext());
        if (factor <= 0 || high <= low)
            return m_outside.complain("high_freq_factor",
                                      "must be above low_freq_factor, and factor above 0");
        FrequencyFactors factors{"rope_freqs.weight", {}};
        for (std::uint64_t pair = 0; pair < m_rotated / 2; ++pair) {
            const double exponent = 2.0 * static_cast<double>(pair) / static_cast<double>(m_rotated);
            const double turns = original / (2 * std::numbers::pi * std::pow(m_base, exponent));
            const double own = std::clamp((turns - low) / (high - low), 0.0, 1.0);
            factors.values.push_back(static_cast<float>(1.0 / ((1.0 - own) / factor + own)));
        }
        m_config.factors.push_back(std::move(factors));
    }

    void readLongRope()
    {
        m_config.addText(std::string(m_family.architecture) + ".rope.scaling.type", "longrope");
        const std::uint64_t original = originalContext();
        add("rope.scaling.original_context_length", original, "original_max_position_embeddings");
        const double stretch =
            original == 0 ? 1.0 : static_cast<double>(m_sizes.context) / static_cast<double>(original);
        double magnitude = 1.0;
        if (stretch > 1.0 && original > 1)
            magnitude = std::sqrt(1.0 + std::log(stretch) / std::log(static_cast<double>(original)));
        add("rope.scaling.attn_factor", m_scaling.real("attention_factor").value_or(magnitude),
            "attention_factor");
        readFactors("short_factor", "rope_factors_short.weight");
        readFactors("long_factor", "rope_factors_long.weight");
    }

    void readFactors(const char* name, const char* tensor)
    {
        const auto given = m_scaling.reals(name);
        if (!given || given->size() != m_rotated / 2)
            return m_outside.complain(name,
                                      "must be a list of " + std::to_string(m_rotated / 2) + " numbers");
        FrequencyFactors factors{tensor, {}};
        for (const double value : *given) {
            if (!(value > 0) || !std::isfinite(value))
                return m_outside.complain(name, "must have numbers above 0");
            factors.values.push_back(static_cast<float>(value));
        }
        m_config.factors.push_back(std::move(factors));
    }

    double requiredReal(const char* name)
    {
        if (m_scaling.find(name) == nullptr)
            m_outside.complain(name, "of the rope scaling is missing");
        return m_scaling.real(name).value_or(1.0);
    }

    const FolderFamily& m_family;
    RopeSizes m_sizes;
    JsonSettings& m_outside;
    JsonSettings m_scaling;
    FolderConfig& m_config;
    double m_base = 0;
    std::uint64_t m_rotated = 0;
};

/// The object that has the settings of layers which see everything; an empty one where there is none.
const Json& scalingOf(JsonSettings& settings)
{
    static const Json kNone = Json::object();
    for (const char* name : {"rope_parameters", "rope_scaling"}) {
        const Json* found = settings.find(name);
        if (found == nullptr)
            continue;
        if (!found->is_object()) {
            settings.complain(name, "must be an object");
            continue;
        }
        const auto full = found->find("full_attention");
        return full != found->end() && full->is_object() ? *full : *found;
    }
    return kNone;
}

/// Of layers with a window, where these have settings of their own.
void readWindowedLayers(const FolderFamily& family, JsonSettings& settings, FolderConfig& config)
{
    if (family.architecture != "gemma3")
        return;
    double base = settings.real("rope_local_base_freq").value_or(10000.0);
    const Json* parameters = settings.find("rope_parameters");
    if (parameters != nullptr && parameters->is_object() && parameters->contains("sliding_attention") &&
        (*parameters)["sliding_attention"].is_object()) {
        JsonSettings inner((*parameters)["sliding_attention"], settings.name());
        base = inner.real("rope_theta").value_or(base);
        if (inner.text("rope_type").value_or("default") != "default" || inner.error())
            settings.complain("sliding_attention", "stretches positions, which is not supported");
    }
    config.add("gemma3.rope.freq_base_swa", base, "rope_local_base_freq");
}

} // namespace

void readFolderRope(const FolderFamily& family, const RopeSizes& sizes, JsonSettings& settings,
                    FolderConfig& config)
{
    RopeTranslator(family, sizes, settings, scalingOf(settings), config).run();
    readWindowedLayers(family, settings, config);
}

} // namespace vitrine::engine
