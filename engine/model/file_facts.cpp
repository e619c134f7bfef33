// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/file_facts.h"

#include "engine/base/text.h"
#include "engine/model/file_type.h"

namespace vitrine::engine {

namespace {

struct ExpertCounts
{
    std::uint64_t all = 0, perToken = 0;
};

/// As the file has them; {} where they make no sense.
ExpertCounts expertCounts(const GgufFile& file)
{
    const std::string prefix = std::string(file.text("general.architecture").value_or("")) + ".";
    const ExpertCounts counts{file.integer(prefix + "expert_count").value_or(0),
                              file.integer(prefix + "expert_used_count").value_or(0)};
    return counts.perToken > counts.all ? ExpertCounts{} : counts;
}

} // namespace

std::uint64_t countParameters(const GgufFile& file)
{
    std::uint64_t total = 0;
    for (const TensorInfo& tensor : file.tensors())
        total += tensor.columns() * tensor.rows();
    return total;
}

std::uint64_t countActiveParameters(const GgufFile& file)
{
    const ExpertCounts experts = expertCounts(file);
    std::uint64_t total = 0;
    for (const TensorInfo& tensor : file.tensors()) {
        const bool ofExperts = tensor.dimensions == 3 && tensor.shape[2] == experts.all;
        total += tensor.columns() * (ofExperts ? tensor.shape[1] * experts.perToken : tensor.rows());
    }
    return total;
}

FileFacts factsOf(const GgufFile& file)
{
    const std::string_view architecture = file.text("general.architecture").value_or("");
    FileFacts facts;
    facts.name = printable(file.text("general.name").value_or(""));
    facts.architecture = printable(architecture);
    facts.fileType = fileTypeName(file);
    facts.contextLength = file.integer(std::string(architecture) + ".context_length");
    facts.parameters = countParameters(file);
    facts.activeParameters = countActiveParameters(file);
    const ExpertCounts experts = expertCounts(file);
    facts.experts = experts.all;
    facts.expertsPerToken = experts.perToken;
    return facts;
}

} // namespace vitrine::engine
