// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lines.h"

#include <iostream>

#include "engine/tokenizer/model_tokenizer.h"

namespace vitrine::cli {

using engine::badInput;
using engine::Result;
using engine::TokenId;

namespace {

bool isBlank(const std::string& line)
{
    return line.find_first_not_of(" \t\r") == std::string::npos;
}

/// Calls `handle(line, number)` for each line of stdin until it answers false; blank lines at the end of the
/// input are no lines.
void readLines(const std::function<bool(const std::string&, std::size_t)>& handle)
{
    std::string line;
    std::size_t blanks = 0; // not handed on yet
    for (std::size_t number = 1; !g_stopRequested && std::getline(std::cin, line); ++number) {
        if (isBlank(line)) {
            ++blanks;
            continue;
        }
        for (; blanks > 0; --blanks) {
            if (!handle("", number - blanks))
                return;
        }
        if (!handle(line, number))
            return;
    }
}

} // namespace

Flag vocabularyFlag()
{
    Flag flag =
        textFlag("--model", "MODEL",
                 "model or vocabulary (.gguf), or a model's folder; the installed default without it");
    flag.alias = "-m";
    return flag;
}

Result<Vocabulary> openVocabulary(const Arguments& arguments)
{
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return path.error();
    Result<engine::GgufFile> file = engine::GgufFile::open(*path);
    if (!file)
        return file.error();
    Result<engine::FolderTokenizer> read = engine::readModelTokenizer(*file);
    if (!read)
        return read.error();
    return Vocabulary{std::move(*file), std::move(read->tokenizer), std::move(read->chatTemplates)};
}

Result<std::vector<TokenId>> tokenIds(const Json& value, std::size_t vocabularySize)
{
    if (!value.is_array())
        return badInput("expected a JSON array of token ids");
    std::vector<TokenId> ids;
    ids.reserve(value.size());
    for (const Json& element : value) {
        const bool known = element.is_number_unsigned() && element.get<std::uint64_t>() < vocabularySize;
        if (!known)
            return badInput("element " + std::to_string(ids.size()) + " is not a token id from 0 to " +
                            std::to_string(vocabularySize - 1));
        ids.push_back(element.get<TokenId>());
    }
    return ids;
}

int forEachLine(const std::function<Result<Json>(const Json&)>& convert)
{
    int code = kExitOk;
    readLines([&](const std::string& line, std::size_t number) {
        std::string error;
        const std::optional<Json> document = parseJson(line, error);
        const Result<Json> answer = document ? convert(*document) : Result<Json>(badInput(error));
        if (answer)
            printLine(*answer);
        else
            code =
                fail({answer.error().code, "line " + std::to_string(number) + ": " + answer.error().message});
        return answer.has_value();
    });
    return code;
}

int forEachRawLine(const std::function<Json(const std::string&)>& handle)
{
    readLines([&](const std::string& line, std::size_t) {
        printLine(handle(line));
        return true;
    });
    return kExitOk;
}

} // namespace vitrine::cli
