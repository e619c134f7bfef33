// SPDX-License-Identifier: GPL-3.0-or-later
// Command-line flags as data: what a command takes, what it refuses, and what a later version will bring.
// Unknown flags, missing values, values out of range and flags of a later version are errors, never ignored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace vitrine::cli {

enum class FlagKind : std::uint8_t { Switch, Text, Integer, Number };

struct Flag
{
    std::string name;  ///< "--threads"
    std::string alias; ///< "-t" or empty
    FlagKind kind = FlagKind::Switch;
    std::string value; ///< what stands in the help: "N"
    std::string help;
    double least = 0.0, most = 0.0;        ///< for numbers
    double mostYet = 0.0;                  ///< larger ones belong to a later version; 0: none does
    std::vector<std::string> choices = {}; ///< for texts; empty: anything
    std::vector<std::string> words = {};   ///< for numbers: taken as well
    std::vector<std::string> later = {};   ///< choices that a later version brings
    bool notYet = false;                   ///< the whole flag belongs to a later version
    bool required = false;
    std::string needs = {}; ///< another flag without which this one means nothing
};

Flag switchFlag(std::string name, std::string help);
Flag textFlag(std::string name, std::string value, std::string help);
Flag choiceFlag(std::string name, std::vector<std::string> choices, std::vector<std::string> later,
                std::string help);
Flag integerFlag(std::string name, std::string value, double least, double most, std::string help);
Flag numberFlag(std::string name, std::string value, double least, double most, std::string help);
/// A flag of the contract whose part is built later; `value` empty for a switch.
Flag laterFlag(std::string name, std::string value, std::string help);

struct Command
{
    std::string name;
    std::string usage;   ///< what follows the name: "KIND [flags]"
    std::string summary; ///< one sentence
    std::string details; ///< formats of input and output; may be empty
    std::vector<Flag> flags;
    std::vector<std::string> positionals; ///< names of required words, in order
};

/// The help of one command, ready to print.
std::string helpText(const Command& command);

class Arguments
{
public:
    /// Words after the command's name. Errors are ErrorCode::InvalidArgument.
    static engine::Result<Arguments> parse(const Command& command, const std::vector<std::string>& words);

    bool has(const std::string& flag) const { return m_values.contains(flag); }
    std::string text(const std::string& flag, const std::string& fallback = "") const;
    /// Checked to be inside the flag's range.
    std::uint64_t integer(const std::string& flag, std::uint64_t fallback) const;
    double number(const std::string& flag, double fallback) const;
    const std::string& positional(std::size_t index) const { return m_positionals[index]; }

private:
    engine::Result<void> take(const Command& command, const std::vector<std::string>& words, std::size_t& at);
    engine::Result<void> store(const Flag& flag, const std::string& value);

    std::map<std::string, std::string> m_values; // by full name
    std::vector<std::string> m_positionals;
};

/// The whole text as a number; nullopt for anything else ("12x", "nan", "").
std::optional<double> parseNumber(const std::string& text);
/// A non-negative whole number without sign; nullopt for anything else.
std::optional<std::uint64_t> parseInteger(const std::string& text);

} // namespace vitrine::cli
