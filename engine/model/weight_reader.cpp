// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/weight_reader.h"

#include "engine/base/text.h"
#include "engine/formats/gguf_describe.h"
#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace {

std::string wantedShape(std::uint64_t rows, std::uint64_t columns, bool isVector)
{
    std::string text = "[";
    if (!isVector)
        text += std::to_string(rows) + ", ";
    return text + std::to_string(columns) + "]";
}

} // namespace

void WeightReader::complain(const std::string& name, const std::string& what)
{
    if (!m_error)
        m_error = badInput(m_file->path() + ": tensor " + quoted(name) + " " + what);
}

WeightView WeightReader::take(const std::string& name, std::uint64_t rows, std::uint64_t columns,
                              bool isVector)
{
    const TensorInfo* tensor = m_file->findTensor(name);
    if (tensor == nullptr) {
        complain(name, "is missing");
        return {};
    }
    m_taken.insert(tensor->name);
    const std::uint32_t mostDimensions = isVector ? 1 : 2;
    if (tensor->rows() != rows || tensor->columns() != columns || tensor->dimensions > mostDimensions) {
        complain(name, "has shape " + shapeText(*tensor) + " where " + wantedShape(rows, columns, isVector) +
                           " is needed");
        return {};
    }
    if (!kernels::cpu::canDequantize(tensor->type)) {
        complain(name, std::string("has type ") + kernels::quantInfo(tensor->type).name +
                           ", which cannot be used for weights");
        return {};
    }
    return {tensor->name, tensor->type, rows, columns, tensor->data};
}

WeightView WeightReader::matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns)
{
    return take(name, rows, columns, false);
}

WeightView WeightReader::vector(const std::string& name, std::uint64_t size)
{
    return take(name, 1, size, true);
}

WeightView WeightReader::optionalMatrix(const std::string& name, std::uint64_t rows, std::uint64_t columns)
{
    return has(name) ? matrix(name, rows, columns) : WeightView();
}

WeightView WeightReader::optionalVector(const std::string& name, std::uint64_t size)
{
    return has(name) ? vector(name, size) : WeightView();
}

Result<ModelWeights> WeightReader::finish(ModelWeights weights)
{
    for (const TensorInfo& tensor : m_file->tensors()) {
        if (!m_taken.contains(tensor.name))
            complain(std::string(tensor.name), "belongs to a feature that is not supported yet");
    }
    if (m_error)
        return *m_error;
    return weights;
}

} // namespace vitrine::engine
