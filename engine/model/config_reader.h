// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the "<architecture>.…" numbers of a file within limits. The first complaint is kept and later ones
// are dropped, so that a family file reads as a list. Made and used inside one Family::configure call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

class ConfigReader
{
public:
    /// Borrows the file.
    ConfigReader(const GgufFile& file, std::string_view architecture);

    /// A whole number from 1 to `most`; 1 after a complaint.
    std::uint32_t required(std::string_view key, std::uint32_t most);
    /// As `required`, or `fallback` where the file has no such key.
    std::uint32_t optional(std::string_view key, std::uint32_t fallback, std::uint32_t most);
    /// A finite number above 0; 1 after a complaint.
    float requiredReal(std::string_view key);
    float optionalReal(std::string_view key, float fallback);

    bool has(std::string_view key) const { return m_file->find(fullKey(key)) != nullptr; }
    bool isOn(std::string_view key) const { return has(key) && !isZero(key); } ///< some write 0 for "none"
    std::optional<std::string_view> text(std::string_view key) const { return m_file->text(fullKey(key)); }

    void complain(std::string_view key, const std::string& what);
    /// For settings that change the result and that nothing here computes.
    void refuseIfPresent(std::string_view key, const std::string& feature);

    /// Names, sizes and head counts, which every family has, checked against each other.
    ModelConfig common();
    /// Base and scaling of the positions: linear, YaRN, or by factors that lie among the tensors. Other kinds
    /// are refused.
    void readRope(LayerConfig& layer);
    /// Which layers see a window only, of so many: by the file's own list or period, else by `period`: of
    /// that many layers the last sees everything; 1: all do. 0: none does.
    std::vector<bool> windowedLayers(std::size_t layers, std::uint32_t period);
    /// A window for the layers that windowedLayers() names: required, but for a `fallback` above 0. One as
    /// long as the context is none.
    void setWindows(ModelConfig& config, std::uint32_t period, std::uint32_t fallback = 0);
    /// Which elements rotate together: as the family's GGUF files have it, but halves where the file says so,
    /// as a folder does.
    RopePairing pairing(RopePairing own) const
    {
        return m_file->boolean(fullKey("rope.halves")).value_or(false) ? RopePairing::Halves : own;
    }
    /// Which layers rotate, by the file's list; nullopt: it has none.
    std::optional<std::vector<bool>> rotatedLayers(std::size_t layers);
    /// Of attention and of the logits, with these where the file says nothing; 0: none.
    void readSoftCaps(ModelConfig& config, float attention, float logits);
    /// The mixture of experts, where the file has one, and which of the layers use it.
    /// REQUIRES: config.layers is as the family wants it.
    void readExperts(ModelConfig& config);

    const GgufFile& file() const { return *m_file; }
    /// The configuration, or the first complaint.
    Result<ModelConfig> finish(ModelConfig config) const;

private:
    std::string fullKey(std::string_view key) const;
    bool isZero(std::string_view key) const; ///< written out, but switched off
    void readHeads(ModelConfig& config);
    void readVocabulary(ModelConfig& config);
    void readYarn(LayerConfig& layer);

    const GgufFile* m_file;
    std::string m_prefix;
    std::optional<Error> m_error;
};

} // namespace vitrine::engine
