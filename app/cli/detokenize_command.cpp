// SPDX-License-Identifier: GPL-3.0-or-later
// detokenize: JSON arrays of token ids to JSON strings, line by line.
#include "app/cli/command.h"
#include "app/cli/lines.h"

namespace vitrine::cli {

using engine::Result;

Command detokenizeCommand()
{
    return {.name = "detokenize",
            .usage = "[-m MODEL] < ids.jsonl",
            .summary = "Turns token ids into text, line by line.",
            .details =
                "stdin: one JSON array of ids a line. stdout: one JSON string a line; special tokens are\n"
                "written out. A GGUF file that holds only a vocabulary is enough.",
            .flags = {vocabularyFlag()},
            .positionals = {}};
}

int runDetokenize(const Arguments& arguments)
{
    const Result<Vocabulary> vocabulary = openVocabulary(arguments);
    if (!vocabulary)
        return fail(vocabulary.error());
    return forEachLine([&](const Json& line) -> Result<Json> {
        const Result<std::vector<engine::TokenId>> ids =
            tokenIds(line, vocabulary->tokenizer->vocabularySize());
        if (!ids)
            return ids.error();
        return Json(vocabulary->tokenizer->decode(*ids));
    });
}

} // namespace vitrine::cli
