// SPDX-License-Identifier: GPL-3.0-or-later
// inspect: what a model file says about itself. Needs nothing but a sound file: no family, no tokeniser.
#include <algorithm>
#include <cstdio>
#include <type_traits>

#include "app/cli/command.h"
#include "app/cli/plan_report.h"
#include "engine/base/text.h"
#include "engine/formats/gguf_describe.h"
#include "engine/model/file_facts.h"

namespace vitrine::cli {

using engine::FileFacts;
using engine::GgufFile;
using engine::Result;

namespace {

constexpr std::size_t kMostElements = 32; // of an array; vocabularies have a hundred thousand

template<class T>
Json elementJson(const T& value)
{
    if constexpr (std::is_same_v<T, std::string_view>)
        return std::string(value);
    else
        return value;
}

/// A cut array becomes an object, which metadata has none of: nobody takes a part for the whole.
template<class T>
Json arrayJson(const std::vector<T>& elements)
{
    Json first = Json::array();
    for (std::size_t i = 0; i < std::min(elements.size(), kMostElements); ++i)
        first.push_back(elementJson<T>(elements[i]));
    if (elements.size() <= kMostElements)
        return first;
    return {{"length", elements.size()}, {"first", std::move(first)}};
}

Json valueJson(const engine::MetadataValue& value)
{
    return std::visit(
        [](const auto& held) -> Json {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, engine::MetadataArray>)
                return std::visit([](const auto& array) { return arrayJson(array); }, held);
            else
                return elementJson(held);
        },
        value);
}

Json metadataJson(const GgufFile& file)
{
    Json metadata = Json::object();
    // Keys are unique in a file that was opened: no search for each one, there may be a million.
    auto& entries = metadata.get_ref<Json::object_t&>();
    for (const engine::MetadataEntry& entry : file.metadata())
        entries.emplace_back(std::string(entry.key), valueJson(entry.value));
    return metadata;
}

Json tensorsJson(const GgufFile& file)
{
    Json tensors = Json::array();
    for (const engine::TensorInfo& tensor : file.tensors()) {
        Json shape = Json::array();
        for (std::uint32_t i = tensor.dimensions; i-- > 0;)
            shape.push_back(tensor.shape[i]);
        tensors.push_back({{"name", std::string(tensor.name)},
                           {"type", engine::typeText(tensor)},
                           {"shape", std::move(shape)},
                           {"bytes", tensor.bytes},
                           {"offset", file.offsetOf(tensor)}});
    }
    return tensors;
}

Json textOrNull(const std::string& text)
{
    return text.empty() ? Json() : Json(text);
}

void printJson(const GgufFile& file, bool withTensors)
{
    const FileFacts facts = engine::factsOf(file);
    Json document{{"file", file.path()},
                  {"bytes", file.fileBytes()},
                  {"version", file.version()},
                  {"architecture", textOrNull(facts.architecture)},
                  {"quantisation", textOrNull(facts.fileType)},
                  {"context_length", facts.contextLength ? Json(*facts.contextLength) : Json()},
                  {"parameters", facts.parameters},
                  {"active_parameters", facts.activeParameters},
                  {"experts", facts.experts},
                  {"experts_per_token", facts.expertsPerToken},
                  {"tensor_count", file.tensors().size()}};
    document["metadata"] = metadataJson(file);
    if (withTensors)
        document["tensors"] = tensorsJson(file);
    printLine(document);
}

void printFact(const char* name, const std::string& value)
{
    std::printf("%-13s %s\n", name, value.empty() ? "not stated" : value.c_str());
}

void printLines(const char* heading, const std::vector<std::string>& lines)
{
    std::printf("\n%s (%zu)\n", heading, lines.size());
    for (const std::string& line : lines)
        std::printf("  %s\n", line.c_str());
}

std::string sizeText(std::uint64_t bytes)
{
    std::string text = std::to_string(bytes) + " bytes";
    if (bytes < 100'000)
        return text;
    char megabytes[32];
    std::snprintf(megabytes, sizeof megabytes, " (%.1f MB)", static_cast<double>(bytes) / 1e6);
    return text + megabytes;
}

void printText(const GgufFile& file, bool withTensors)
{
    const FileFacts facts = engine::factsOf(file);
    printFact("file", file.path());
    printFact("size", sizeText(file.fileBytes()));
    if (file.folder() != nullptr)
        printFact("format", "folder, safetensors in " + std::to_string(file.files()) +
                                (file.files() == 1 ? " file" : " files") + "; under the names of GGUF");
    else
        printFact("version", "GGUF " + std::to_string(file.version()));
    printFact("architecture", facts.architecture);
    printFact("quantisation", facts.fileType);
    printFact("context", facts.contextLength ? std::to_string(*facts.contextLength) + " tokens" : "");
    printFact("parameters", std::to_string(facts.parameters));
    if (facts.experts > 0)
        printFact("experts", std::to_string(facts.experts) + ", " + std::to_string(facts.expertsPerToken) +
                                 " a token: " + std::to_string(facts.activeParameters) +
                                 " parameters active");
    printFact("tensors", std::to_string(file.tensors().size()));
    printLines("metadata", engine::describeMetadata(file));
    if (withTensors)
        printLines("tensors", engine::describeTensors(file));
}

Flag onlyWithPlan(Flag flag)
{
    flag.needs = "--plan";
    return flag;
}

int inspectPlan(const Arguments& arguments, const std::string& path)
{
    const Result<std::shared_ptr<const engine::Model>> model = engine::Model::loadToCompute(path);
    if (!model)
        return fail(model.error());
    const Result<engine::RankPlan> plan = engine::planRanks(**model, engineOptions(arguments).executor);
    if (!plan)
        return fail(plan.error());
    if (arguments.has("--json"))
        printLine({{"file", path}, {"plan", planReport(*plan)}});
    else
        printPlan(*plan);
    return kExitOk;
}

} // namespace

Command inspectCommand()
{
    return {
        .name = "inspect",
        .usage = "[-m MODEL] [--tensors] [--plan] [--json]",
        .summary = "Shows the metadata and tensors of a model file, or how it can be shared out.",
        .details =
            "Any GGUF file will do, also one with only a vocabulary or of a family that cannot be run, or a\n"
            "folder with config.json and safetensors, which is shown under the names of GGUF files.\n"
            "Shapes are outermost dimension first, offsets count from the start of the file. In JSON an\n"
            "array of more than 32 elements is {\"length\", \"first\"}; a number that JSON cannot hold\n"
            "(infinity, not a number) is null. --plan loads the model and measures this machine for a\n"
            "second: milliseconds that a step is predicted to take with each number of stages and ranks\n"
            "(one reply, 32 of them, 512 tokens of a prompt), and which is chosen.",
        .flags = {modelFlags().front(), switchFlag("--tensors", "the list of tensors as well"),
                  switchFlag("--plan", "what several processes would bring, instead of the metadata"),
                  onlyWithPlan(integerFlag("--threads", "N", 1, 1024,
                                           "of all processes together; one per physical core without it")),
                  onlyWithPlan(switchFlag("--deterministic", "with one numeric path")),
                  switchFlag("--json", "one JSON document instead of text")},
        .positionals = {}};
}

int runInspect(const Arguments& arguments)
{
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return fail(path.error());
    if (arguments.has("--plan"))
        return inspectPlan(arguments, *path);
    const Result<GgufFile> file = GgufFile::open(*path);
    if (!file)
        return fail(file.error());
    const bool withTensors = arguments.has("--tensors");
    if (arguments.has("--json"))
        printJson(*file, withTensors);
    else
        printText(*file, withTensors);
    return kExitOk;
}

} // namespace vitrine::cli
