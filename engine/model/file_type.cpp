// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, "general.file_type".
#include "engine/model/file_type.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace vitrine::engine {

namespace {

std::string_view nameOf(std::uint64_t number)
{
    constexpr std::string_view kNames[] = {
        "F32",    "F16",    "Q4_0",   "Q4_1",    "",       "",       "",       "Q8_0",   "Q5_0",  "Q5_1",
        "Q2_K",   "Q3_K_S", "Q3_K_M", "Q3_K_L",  "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K",  "IQ2_XXS",
        "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S",  "IQ4_NL", "IQ3_S",  "IQ3_M",  "IQ2_S", "IQ2_M",
        "IQ4_XS", "IQ1_M",  "BF16",   "",        "",       "",       "TQ1_0",  "TQ2_0",  "MXFP4",
    };
    return number < std::size(kNames) ? kNames[number] : std::string_view();
}

} // namespace

std::string fileTypeName(const GgufFile& file)
{
    if (const auto number = file.integer("general.file_type")) {
        if (const std::string_view name = nameOf(*number); !name.empty())
            return std::string(name);
    }
    std::map<kernels::QuantType, std::uint64_t> bytes;
    for (const TensorInfo& tensor : file.tensors())
        bytes[tensor.type] += tensor.bytes;
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto most = std::max_element(bytes.begin(), bytes.end(), less);
    return most == bytes.end() ? std::string() : kernels::quantInfo(most->first).name;
}

} // namespace vitrine::engine
