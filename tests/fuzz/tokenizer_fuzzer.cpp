// SPDX-License-Identifier: GPL-3.0-or-later
// The first two bytes say how long the text is; it is encoded by the vocabulary of the GGUF file after it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/tokenizer/stream_decoder.h"
#include "engine/tokenizer/tokenizer.h"

using namespace vitrine::engine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::size_t length = std::min<std::size_t>(data[0] | data[1] << 8, size - 2);
    const std::string text(reinterpret_cast<const char*>(data + 2), length);
    const auto file = GgufFile::parse({data + 2 + length, size - 2 - length}, "fuzz");
    if (!file)
        return 0;
    const auto tokenizer = Tokenizer::fromGguf(*file);
    if (!tokenizer)
        return 0;
    for (const SpecialTokens special : {SpecialTokens::Literal, SpecialTokens::Recognised}) {
        const auto ids = (*tokenizer)->encode(text, special);
        StreamDecoder stream(**tokenizer);
        std::string streamed;
        for (const TokenId id : ids)
            streamed += stream.push(id);
        streamed += stream.finish();
        if (streamed != (*tokenizer)->decode(ids, false))
            std::abort();
    }
    return 0;
}
