// SPDX-License-Identifier: GPL-3.0-or-later
// The first two bytes say how long the text is; it is encoded by the tokenizer.json after it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/tokenizer/stream_decoder.h"
#include "engine/tokenizer/tokenizer_json.h"

using namespace vitrine::engine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::size_t length = std::min<std::size_t>(data[0] | data[1] << 8, size - 2);
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string text(input.substr(2, length));
    TokenizerFiles files;
    files.folder = "fuzz";
    files.tokenizer = input.substr(2 + length);
    const auto read = readTokenizerJson(files);
    if (!read)
        return 0;
    const Tokenizer& tokenizer = *read->tokenizer;
    for (const SpecialTokens special : {SpecialTokens::Literal, SpecialTokens::Recognised}) {
        const auto ids = tokenizer.encode(text, special);
        StreamDecoder stream(tokenizer);
        std::string streamed;
        for (const TokenId id : ids) {
            if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.vocabularySize())
                std::abort();
            if (special == SpecialTokens::Literal && tokenizer.needsRecognition(id) &&
                tokenizer.special().unknown != id)
                std::abort();
            streamed += stream.push(id);
        }
        streamed += stream.finish();
        if (streamed != tokenizer.decode(ids, false))
            std::abort();
    }
    return 0;
}
