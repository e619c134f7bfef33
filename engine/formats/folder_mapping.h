// SPDX-License-Identifier: GPL-3.0-or-later
// Works out which tensors of a published folder become which of a GGUF file's. Used once, by FolderWeights.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/folder_weights.h"
#include "engine/formats/stored_tensor.h"

namespace vitrine::engine {

class FolderMapping
{
public:
    /// Borrows both. REQUIRES: config.family.
    FolderMapping(FolderWeights& weights, const FolderConfig& config) : m_weights(weights), m_config(config)
    {}

    Result<void> run();

private:
    using Shape = std::vector<std::uint64_t>; ///< outermost dimension first
    using Writer = std::function<void(std::span<std::uint8_t>)>;
    /// By the names of the folder, unwrapped.
    using Stored = std::map<std::string, StoredTensor, std::less<>>;

    Result<void> collect();
    Result<void> attachScales();
    void dropUnused();
    Result<void> checkTie() const;
    Result<void> checkBiases() const;
    Result<void> mapOne(const std::string& name, const StoredTensor& stored);
    Result<void> mapExperts();

    /// Under its name of GGUF files.
    Result<void> add(const std::string& name, const std::string& original, const StoredTensor& stored);
    Result<void> addPlusOne(const std::string& name, const std::string& original, const StoredTensor& stored);
    void addFactors(const FrequencyFactors& factors);
    Result<void> addTensor(const std::string& name, const std::string& original, kernels::QuantType type,
                           const Shape& shape, const std::uint8_t* data);
    Result<void> addConverted(const std::string& name, const std::string& original, kernels::QuantType type,
                              const Shape& shape, Writer write);
    Result<kernels::QuantType> typeOf(const StoredTensor& stored) const;
    Error refused(const StoredTensor& stored, const std::string& what) const;

    // folder_fused_experts.cpp: gpt-oss, whose experts lie in one tensor each way.
    Result<bool> mapFused(const std::string& name, const StoredTensor& stored);
    Result<void> mapFloats(const std::string& layer, bool gateUp, const StoredTensor& stored);
    Result<void> mapBiases(const std::string& layer, bool gateUp, const StoredTensor& stored);
    Result<void> mapBlocks(const std::string& layer, bool gateUp, const StoredTensor& stored);

    FolderWeights& m_weights;
    const FolderConfig& m_config;
    Stored m_stored;
    std::map<std::string, std::map<std::uint32_t, StoredTensor>> m_experts; ///< by the name of all together
};

} // namespace vitrine::engine
