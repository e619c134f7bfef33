// SPDX-License-Identifier: GPL-3.0-or-later
// gpt-oss keeps all experts of a layer in one tensor: as floats with rows and columns exchanged, [experts,
// hidden, 2 * ffn] and [experts, ffn, hidden], or in blocks of four bits, [experts, rows, columns / 32, 16]
// with a power of two for each block beside them. Gate and up take turns.
#include <algorithm>
#include <cstring>

#include "engine/base/text.h"
#include "engine/formats/folder_mapping.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

constexpr std::size_t kBlockValues = 32, kNibbleBytes = 16, kBlockBytes = 1 + kNibbleBytes;

struct FusedName
{
    std::string_view ending;
    bool gateUp;
    enum class Form : std::uint8_t { Floats, Biases, Blocks, Powers } form;
};
constexpr FusedName kNames[] = {
    {"mlp.experts.gate_up_proj", true, FusedName::Form::Floats},
    {"mlp.experts.gate_up_proj_bias", true, FusedName::Form::Biases},
    {"mlp.experts.gate_up_proj_blocks", true, FusedName::Form::Blocks},
    {"mlp.experts.gate_up_proj_scales", true, FusedName::Form::Powers},
    {"mlp.experts.down_proj", false, FusedName::Form::Floats},
    {"mlp.experts.down_proj_bias", false, FusedName::Form::Biases},
    {"mlp.experts.down_proj_blocks", false, FusedName::Form::Blocks},
    {"mlp.experts.down_proj_scales", false, FusedName::Form::Powers},
};

/// [rows, columns] to [columns / every, rows], of the columns `first`, `first + every` …
struct Exchange
{
    std::size_t rows, columns, first, every, width; // of a value, in bytes
};

void exchange(const Exchange& how, const std::uint8_t* source, std::uint8_t* out)
{
    for (std::size_t column = how.first; column < how.columns; column += how.every)
        for (std::size_t row = 0; row < how.rows; ++row, out += how.width)
            std::memcpy(out, source + (row * how.columns + column) * how.width, how.width);
}

/// Two values in each byte, one after the other, become the first 16 in low nibbles and the others in high
/// ones.
void reorderBlock(const std::uint8_t* pairs, std::uint8_t* nibbles)
{
    const auto value = [pairs](std::size_t i) { return (pairs[i / 2] >> (i % 2 * 4)) & 15; };
    for (std::size_t i = 0; i < kNibbleBytes; ++i)
        nibbles[i] = static_cast<std::uint8_t>(value(i) | value(i + kNibbleBytes) << 4);
}

struct Half
{
    const char* name;
    std::size_t first, every;
};
constexpr Half kGateUp[] = {{"ffn_gate_exps", 0, 2}, {"ffn_up_exps", 1, 2}};
constexpr Half kDown[] = {{"ffn_down_exps", 0, 1}};

std::span<const Half> halves(bool gateUp)
{
    return gateUp ? std::span<const Half>(kGateUp) : std::span<const Half>(kDown);
}

} // namespace

/// False: not one of these.
Result<bool> FolderMapping::mapFused(const std::string& name, const StoredTensor& stored)
{
    using Form = FusedName::Form;
    if (m_config.family->architecture != "gpt-oss")
        return false;
    const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const FusedName& fused) {
        return name.ends_with("." + std::string(fused.ending));
    });
    if (found == std::end(kNames))
        return false;
    if (found->form == Form::Powers) // read with the blocks
        return true;
    const std::string layer = name.substr(0, name.size() - found->ending.size());
    if (!layer.starts_with("model.layers."))
        return refused(stored, "belongs to no layer");
    const std::string prefix = "blk." + layer.substr(std::string_view("model.layers.").size());
    const Result<void> done = found->form == Form::Floats   ? mapFloats(prefix, found->gateUp, stored)
                              : found->form == Form::Biases ? mapBiases(prefix, found->gateUp, stored)
                                                            : mapBlocks(prefix, found->gateUp, stored);
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

