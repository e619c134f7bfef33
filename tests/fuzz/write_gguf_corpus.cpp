// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the seeds of tests/data/corpus/gguf: small right files, one for each part of the format.
//   write_gguf_corpus FOLDER
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

namespace {

using namespace vitrine::test;
using vitrine::kernels::QuantType;

constexpr TinyShape kSmallest{
    .hidden = 8, .layers = 1, .heads = 2, .kvHeads = 1, .headDim = 4, .ffn = 8, .vocab = 16, .expertFfn = 8};

GgufWriter model(const char* architecture, const char* vocabulary)
{
    GgufWriter writer = TinyModel(architecture, kSmallest).build();
    addTinyVocabulary(writer, vocabulary, kSmallest.vocab);
    return writer;
}

GgufWriter vocabulary()
{
    GgufWriter writer;
    addTinyVocabulary(writer, "gpt2", kSmallest.vocab);
    writer.version = 2;
    return writer;
}

GgufWriter everyValue()
{
    GgufWriter writer;
    writer.add("u8", std::uint8_t{1}).add("i8", std::int8_t{-1}).add("u16", std::uint16_t{1});
    writer.add("i16", std::int16_t{-1}).add("u32", 1U).add("i32", -1).add("f32", 1.5F).add("bool", true);
    writer.add("text", "text").add("u64", std::uint64_t{1}).add("i64", std::int64_t{-1}).add("f64", 0.1);
    writer.addArray<std::uint8_t>("u8s", {1, 2}).addArray<std::int16_t>("i16s", {-1, 2});
    writer.addArray<bool>("bools", {true, false}).addArray<double>("f64s", {0.1, 0.2});
    writer.addArray("texts", std::vector<std::string>{"a", "", "\xE8\xA1\x97"});
    return writer;
}

GgufWriter everyType()
{
    GgufWriter writer;
    writer.alignment = 64;
    for (std::uint32_t number = 0; number < 40; ++number) {
        const auto type = static_cast<QuantType>(number);
        const std::uint32_t values = vitrine::kernels::quantInfo(type).blockValues;
        if (values != 0)
            writer.tensor("t" + std::to_string(number), type, {values, 1});
    }
    return writer;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        std::fputs("usage: write_gguf_corpus FOLDER\n", stderr);
        return 2;
    }
    const std::pair<const char*, GgufWriter> seeds[] = {
        {"llama", model("llama", "gpt2")},       {"gemma3", model("gemma3", "llama")},
        {"qwen3moe", model("qwen3moe", "gpt2")}, {"vocabulary", vocabulary()},
        {"every_value", everyValue()},           {"every_type", everyType()},
    };
    for (const auto& [name, writer] : seeds) {
        if (!writer.write(std::string(arguments[1]) + "/" + name + ".gguf"))
            return 1;
    }
    return 0;
}
