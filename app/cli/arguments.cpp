// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>

namespace vitrine::cli {

using engine::invalidArgument;
using engine::Result;

namespace {

std::string shortNumber(double value)
{
    std::ostringstream out;
    out.precision(15);
    out << value;
    return out.str();
}

/// Bounds of whole numbers in full: 2^64 as a double stands for the largest one there is.
std::string bound(const Flag& flag, double value)
{
    if (flag.kind != FlagKind::Integer)
        return shortNumber(value);
    return std::to_string(value >= 0x1p64 ? std::numeric_limits<std::uint64_t>::max()
                                          : static_cast<std::uint64_t>(value));
}

std::string joined(const std::vector<std::string>& words, const char* separator)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : separator) + word;
    return text;
}

const Flag* findFlag(const Command& command, const std::string& name)
{
    for (const Flag& flag : command.flags) {
        if (flag.name == name || (!flag.alias.empty() && flag.alias == name))
            return &flag;
    }
    return nullptr;
}

engine::Error notYet(const std::string& what)
{
    return invalidArgument(what + " is not available yet");
}

Result<void> checkRange(const Flag& flag, const std::string& text)
{
    const bool whole = flag.kind == FlagKind::Integer;
    const std::optional<std::uint64_t> integer = whole ? parseInteger(text) : std::nullopt;
    const std::optional<double> value =
        whole ? (integer ? std::optional<double>(static_cast<double>(*integer)) : std::nullopt)
              : parseNumber(text);
    if (!value || *value < flag.least || *value > flag.most)
        return invalidArgument(flag.name + " takes " +
                               (flag.words.empty() ? "" : joined(flag.words, ", ") + " or ") + "a " +
                               (whole ? "whole " : "") + "number from " + bound(flag, flag.least) + " to " +
                               bound(flag, flag.most) + ", not \"" + text + "\"");
    return {};
}

std::string flagColumn(const Flag& flag)
{
    std::string text = flag.alias.empty() ? flag.name : flag.alias + ", " + flag.name;
    if (!flag.value.empty())
        text += " " + flag.value;
    return text;
}

} // namespace

Flag switchFlag(std::string name, std::string help)
{
    return {.name = std::move(name), .alias = {}, .value = {}, .help = std::move(help)};
}

Flag textFlag(std::string name, std::string value, std::string help)
{
    return {.name = std::move(name),
            .alias = {},
            .kind = FlagKind::Text,
            .value = std::move(value),
            .help = std::move(help)};
}

Flag choiceFlag(std::string name, std::vector<std::string> choices, std::vector<std::string> later,
                std::string help)
{
    std::vector<std::string> all = choices;
    all.insert(all.end(), later.begin(), later.end());
    Flag flag = textFlag(std::move(name), joined(all, "|"), std::move(help));
    flag.choices = std::move(choices);
    flag.later = std::move(later);
    return flag;
}

Flag integerFlag(std::string name, std::string value, double least, double most, std::string help)
{
    Flag flag = textFlag(std::move(name), std::move(value), std::move(help));
    flag.kind = FlagKind::Integer;
    flag.least = least;
    flag.most = most;
    return flag;
}

Flag numberFlag(std::string name, std::string value, double least, double most, std::string help)
{
    Flag flag = integerFlag(std::move(name), std::move(value), least, most, std::move(help));
    flag.kind = FlagKind::Number;
    return flag;
}

Flag laterFlag(std::string name, std::string value, std::string help)
{
    Flag flag = textFlag(std::move(name), std::move(value), std::move(help) + " (not available yet)");
    if (flag.value.empty())
        flag.kind = FlagKind::Switch;
    flag.notYet = true;
    return flag;
}

