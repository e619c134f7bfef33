// SPDX-License-Identifier: GPL-3.0-or-later
// template: renders conversations with a chat template, line by line.
#include "app/cli/command.h"
#include "app/cli/lines.h"
#include "engine/tokenizer/chat_template.h"

namespace vitrine::cli {

using engine::ChatTemplate;
using engine::Result;

namespace {

struct Source
{
    std::unique_ptr<const ChatTemplate> compiled;
    std::string bos, eos; ///< texts of the model's tokens; empty with --file
};

Result<Source> fromFile(const std::string& path)
{
    const Result<std::string> text = readInput(path, std::size_t{1} << 24);
    if (!text)
        return text.error();
    Result<std::unique_ptr<const ChatTemplate>> compiled = ChatTemplate::compile(*text);
    if (!compiled)
        return engine::badInput(path + ": " + compiled.error().message);
    return Source{std::move(*compiled), {}, {}};
}

Result<Source> fromModel(const Arguments& arguments)
{
    const Result<Vocabulary> vocabulary = openVocabulary(arguments);
    if (!vocabulary)
        return vocabulary.error();
    if (vocabulary->chatTemplates.empty())
        return engine::badInput(vocabulary->file.path() + " has no chat template");
    Result<std::unique_ptr<const ChatTemplate>> compiled =
        ChatTemplate::compile(vocabulary->chatTemplates.front().source);
    if (!compiled)
        return engine::badInput(vocabulary->file.path() + ": " + compiled.error().message);
    const engine::SpecialTokenIds& special = vocabulary->tokenizer->special();
    const auto textOf = [&](const std::optional<engine::TokenId>& id) {
        return id ? std::string(vocabulary->tokenizer->bytes(*id)) : std::string();
    };
    return Source{std::move(*compiled), textOf(special.bos), textOf(special.eos)};
}

Json renderLine(const Source& source, const std::string& line)
{
    std::string error;
    std::optional<Json> variables = parseJson(line, error);
    if (!variables)
        return {{"error", error}};
    if (!variables->is_object())
        return {{"error", "expected a JSON object with \"messages\""}};
    if (!variables->contains("bos_token") && !source.bos.empty())
        (*variables)["bos_token"] = source.bos;
    if (!variables->contains("eos_token") && !source.eos.empty())
        (*variables)["eos_token"] = source.eos;
    const Result<std::string> text = source.compiled->render(*variables);
    return text ? Json{{"text", *text}} : Json{{"error", text.error().message}};
}

} // namespace

Command templateCommand()
{
    return {
        .name = "template",
        .usage = "(-m MODEL | --file F.jinja) < conversations.jsonl",
        .summary = "Renders conversations with a chat template, line by line.",
        .details =
            "stdin: {\"messages\": [...], \"tools\": [...], \"add_generation_prompt\": true, ...} a line;\n"
            "other keys become variables, \"now\" fixes the clock (2026-01-02T03:04:05).\n"
            "stdout: {\"text\": ...} or {\"error\": ...} a line.",
        .flags = {vocabularyFlag(), textFlag("--file", "F.jinja", "a template file instead of a model's")},
        .positionals = {}};
}

int runTemplate(const Arguments& arguments)
{
    if (arguments.has("--file") && arguments.has("--model"))
        return fail(engine::invalidArgument("template: take -m or --file, not both"));
    const Result<Source> source =
        arguments.has("--file") ? fromFile(arguments.text("--file")) : fromModel(arguments);
    if (!source)
        return fail(source.error());
    return forEachRawLine([&](const std::string& line) { return renderLine(*source, line); });
}

} // namespace vitrine::cli