Result<void> FolderMapping::mapFloats(const std::string& layer, bool gateUp, const StoredTensor& stored)
{
    const Shape& shape = stored.tensor->shape;
    const Result<QuantType> type = typeOf(stored);
    if (!type)
        return type.error();
    const std::size_t width = bytesOf(stored.tensor->type);
    if (shape.size() != 3 || kernels::quantInfo(*type).blockBytes != width || (gateUp && shape[2] % 2 != 0))
        return refused(stored, "has shape " + shapeText(*stored.tensor) + " of " +
                                   std::string(nameOf(stored.tensor->type)) + ", which experts cannot have");
    for (const Half& half : halves(gateUp)) {
        const Exchange how{shape[1], shape[2], half.first, half.every, width};
        const auto write = [stored, how](std::span<std::uint8_t> out) {
            const std::size_t in = how.rows * how.columns * how.width;
            for (std::size_t e = 0; e * in < stored.data().size(); ++e)
                exchange(how, stored.data().data() + e * in, out.data() + e * (in / how.every));
        };
        if (Result<void> added = addConverted(layer + half.name + ".weight", stored.tensor->name, *type,
                                              {shape[0], shape[2] / half.every, shape[1]}, write);
            !added)
            return added;
    }
    return {};
}

Result<void> FolderMapping::mapBiases(const std::string& layer, bool gateUp, const StoredTensor& stored)
{
    if (!gateUp)
        return add(layer + "ffn_down_exps.bias", stored.tensor->name, stored);
    const Shape& shape = stored.tensor->shape;
    const Result<QuantType> type = typeOf(stored);
    if (!type)
        return type.error();
    const std::size_t width = bytesOf(stored.tensor->type);
    if (shape.size() != 2 || shape[1] % 2 != 0 || kernels::quantInfo(*type).blockBytes != width)
        return refused(stored, "has shape " + shapeText(*stored.tensor) + ", which biases cannot have");
    for (const Half& half : halves(true)) {
        const auto write = [stored, half, width](std::span<std::uint8_t> out) {
            const std::uint8_t* source = stored.data().data() + half.first * width;
            for (std::size_t i = 0; i < out.size(); i += width, source += half.every * width)
                std::memcpy(out.data() + i, source, width);
        };
        if (Result<void> added = addConverted(layer + half.name + ".bias", stored.tensor->name, *type,
                                              {shape[0], shape[1] / 2}, write);
            !added)
            return added;
    }
    return {};
}

Result<void> FolderMapping::mapBlocks(const std::string& layer, bool gateUp, const StoredTensor& stored)
{
    const Shape& shape = stored.tensor->shape;
    const std::string original = unwrapped(stored.tensor->name);
    const std::string_view ending = "_blocks";
    const auto powers = m_stored.find(original.substr(0, original.size() - ending.size()) + "_scales");
    const bool good = shape.size() == 4 && shape[3] == kNibbleBytes && (!gateUp || shape[1] % 2 == 0) &&
                      stored.tensor->type == SafetensorsType::U8 && powers != m_stored.end() &&
                      powers->second.tensor->type == SafetensorsType::U8 &&
                      powers->second.tensor->shape == Shape{shape[0], shape[1], shape[2]};
    if (!good)
        return refused(stored, "is not in blocks of 32 with a power of two for each beside it");
    const StoredTensor scales = powers->second;
    for (const Half& half : halves(gateUp)) {
        const std::size_t rows = shape[0] * shape[1], blocks = shape[2];
        const auto write = [stored, scales, half, rows, blocks](std::span<std::uint8_t> out) {
            std::uint8_t* to = out.data();
            for (std::size_t row = half.first; row < rows; row += half.every)
                for (std::size_t i = row * blocks; i < (row + 1) * blocks; ++i, to += kBlockBytes) {
                    to[0] = scales.data()[i];
                    reorderBlock(stored.data().data() + i * kNibbleBytes, to + 1);
                }
        };
        if (Result<void> added =
                addConverted(layer + half.name + ".weight", stored.tensor->name, QuantType::MXFP4,
                             {shape[0], shape[1] / half.every, blocks * kBlockValues}, write);
            !added)
            return added;
    }
    return {};
}

} // namespace vitrine::engine