std::string helpText(const Command& command)
{
    std::string text = "vitrine-cli " + command.name + " " + command.usage + "\n\n" + command.summary + "\n";
    if (!command.details.empty())
        text += "\n" + command.details + "\n";
    text += "\nFlags:\n";
    std::size_t width = 0;
    for (const Flag& flag : command.flags)
        width = std::max(width, std::min<std::size_t>(28, flagColumn(flag).size()));
    for (const Flag& flag : command.flags) {
        const std::string column = flagColumn(flag);
        const bool wide = column.size() > width;
        text.append("  ").append(column).append(wide ? "\n" : "");
        text.append(wide ? width + 4 : width + 2 - column.size(), ' ').append(flag.help);
        if (!flag.later.empty())
            text += " (not available yet: " + joined(flag.later, ", ") + ")";
        text += "\n";
    }
    text.append("  --help").append(std::max<std::size_t>(width, 6) - 4, ' ').append("this text\n");
    return text;
}

Result<Arguments> Arguments::parse(const Command& command, const std::vector<std::string>& words)
{
    Arguments arguments;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (const Result<void> taken = arguments.take(command, words, at); !taken)
            return taken.error();
    }
    if (arguments.m_positionals.size() < command.positionals.size())
        return invalidArgument("missing " + command.positionals[arguments.m_positionals.size()]);
    for (const Flag& flag : command.flags) {
        if (flag.required && !arguments.has(flag.name))
            return invalidArgument("missing " + flagColumn(flag));
        if (!flag.needs.empty() && arguments.has(flag.name) && !arguments.has(flag.needs))
            return invalidArgument(flag.name + " needs " + flag.needs);
    }
    return arguments;
}

/// One flag with its value ("--flag value" or "--flag=value"), or one positional word.
Result<void> Arguments::take(const Command& command, const std::vector<std::string>& words, std::size_t& at)
{
    const std::string& word = words[at];
    if (word.size() < 2 || word[0] != '-') {
        if (m_positionals.size() == command.positionals.size())
            return invalidArgument("unexpected argument \"" + word + "\"");
        m_positionals.push_back(word);
        return {};
    }
    const std::size_t equals = word.rfind("--", 0) == 0 ? word.find('=') : std::string::npos;
    const Flag* flag = findFlag(command, word.substr(0, equals));
    if (flag == nullptr)
        return invalidArgument("unknown flag " + word.substr(0, equals));
    if (flag->notYet)
        return notYet(flag->name);
    if (flag->kind == FlagKind::Switch) {
        if (equals != std::string::npos)
            return invalidArgument(flag->name + " takes no value");
        return store(*flag, "");
    }
    if (equals != std::string::npos)
        return store(*flag, word.substr(equals + 1));
    if (at + 1 == words.size())
        return invalidArgument(flag->name + " needs a value: " + flag->value);
    return store(*flag, words[++at]);
}

Result<void> Arguments::store(const Flag& flag, const std::string& value)
{
    const auto contains = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), value) != list.end();
    };
    if (contains(flag.later))
        return notYet(flag.name + " " + value);
    if (!flag.choices.empty() && !contains(flag.choices))
        return invalidArgument(flag.name + " takes " + joined(flag.choices, ", ") + ", not \"" + value +
                               "\"");
    const bool number = flag.kind == FlagKind::Integer || flag.kind == FlagKind::Number;
    if (number && !contains(flag.words)) {
        if (const Result<void> checked = checkRange(flag, value); !checked)
            return checked.error();
        if (flag.mostYet > 0.0 && *parseNumber(value) > flag.mostYet)
            return notYet(flag.name + " above " + shortNumber(flag.mostYet));
    }
    if (!m_values.emplace(flag.name, value).second)
        return invalidArgument(flag.name + " is given twice");
    return {};
}

std::string Arguments::text(const std::string& flag, const std::string& fallback) const
{
    const auto found = m_values.find(flag);
    return found != m_values.end() ? found->second : fallback;
}

std::uint64_t Arguments::integer(const std::string& flag, std::uint64_t fallback) const
{
    return has(flag) ? parseInteger(text(flag)).value_or(fallback) : fallback;
}

double Arguments::number(const std::string& flag, double fallback) const
{
    return has(flag) ? parseNumber(text(flag)).value_or(fallback) : fallback;
}

std::optional<double> parseNumber(const std::string& text)
{
    double value = 0.0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<std::uint64_t> parseInteger(const std::string& text)
{
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

} // namespace vitrine::cli
