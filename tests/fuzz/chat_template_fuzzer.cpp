// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a chat template, rendered with a small conversation.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/chat_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto variables = nlohmann::ordered_json::parse(R"({
        "messages": [{"role": "user", "content": "Hi é"}, {"role": "assistant", "content": " a\nb "}],
        "tools": [{"function": {"name": "f", "parameters": {"p": {"type": "string"}}}}], "n": null, "x": 2.5,
        "add_generation_prompt": true, "bos_token": "<s>", "l": [3, 1, 2], "now": "2026-01-02T03:04:05"})");
    const auto compiled = vitrine::engine::ChatTemplate::compile({reinterpret_cast<const char*>(data), size});
    if (compiled)
        (void)(*compiled)->render(variables);
    return 0;
}
