// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/folder_mapping.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "engine/base/text.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

constexpr std::size_t kMostDimensions = 4; // of TensorInfo
constexpr std::string_view kHead = "lm_head.weight", kEmbedding = "model.embed_tokens.weight";

/// What the engine computes itself, or needs for activations and caches of eight bits only.
bool isUnused(std::string_view name)
{
    for (const std::string_view ending :
         {"rotary_emb.inv_freq", ".input_scale", ".k_scale", ".v_scale", ".q_scale", ".output_scale"})
        if (name.ends_with(ending))
            return true;
    return false;
}

bool isForPictures(std::string_view name)
{
    for (const std::string_view part : {"vision_tower.", "multi_modal_projector.", "vision_model."})
        if (name.starts_with(part) || name.starts_with("model." + std::string(part)))
            return true;
    return false;
}

} // namespace

Error FolderMapping::refused(const StoredTensor& stored, const std::string& what) const
{
    return badInput(stored.file->path() + ": tensor " + engine::quoted(stored.tensor->name) + " " + what);
}

Result<void> FolderMapping::run()
{
    for (Result<void> (FolderMapping::*step)() : {&FolderMapping::collect, &FolderMapping::attachScales})
        if (Result<void> done = (this->*step)(); !done)
            return done;
    dropUnused();
    for (Result<void> (FolderMapping::*check)() const :
         {&FolderMapping::checkTie, &FolderMapping::checkBiases})
        if (Result<void> good = (this->*check)(); !good)
            return good;
    for (const auto& [name, stored] : m_stored)
        if (Result<void> mapped = mapOne(name, stored); !mapped)
            return mapped;
    if (Result<void> mapped = mapExperts(); !mapped)
        return mapped;
    for (const FrequencyFactors& factors : m_config.factors)
        addFactors(factors);
    return {};
}

Result<void> FolderMapping::collect()
{
    for (const SafetensorsFile& shard : m_weights.m_shards) {
        for (const SafetensorsTensor& tensor : shard.tensors()) {
            const StoredTensor stored{&shard, &tensor, nullptr, nullptr, {}};
            if (m_config.wrapped && isForPictures(tensor.name))
                continue;
            if (tensor.bytes == 0)
                return refused(stored, "has no values");
            const auto [at, isNew] = m_stored.emplace(unwrapped(tensor.name), stored);
            if (!isNew)
                return refused(stored, "is also in " + at->second.file->path());
        }
    }
    return {};
}

/// "X.weight_scale_inv" of one kind of eight-bit files, "X.weight_scale" of others, both multiply "X.weight".
Result<void> FolderMapping::attachScales()
{
    for (const std::string_view ending : {"_scale_inv", "_scale"}) {
        for (auto it = m_stored.begin(); it != m_stored.end();) {
            const std::string& name = it->first;
            const auto weight = name.ends_with("weight" + std::string(ending))
                                    ? m_stored.find(name.substr(0, name.size() - ending.size()))
                                    : m_stored.end();
            if (weight == m_stored.end()) {
                ++it;
                continue;
            }
            StoredTensor& stored = weight->second;
            if (bytesOf(stored.tensor->type) != 1 || decodedType(stored.tensor->type) == std::nullopt)
                return refused(stored, "has factors beside it, but is not of eight bits");
            stored.scaleFile = it->second.file;
            stored.scale = it->second.tensor;
            if (Result<void> fits = setScaleBlock(stored, m_config.scaleBlock); !fits)
                return fits;
            it = m_stored.erase(it);
        }
    }
    return {};
}

void FolderMapping::dropUnused()
{
    std::erase_if(m_stored, [](const auto& entry) { return isUnused(entry.first); });
    if (m_config.tied && m_stored.contains(kEmbedding))
        m_stored.erase(std::string(kHead));
}

Result<void> FolderMapping::checkTie() const
{
    if (m_config.tied || !m_config.saysTied || m_stored.contains(kHead))
        return {};
    return badInput(m_weights.m_path +
                    ": config.json says that the head is not the token embedding, but tensor " +
                    engine::quoted(kHead) + " is missing");
}

Result<void> FolderMapping::checkBiases() const
{
    if (!m_config.saysBiases)
        return {};
    constexpr std::string_view kBias = "model.layers.0.self_attn.q_proj.bias";
    constexpr std::string_view kWeight = "model.layers.0.self_attn.q_proj.weight";
    if (!m_stored.contains(kWeight) || m_stored.contains(kBias) == m_config.biases)
        return {};
    return badInput(m_weights.m_path + ": config.json and the weights disagree: tensor " +
                    engine::quoted(kBias) +
                    (m_config.biases ? " is missing" : " is there, but attention_bias is false"));
}

