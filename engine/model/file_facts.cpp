// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/file_facts.h"

#include "engine/base/text.h"
#include "engine/model/file_type.h"

namespace vitrine::engine {

std::uint64_t countParameters(const GgufFile& file)
{
    std::uint64_t total = 0;
    for (const TensorInfo& tensor : file.tensors())
        total += tensor.columns() * tensor.rows();
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
    return facts;
}

} // namespace vitrine::engine
