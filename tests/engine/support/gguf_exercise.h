// SPDX-License-Identifier: GPL-3.0-or-later
// Does with the bytes of a file everything the program does with a model file, but running it. The fuzzer and
// the corpus test share it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "engine/formats/gguf_describe.h"
#include "engine/formats/gguf_file.h"
#include "engine/model/family.h"
#include "engine/tokenizer/tokenizer.h"
#include "kernels/cpu/dequantize.h"
#include "tests/engine/support/exercise.h"

namespace vitrine::test {

inline void readFirstBlock(const engine::TensorInfo& tensor)
{
    if (!kernels::cpu::canDequantize(tensor.type))
        return;
    float values[256];
    kernels::cpu::dequantize(tensor.type, tensor.data, values, kernels::quantInfo(tensor.type).blockValues);
}

inline void readTensors(const engine::GgufFile& file, std::span<const std::uint8_t> bytes)
{
    for (const engine::TensorInfo& tensor : file.tensors()) {
        must(tensor.data >= bytes.data() && tensor.bytes > 0);
        must(tensor.data + tensor.bytes <= bytes.data() + bytes.size());
        must(file.findTensor(tensor.name) == &tensor);
        readFirstBlock(tensor);
    }
}

inline void readMetadata(const engine::GgufFile& file)
{
    for (const engine::MetadataEntry& entry : file.metadata()) {
        must(file.find(entry.key) == &entry.value);
        const int kinds = file.text(entry.key).has_value() + file.boolean(entry.key).has_value() +
                          file.number(entry.key).has_value() + file.numbers(entry.key).has_value() +
                          (file.texts(entry.key) != nullptr);
        must(kinds <= 1);
    }
    must(engine::describeMetadata(file).size() == file.metadata().size());
    must(engine::describeTensors(file).size() == file.tensors().size());
}

/// A tokeniser that the file gives must give back what it takes.
inline void useTokenizer(const engine::GgufFile& file)
{
    const auto tokenizer = engine::Tokenizer::fromGguf(file);
    if (!tokenizer)
        return;
    for (const auto special : {engine::SpecialTokens::Literal, engine::SpecialTokens::Recognised}) {
        const auto ids = (*tokenizer)->encode("ab c\xE8\xA1\x97</s>\xFF", special);
        for (const engine::TokenId id : ids)
            must(id >= 0 && static_cast<std::size_t>(id) < (*tokenizer)->vocabularySize());
        must((*tokenizer)->decode(ids).size() < 4096 + file.fileBytes() * 16);
    }
    must((*tokenizer)->bytes(-1).empty() && (*tokenizer)->bytes(0x7FFFFFFF).empty());
}

/// The refusal, or "" when the bytes are a whole model of a known family.
inline std::string exerciseGguf(std::span<const std::uint8_t> bytes)
{
    const auto file = engine::GgufFile::parse(bytes, "input.gguf");
    if (!file)
        return file.error().message;
    readMetadata(*file);
    readTensors(*file, bytes);
    useTokenizer(*file);
    const auto family = engine::familyOf(*file);
    if (!family)
        return family.error().message;
    const auto config = (*family)->configure(*file);
    if (!config)
        return config.error().message;
    const auto weights = (*family)->weights(*file, *config);
    if (!weights)
        return weights.error().message;
    must(weights->layers.size() == config->layers.size() && weights->head && weights->tokenEmbedding);
    return {};
}

} // namespace vitrine::test