Result<void> FolderMapping::mapOne(const std::string& name, const StoredTensor& stored)
{
    const Result<bool> fused = mapFused(name, stored);
    if (!fused)
        return fused.error();
    if (*fused)
        return {};
    const auto known = ggufNameOf(name, *m_config.family);
    if (!known)
        return refused(stored, "belongs to a feature that is not supported yet");
    if (known->expert) {
        const std::size_t dot = name.find(".experts.");
        m_experts[known->name].emplace(*known->expert, stored);
        return dot == std::string::npos ? refused(stored, "has no place") : Result<void>();
    }
    const bool isNorm = known->name.ends_with("norm.weight");
    return isNorm && m_config.family->normsFromOne ? addPlusOne(known->name, name, stored)
                                                   : add(known->name, name, stored);
}

/// Matrices of experts lie one after another, in the order of their numbers.
Result<void> FolderMapping::mapExperts()
{
    for (const auto& [name, experts] : m_experts) {
        const StoredTensor& first = experts.begin()->second;
        if (experts.size() != m_config.experts || experts.rbegin()->first + 1 != experts.size())
            return badInput(m_weights.m_path + ": has " + std::to_string(experts.size()) +
                            " experts' tensors like " + engine::quoted(first.tensor->name) +
                            "; config.json says " + std::to_string(m_config.experts));
        const Result<QuantType> type = typeOf(first);
        if (!type)
            return type.error();
        std::vector<StoredTensor> parts;
        for (const auto& [number, stored] : experts) {
            if (stored.tensor->shape != first.tensor->shape || stored.tensor->type != first.tensor->type ||
                stored.tensor->shape.size() != 2)
                return refused(stored, "has another shape or type than those of other experts");
            parts.push_back(stored);
        }
        const Shape shape{parts.size(), first.tensor->shape[0], first.tensor->shape[1]};
        const auto write = [parts = std::move(parts)](std::span<std::uint8_t> out) {
            const std::size_t each = out.size() / parts.size();
            for (std::size_t i = 0; i < parts.size(); ++i)
                decode(parts[i], out.subspan(i * each, each));
        };
        if (Result<void> added = addConverted(name, first.tensor->name, *type, shape, write); !added)
            return added;
    }
    return {};
}

Result<QuantType> FolderMapping::typeOf(const StoredTensor& stored) const
{
    if (const auto type = decodedType(stored.tensor->type))
        return *type;
    return refused(stored, "has type " + std::string(nameOf(stored.tensor->type)) +
                               ", which cannot be used for weights");
}

Result<void> FolderMapping::add(const std::string& name, const std::string& original,
                                const StoredTensor& stored)
{
    const Result<QuantType> type = typeOf(stored);
    if (!type)
        return type.error();
    const std::uint32_t width = bytesOf(stored.tensor->type);
    const bool asIs = kernels::quantInfo(*type).blockBytes == width && stored.tensor->offset % width == 0;
    if (asIs)
        return addTensor(name, original, *type, stored.tensor->shape, stored.data().data());
    return addConverted(name, original, *type, stored.tensor->shape,
                        [stored](std::span<std::uint8_t> out) { decode(stored, out); });
}

Result<void> FolderMapping::addPlusOne(const std::string& name, const std::string& original,
                                       const StoredTensor& stored)
{
    const Result<QuantType> type = typeOf(stored);
    if (!type)
        return type.error();
    return addConverted(name, original, QuantType::F32, stored.tensor->shape,
                        [stored](std::span<std::uint8_t> out) { decodePlusOne(stored, out); });
}

void FolderMapping::addFactors(const FrequencyFactors& factors)
{
    const auto write = [values = factors.values](std::span<std::uint8_t> out) {
        std::memcpy(out.data(), values.data(), out.size());
    };
    // One dimension is never too many.
    static_cast<void>(
        addConverted(factors.name, factors.name, QuantType::F32, {factors.values.size()}, write));
}

Result<void> FolderMapping::addTensor(const std::string& name, const std::string& original, QuantType type,
                                      const Shape& shape, const std::uint8_t* data)
{
    if (shape.empty() || shape.size() > kMostDimensions)
        return badInput(m_weights.m_path + ": tensor " + engine::quoted(original) + " has " +
                        std::to_string(shape.size()) + " dimensions");
    TensorInfo tensor;
    tensor.name = m_weights.m_names.emplace_back(name);
    m_weights.m_originals.push_back(original);
    tensor.type = type;
    tensor.dimensions = static_cast<std::uint32_t>(shape.size());
    std::copy(shape.rbegin(), shape.rend(), tensor.shape.begin());
    const kernels::QuantInfo info = kernels::quantInfo(type);
    tensor.bytes = tensor.columns() / info.blockValues * info.blockBytes * tensor.rows();
    tensor.data = data;
    m_weights.m_tensors.push_back(tensor);
    return {};
}

Result<void> FolderMapping::addConverted(const std::string& name, const std::string& original, QuantType type,
                                         const Shape& shape, Writer write)
{
    if (Result<void> added = addTensor(name, original, type, shape, nullptr); !added)
        return added;
    m_weights.m_conversions.push_back({m_weights.m_tensors.size() - 1, std::move(write)});
    return {};
}

} // namespace vitrine::engine
