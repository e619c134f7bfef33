// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/weight_reader.h"

#include <algorithm>

#include "engine/base/text.h"
#include "engine/formats/gguf_describe.h"
#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace {

using Shape = std::initializer_list<std::uint64_t>;

std::string wantedShape(Shape shape)
{
    std::string text;
    for (const std::uint64_t size : shape)
        text += (text.empty() ? "[" : ", ") + std::to_string(size);
    return text + "]";
}

/// Outer dimensions of 1 may be left out; more than are wanted are refused.
bool hasShape(const TensorInfo& tensor, Shape wanted)
{
    std::size_t dimension = wanted.size();
    if (tensor.dimensions > dimension)
        return false;
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](std::uint64_t size) { return tensor.shape[--dimension] == size; });
}

} // namespace

void WeightReader::complain(const std::string& name, const std::string& what)
{
    if (!m_error)
        m_error = badInput(m_file->path() + ": tensor " + quoted(m_file->spelled(name)) + " " + what);
}

WeightView WeightReader::take(const std::string& name, Shape shape)
{
    const TensorInfo* tensor = m_file->findTensor(name);
    if (tensor == nullptr) {
        complain(name, "is missing");
        return {};
    }
    m_taken.insert(tensor->name);
    if (!hasShape(*tensor, shape)) {
        complain(name, "has shape " + shapeText(*tensor) + " where " + wantedShape(shape) + " is needed");
        return {};
    }
    if (!kernels::cpu::canDequantize(tensor->type)) {
        complain(name, std::string("has type ") + kernels::quantInfo(tensor->type).name +
                           ", which cannot be used for weights");
        return {};
    }
    return {tensor->name, tensor->type, tensor->rows(), tensor->columns(), tensor->data};
}

WeightView WeightReader::matrix(const std::string& name, std::uint64_t rows, std::uint64_t columns)
{
    return take(name, {rows, columns});
}

WeightView WeightReader::vector(const std::string& name, std::uint64_t size)
{
    const WeightView view = take(name, {size});
    if (view && kernels::quantInfo(view.type).blockValues != 1) // ranks take parts of it
        complain(name, std::string("has type ") + kernels::quantInfo(view.type).name +
                           ", which vectors cannot have");
    return view;
}

WeightView WeightReader::stack(const std::string& name, std::uint64_t count, std::uint64_t rows,
                               std::uint64_t columns)
{
    return take(name, {count, rows, columns});
}

WeightView WeightReader::optionalMatrix(const std::string& name, std::uint64_t rows, std::uint64_t columns)
{
    return has(name) ? matrix(name, rows, columns) : WeightView();
}

WeightView WeightReader::optionalVector(const std::string& name, std::uint64_t size)
{
    return has(name) ? vector(name, size) : WeightView();
}

std::uint64_t WeightReader::rowsOf(const std::string& name) const
{
    const TensorInfo* tensor = m_file->findTensor(name);
    return tensor == nullptr ? 0 : tensor->rows();
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
