// SPDX-License-Identifier: GPL-3.0-or-later
// tokenize: JSON strings to JSON arrays of token ids, line by line.
#include "app/cli/command.h"
#include "app/cli/lines.h"

namespace vitrine::cli {

using engine::Result;

Command tokenizeCommand()
{
    return {.name = "tokenize",
            .usage = "[-m MODEL] [--special] < strings.jsonl",
            .summary = "Turns text into token ids, line by line.",
            .details =
                "stdin: one JSON string a line. stdout: one JSON array of ids a line. No bos is added. A\n"
                "GGUF file that holds only a vocabulary is enough.",
            .flags = {vocabularyFlag(), switchFlag("--special", "recognise the text of special tokens")},
            .positionals = {}};
}

int runTokenize(const Arguments& arguments)
{
    const Result<Vocabulary> vocabulary = openVocabulary(arguments);
    if (!vocabulary)
        return fail(vocabulary.error());
    const auto special =
        arguments.has("--special") ? engine::SpecialTokens::Recognised : engine::SpecialTokens::Literal;
    return forEachLine([&](const Json& line) -> Result<Json> {
        if (!line.is_string())
            return engine::badInput("expected a JSON string");
        return Json(vocabulary->tokenizer->encode(line.get_ref<const std::string&>(), special));
    });
}

} // namespace vitrine::cli
