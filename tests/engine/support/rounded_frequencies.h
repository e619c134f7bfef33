// SPDX-License-Identifier: GPL-3.0-or-later
// The reference of the tiny models rounded its rotation frequencies to bfloat16. Rope factors in a model file
// make this program do the same.
#pragma once

#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "engine/execution/rope_table.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/model_files.h"

namespace vitrine::engine::test {

using vitrine::test::Bytes;

inline float roundedToBf16(float x)
{
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) & 0xFFFF0000U);
}

/// What each frequency of the model is to be divided by. Where the file has factors, they go on applying.
inline std::vector<float> roundingFactors(const Model& model)
{
    std::vector<float> factors(model.config().rotated() / 2, 1.0F);
    if (const WeightView& view = model.weights().ropeFactors)
        std::memcpy(factors.data(), view.data, factors.size() * sizeof(float));
    const RopeTable table(model.config(), factors);
    VT_CHECK(table.kinds() == 1);
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const double frequency = table.frequencies(0)[i];
        factors[i] *= static_cast<float>(frequency / roundedToBf16(static_cast<float>(frequency)));
    }
    return factors;
}

/// The bytes of a file with one more vector of float32. REQUIRES: tensors are aligned to 32 bytes.
inline Bytes withVector(const GgufFile& file, Bytes bytes, std::string_view name,
                        const std::vector<float>& values)
{
    const auto align = [](Bytes& out) { out.resize((out.size() + 31) / 32 * 32); };
    std::uint64_t dataStart = std::numeric_limits<std::uint64_t>::max();
    for (const TensorInfo& tensor : file.tensors())
        dataStart = std::min(dataStart, file.offsetOf(tensor));
    const TensorInfo& last = file.tensors().back();
    Bytes entry; // the beginning of the last tensor's description, behind which the new one goes
    vitrine::test::appendText(entry, last.name);
    const auto header = bytes.begin() + static_cast<std::ptrdiff_t>(dataStart);
    const auto at = std::find_end(bytes.begin(), header, entry.begin(), entry.end());
    VT_CHECK(at != header);
    const std::size_t rest = sizeof(std::uint32_t) * 2 + sizeof(std::uint64_t) * (last.dimensions + 1);
    Bytes data(header, bytes.end());
    align(data);
    bytes.resize(static_cast<std::size_t>(at - bytes.begin()) + entry.size() + rest);
    const std::uint64_t count = file.tensors().size() + 1;
    std::memcpy(&bytes[8], &count, sizeof count);
    vitrine::test::appendText(bytes, name);
    vitrine::test::append<std::uint32_t>(bytes, 1);
    vitrine::test::append<std::uint64_t>(bytes, values.size());
    vitrine::test::append<std::uint32_t>(bytes, 0); // F32
    vitrine::test::append<std::uint64_t>(bytes, data.size());
    align(bytes);
    vitrine::test::appendBytes(bytes, data);
    for (const float value : values)
        vitrine::test::append(bytes, value);
    return bytes;
}

/// The tiny model with rope factors that make each frequency a bfloat16 number.
inline std::shared_ptr<const Model> withRoundedFrequencies(const std::string& family)
{
    const std::shared_ptr<const Model> model = tinyModel(family);
    std::ifstream stream(model->path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    Bytes bytes(text.begin(), text.end());
    const std::vector<float> factors = roundingFactors(*model);
    const TensorInfo* present = model->file().findTensor("rope_freqs.weight");
    if (present != nullptr)
        std::memcpy(&bytes[model->file().offsetOf(*present)], factors.data(), factors.size() * sizeof(float));
    else
        bytes = withVector(model->file(), std::move(bytes), "rope_freqs.weight", factors);
    const std::filesystem::path path = std::filesystem::temp_directory_path() / "vitrine_rounded_model.gguf";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    std::shared_ptr<const Model> rounded = loadModel(path.string());
    std::filesystem::remove(path);
    return rounded;
}

} // namespace vitrine::engine::test
