// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/workload/workload_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <sstream>

#include "engine/base/json_text.h"

namespace vitrine::engine {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kUsualMaxTokens = 128;

/// Reads the keys of one line and remembers the first thing wrong.
class LineReader
{
public:
    explicit LineReader(const Json& object) : m_object(object) {}

    double number(const char* key, double fallback, double least, double most)
    {
        const auto found = m_object.find(key);
        if (found == m_object.end() || found->is_null())
            return fallback;
        if (found->is_number() && found->get<double>() >= least && found->get<double>() <= most)
            return found->get<double>();
        reject(key, "a number from " + trimmed(least) + " to " + trimmed(most));
        return fallback;
    }

    std::uint64_t integer(const char* key, std::uint64_t fallback, std::uint64_t least, std::uint64_t most)
    {
        const auto found = m_object.find(key);
        if (found == m_object.end() || found->is_null())
            return fallback;
        const bool whole = found->is_number_unsigned();
        if (whole && found->get<std::uint64_t>() >= least && found->get<std::uint64_t>() <= most)
            return found->get<std::uint64_t>();
        reject(key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return fallback;
    }

    std::string text(const char* key)
    {
        const auto found = m_object.find(key);
        if (found == m_object.end() || found->is_null())
            return {};
        if (found->is_string())
            return found->get<std::string>();
        reject(key, "a string");
        return {};
    }

    bool flag(const char* key)
    {
        const auto found = m_object.find(key);
        if (found == m_object.end())
            return false;
        if (!found->is_boolean())
            reject(key, "true or false");
        return found->is_boolean() && found->get<bool>();
    }

    Prompt prompt()
    {
        const auto tokens = m_object.find("tokens");
        if ((tokens != m_object.end()) == m_object.contains("prompt")) {
            note("needs either \"prompt\" or \"tokens\"");
            return {};
        }
        if (tokens == m_object.end()) {
            if (!m_object["prompt"].is_string())
                reject("prompt", "a string");
            return text("prompt");
        }
        if (!tokens->is_array())
            reject("tokens", "an array of token ids");
        std::vector<TokenId> ids;
        constexpr std::uint64_t kLargest = std::numeric_limits<TokenId>::max();
        for (const Json& id : *tokens) {
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kLargest) {
                reject("tokens", "an array of token ids");
                return {};
            }
            ids.push_back(id.get<TokenId>());
        }
        return ids;
    }

    void note(const std::string& text)
    {
        if (m_error.empty())
            m_error = text;
    }
    const std::string& error() const { return m_error; }

private:
    static std::string trimmed(double value)
    {
        std::ostringstream out;
        out << value;
        return out.str();
    }
    void reject(const std::string& key, const std::string& wanted)
    {
        note("\"" + key + "\" must be " + wanted);
    }

    const Json& m_object;
    std::string m_error;
};

void tellUnknown(const Json& object, std::set<std::string>& told,
                 const std::function<void(const std::string&)>& onUnknown)
{
    static constexpr std::array kKnown = {
        "id", "arrival_s", "prompt", "tokens", "max_tokens", "temperature", "seed",  "priority", "client",
        "n",  "top_k",     "top_p",  "min_p",  "ignore_eos", "window",      "sinks", "keep"};
    for (const auto& [key, value] : object.items()) {
        const bool known = std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end();
        if (!known && told.insert(key).second)
            onUnknown(key);
    }
}

Result<WorkloadItem> parseItem(const Json& object, std::size_t number)
{
    if (!object.is_object())
        return badInput("expected a JSON object");
    LineReader line(object);
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    WorkloadItem item;
    item.id = object.contains("id") ? object["id"].dump() : std::to_string(number);
    item.arrivalSeconds = line.number("arrival_s", 0.0, 0.0, 1e7);
    GenerationRequest& request = item.request;
    request.prompt = line.prompt();
    request.maxTokens = static_cast<std::uint32_t>(line.integer("max_tokens", kUsualMaxTokens, 1, kMost));
    request.sampling.temperature = static_cast<float>(line.number("temperature", 0.0, 0.0, 100.0));
    request.sampling.topK = static_cast<std::uint32_t>(line.integer("top_k", 0, 0, kMost));
    request.sampling.topP = static_cast<float>(line.number("top_p", 1.0, 0.0, 1.0));
    request.sampling.minP = static_cast<float>(line.number("min_p", 0.0, 0.0, 1.0));
    request.sampling.seed = line.integer("seed", 0, 0, std::numeric_limits<std::uint64_t>::max());
    request.priority = static_cast<std::int32_t>(line.number("priority", 0.0, -1e6, 1e6));
    request.client = line.text("client");
    request.ignoreEndOfGeneration = line.flag("ignore_eos");
    item.samples = static_cast<std::uint32_t>(line.integer("n", 1, 1, 256));
    if (const std::uint64_t window = line.integer("window", 0, 0, kMost); window > 0)
        request.endless = {static_cast<std::uint32_t>(line.integer("sinks", 16, 0, kMost)),
                           static_cast<std::uint32_t>(window)};
    request.keepTokens = static_cast<std::uint32_t>(line.integer("keep", 0, 0, kMost));
    return line.error().empty() ? Result<WorkloadItem>(std::move(item)) : badInput(line.error());
}

} // namespace

Result<Workload> parseWorkload(const std::string& text, const std::string& name,
                               const std::function<void(const std::string&)>& onUnknown)
{
    Workload items;
    std::set<std::string> told;
    std::istringstream lines(text);
    std::string line, error;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        const std::optional<Json> document = parseJson(line, error);
        Result<WorkloadItem> item =
            document ? parseItem(*document, number) : Result<WorkloadItem>(badInput(error));
        if (!item)
            return Error{item.error().code,
                         name + ", line " + std::to_string(number) + ": " + item.error().message};
        tellUnknown(*document, told, onUnknown);
        items.push_back(std::move(*item));
    }
    return items;
}

std::string workloadLine(const WorkloadItem& item)
{
    const GenerationRequest& request = item.request;
    Json line{{"id", Json::parse(item.id)}, {"arrival_s", std::round(item.arrivalSeconds * 1e6) / 1e6}};
    if (const auto* tokens = std::get_if<std::vector<TokenId>>(&request.prompt))
        line["tokens"] = *tokens;
    else
        line["prompt"] = std::get<std::string>(request.prompt);
    line["max_tokens"] = request.maxTokens;
    line["temperature"] = request.sampling.temperature;
    line["seed"] = request.sampling.seed;
    line["priority"] = request.priority;
    line["client"] = request.client;
    line["ignore_eos"] = request.ignoreEndOfGeneration;
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace vitrine::engine
