// SPDX-License-Identifier: GPL-3.0-or-later
// The tensor descriptions and where their data lies.
#include <algorithm>
#include <numeric>

#include "engine/base/text.h"
#include "engine/formats/gguf_parser.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kMostNameBytes = 1024; // the format says 64; no file needs more
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 56U;

} // namespace

Result<void> GgufParser::readTensors()
{
    const auto count = static_cast<std::size_t>(m_tensorCount);
    m_file.m_tensors.resize(count);
    m_offsets.resize(count);
    m_descriptors.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        m_field = "tensor " + std::to_string(i);
        m_descriptors[i] = m_reader.position();
        if (Result<void> tensor = readTensor(m_file.m_tensors[i]); !tensor)
            return tensor;
        const std::uint64_t at = m_reader.position();
        if (!m_reader.read(m_offsets[i]))
            return truncated("offset");
        if (m_offsets[i] % m_alignment != 0)
            return refused("its offset " + std::to_string(m_offsets[i]) +
                               " is not a multiple of the alignment " + std::to_string(m_alignment),
                           at);
    }
    return {};
}

Result<void> GgufParser::readTensor(TensorInfo& tensor)
{
    const std::uint64_t at = m_reader.position();
    if (Result<void> name = readString(tensor.name, "name"); !name)
        return name;
    if (tensor.name.empty() || tensor.name.size() > kMostNameBytes)
        return refused("the name has " + std::to_string(tensor.name.size()) + " bytes; 1 to 1024 are allowed",
                       at);
    m_field = "tensor " + quoted(tensor.name);
    if (Result<void> shape = readShape(tensor); !shape)
        return shape;
    return readType(tensor);
}

Result<void> GgufParser::readShape(TensorInfo& tensor)
{
    const std::uint64_t at = m_reader.position();
    if (!m_reader.read(tensor.dimensions))
        return truncated("number of dimensions");
    if (tensor.dimensions > tensor.shape.size())
        return refused("has " + std::to_string(tensor.dimensions) + " dimensions, more than 4", at);
    std::uint64_t values = 1;
    for (std::uint32_t i = 0; i < tensor.dimensions; ++i) {
        const std::uint64_t where = m_reader.position();
        if (!m_reader.read(tensor.shape[i]))
            return truncated("shape");
        if (tensor.shape[i] == 0)
            return refused("dimension " + std::to_string(i) + " is 0", where);
        if (tensor.shape[i] > kMostValues / values)
            return refused("dimension " + std::to_string(i) + " is " + std::to_string(tensor.shape[i]) +
                               ": the shape is too large",
                           where);
        values *= tensor.shape[i];
    }
    return {};
}

Result<void> GgufParser::readType(TensorInfo& tensor)
{
    const std::uint64_t at = m_reader.position();
    std::uint32_t number = 0;
    if (!m_reader.read(number))
        return truncated("type");
    tensor.type = static_cast<kernels::QuantType>(number);
    const kernels::QuantInfo info = kernels::quantInfo(tensor.type);
    if (info.blockValues == 0)
        return refused("element type " + std::to_string(number) + " is unknown", at);
    if (tensor.columns() % info.blockValues != 0)
        return refused("rows of " + std::to_string(tensor.columns()) +
                           " values do not divide into blocks of " + std::to_string(info.blockValues) + " (" +
                           info.name + ")",
                       at);
    // At most 2^56 values of at most 8 bytes each: no overflow.
    tensor.bytes = tensor.columns() / info.blockValues * info.blockBytes * tensor.rows();
    return {};
}

Result<void> GgufParser::indexTensors()
{
    const auto& tensors = m_file.m_tensors;
    auto& index = m_file.m_tensorsByName;
    index.resize(tensors.size());
    std::iota(index.begin(), index.end(), 0U);
    std::sort(index.begin(), index.end(), [&](auto a, auto b) { return tensors[a].name < tensors[b].name; });
    const auto same = [&](auto a, auto b) { return tensors[a].name == tensors[b].name; };
    if (const auto twice = std::adjacent_find(index.begin(), index.end(), same); twice != index.end()) {
        m_field = "tensor " + quoted(tensors[*twice].name);
        return refused("the name occurs twice", m_descriptors[*std::next(twice)]);
    }
    return {};
}

void GgufParser::measureWhole(std::uint64_t dataStart)
{
    for (std::size_t i = 0; i < m_file.m_tensors.size(); ++i) {
        std::uint64_t end = 0;
        if (!__builtin_add_overflow(m_offsets[i], m_file.m_tensors[i].bytes, &end) &&
            !__builtin_add_overflow(end, dataStart, &end))
            m_wholeBytes = std::max(m_wholeBytes, end);
    }
}

Result<void> GgufParser::placeTensors()
{
    if (m_file.m_tensors.empty())
        return {}; // a file that holds only a vocabulary
    const std::uint64_t start = (m_reader.position() + m_alignment - 1) / m_alignment * m_alignment;
    measureWhole(start);
    const std::uint64_t size = m_file.m_bytes.size();
    const std::uint64_t room = start < size ? size - start : 0;
    for (std::size_t i = 0; i < m_file.m_tensors.size(); ++i) {
        TensorInfo& tensor = m_file.m_tensors[i];
        if (m_offsets[i] > room || tensor.bytes > room - m_offsets[i]) {
            m_field = "tensor " + quoted(tensor.name);
            return refused("its data (" + std::to_string(tensor.bytes) + " bytes at offset " +
                               std::to_string(m_offsets[i]) +
                               " of the data) lies beyond the end of the file, which has " +
                               std::to_string(size) + " bytes: an incomplete download?",
                           m_descriptors[i]);
        }
        tensor.data = m_file.m_bytes.data() + start + m_offsets[i];
    }
    return {};
}

Result<void> GgufParser::checkOverlap()
{
    const auto& tensors = m_file.m_tensors;
    std::vector<std::uint32_t> order(tensors.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return m_offsets[a] < m_offsets[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const std::uint32_t before = order[i - 1];
        const std::uint32_t after = order[i];
        if (m_offsets[before] + tensors[before].bytes <= m_offsets[after])
            continue;
        m_field = "tensor " + quoted(tensors[after].name);
        return refused("its data overlaps tensor " + quoted(tensors[before].name), m_descriptors[after]);
    }
    return {};
}

} // namespace vitrine::engine
