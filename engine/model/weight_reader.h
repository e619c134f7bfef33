// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the weights of a model by name and checks their shape and type. As with ConfigReader, the first
// complaint is kept. Made and used inside one Family::weights call.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/model/weights.h"

namespace vitrine::engine {

class WeightReader
{
public:
    /// Borrows the file.
    explicit WeightReader(const GgufFile& file) : m_file(&file) {}

    WeightView matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns);
    WeightView vector(const std::string& name, std::uint64_t size);
    /// `count` matrices [rows, columns] in one tensor: a view of count * rows rows.
    WeightView stack(const std::string& name, std::uint64_t count, std::uint64_t rows, std::uint64_t columns);
    WeightView optionalMatrix(const std::string& name, std::uint64_t rows, std::uint64_t columns);
    WeightView optionalVector(const std::string& name, std::uint64_t size);

    bool has(const std::string& name) const { return m_file->findTensor(name) != nullptr; }
    std::uint64_t rowsOf(const std::string& name) const; ///< 0: there is no such tensor

    /// The weights, or the first complaint. A tensor that nobody asked for is a complaint too: leaving out a
    /// bias or an expert would give wrong text without a word.
    Result<ModelWeights> finish(ModelWeights weights);

private:
    /// Of the shape, outermost dimension first.
    WeightView take(const std::string& name, std::initializer_list<std::uint64_t> shape);
    void complain(const std::string& name, const std::string& what);

    const GgufFile* m_file;
    std::unordered_set<std::string_view> m_taken;
    std::optional<Error> m_error;
};

} // namespace vitrine::engine
