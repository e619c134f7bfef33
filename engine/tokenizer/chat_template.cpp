// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/chat_template.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/jinja/json_value.h"
#include "engine/tokenizer/jinja/parser.h"

namespace vitrine::engine {

struct ChatTemplate::Program
{
    jinja::Block block;
};

namespace {

constexpr std::size_t kLongestSource = 4U << 20;

std::optional<std::tm> parseNow(const std::string& text)
{
    std::tm now{};
    char separator = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2d-%2d%c%2d:%2d:%2d", &now.tm_year, &now.tm_mon,
                                 &now.tm_mday, &separator, &now.tm_hour, &now.tm_min, &now.tm_sec);
    const bool inside = now.tm_mon >= 1 && now.tm_mon <= 12 && now.tm_mday >= 1 && now.tm_mday <= 31 &&
                        now.tm_year >= 0 && now.tm_hour >= 0 && now.tm_hour < 24 && now.tm_min >= 0 &&
                        now.tm_min < 60 && now.tm_sec >= 0 && now.tm_sec < 62;
    if ((read != 3 && read != 7) || !inside)
        return std::nullopt;
    now.tm_year -= 1900;
    now.tm_mon -= 1;
    now.tm_isdst = -1;
    std::tm day = now; // timegm fills in the day of the week and of the year
    timegm(&day);
    now.tm_wday = day.tm_wday;
    now.tm_yday = day.tm_yday;
    return now;
}

} // namespace

ChatTemplate::ChatTemplate(std::unique_ptr<const Program> program) : m_program(std::move(program)) {}
ChatTemplate::~ChatTemplate() = default;

Result<std::unique_ptr<const ChatTemplate>> ChatTemplate::compile(std::string_view source)
{
    if (source.size() > kLongestSource)
        return badInput("the chat template is too long: " + std::to_string(source.size()) + " bytes");
    auto block = jinja::parse(source);
    if (!block)
        return block.error();
    auto program = std::make_unique<Program>();
    program->block = std::move(*block);
    return std::unique_ptr<const ChatTemplate>(new ChatTemplate(std::move(program)));
}

Result<std::string> ChatTemplate::render(const nlohmann::ordered_json& variables) const
{
    if (!variables.is_object())
        return invalidArgument("the variables of a chat template must be a JSON object");
    jinja::Interpreter interpreter;
    for (const auto& [name, value] : variables.items()) {
        if (name != "now") {
            interpreter.assign(name, jinja::fromJson(interpreter, value));
            continue;
        }
        const auto now = value.is_string() ? parseNow(value.get_ref<const std::string&>()) : std::nullopt;
        if (!now)
            return invalidArgument("\"now\" must be a time such as 2026-01-02T03:04:05");
        interpreter.setNow(*now);
    }
    if (!interpreter.failed())
        interpreter.execute(m_program->block);
    if (interpreter.failed())
        return badInput(interpreter.error());
    return interpreter.takeOutput();
}

Result<std::string> ChatTemplate::render(const std::vector<ChatMessage>& messages, bool addGenerationPrompt,
                                         std::string_view bosText, std::string_view eosText) const
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const ChatMessage& message : messages)
        list.push_back({{"role", message.role}, {"content", message.content}});
    // Published templates are written for a renderer that always passes these two, as none when there are
    // none.
    return render(nlohmann::ordered_json{{"messages", std::move(list)},
                                         {"tools", nullptr},
                                         {"documents", nullptr},
                                         {"add_generation_prompt", addGenerationPrompt},
                                         {"bos_token", bosText},
                                         {"eos_token", eosText}});
}

} // namespace vitrine::engine
