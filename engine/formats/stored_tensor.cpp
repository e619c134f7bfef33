// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/stored_tensor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/text.h"
#include "kernels/half.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

float powerOfTwo(std::uint8_t exponent) // E8M0: 255 is none
{
    return exponent == 255 ? std::numeric_limits<float>::quiet_NaN()
                           : static_cast<float>(std::ldexp(1.0, exponent - 127));
}

/// 1 sign, 4 exponent and 3 mantissa bits; no infinities, all ones is no number.
float fromE4M3(std::uint8_t bits)
{
    const int exponent = (bits >> 3U) & 15, mantissa = bits & 7;
    if (exponent == 15 && mantissa == 7)
        return std::numeric_limits<float>::quiet_NaN();
    const float size = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -9)
                                     : std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
    return (bits & 0x80U) != 0 ? -size : size;
}

/// Of value `index`; types that weights and their factors have.
float valueOf(SafetensorsType type, const std::uint8_t* data, std::uint64_t index)
{
    using kernels::loadAs;
    const std::uint8_t* at = data + index * bytesOf(type);
    switch (type) {
    case SafetensorsType::F32:
        return loadAs<float>(at);
    case SafetensorsType::F64:
        return static_cast<float>(loadAs<double>(at));
    case SafetensorsType::F16:
        return kernels::loadHalf(at);
    case SafetensorsType::BF16:
        return kernels::bf16ToFloat(loadAs<std::uint16_t>(at));
    case SafetensorsType::F8E4M3:
        return fromE4M3(*at);
    case SafetensorsType::F8E5M2: // the upper half of a binary16
        return kernels::halfToFloat(static_cast<std::uint16_t>(*at << 8U));
    case SafetensorsType::F8E8M0:
        return powerOfTwo(*at);
    default:
        return std::numeric_limits<float>::quiet_NaN();
    }
}

bool isFactorType(SafetensorsType type)
{
    return type == SafetensorsType::F32 || type == SafetensorsType::F16 || type == SafetensorsType::BF16 ||
           type == SafetensorsType::F8E8M0;
}

void decodeEightBits(const StoredTensor& stored, std::uint8_t* out)
{
    float values[256];
    for (std::uint32_t i = 0; i < 256; ++i) {
        const auto byte = static_cast<std::uint8_t>(i);
        values[i] = valueOf(stored.tensor->type, &byte, 0);
    }
    const std::uint64_t columns = stored.columns();
    const std::uint64_t width = stored.scale == nullptr ? columns : stored.block.columns;
    const std::uint64_t factorsInRow = (columns + width - 1) / width;
    const std::uint8_t* source = stored.data().data();
    for (std::uint64_t row = 0; row < stored.rows(); ++row) {
        for (std::uint64_t first = 0; first < columns; first += width) {
            float factor = 1.0F;
            if (stored.scale != nullptr)
                factor = valueOf(stored.scale->type, stored.scaleFile->dataOf(*stored.scale).data(),
                                 row / stored.block.rows * factorsInRow + first / width);
            for (std::uint64_t i = first; i < std::min(first + width, columns); ++i, out += 2) {
                const std::uint16_t half = kernels::floatToHalf(values[*source++] * factor);
                std::memcpy(out, &half, sizeof half);
            }
        }
    }
}

template<class Word>
bool anyHasAll(std::span<const std::uint8_t> data, Word mask)
{
    bool found = false;
    for (std::size_t i = 0; i + sizeof(Word) <= data.size(); i += sizeof(Word))
        found |= (kernels::loadAs<Word>(data.data() + i) & mask) == mask;
    return found;
}

} // namespace

std::uint64_t StoredTensor::columns() const
{
    return tensor->shape.empty() ? 1 : tensor->shape.back();
}

std::uint64_t StoredTensor::rows() const
{
    return columns() == 0 ? 0 : tensor->values() / columns();
}

std::optional<QuantType> decodedType(SafetensorsType type)
{
    switch (type) {
    case SafetensorsType::F32:
    case SafetensorsType::F64:
        return QuantType::F32;
    case SafetensorsType::F16:
    case SafetensorsType::F8E4M3:
    case SafetensorsType::F8E5M2:
        return QuantType::F16;
    case SafetensorsType::BF16:
        return QuantType::BF16;
    default:
        return std::nullopt;
    }
}

Result<void> setScaleBlock(StoredTensor& stored, const ScaleBlock& configured)
{
    constexpr std::uint64_t kUsual = 128;
    const std::uint64_t rows = stored.rows(), columns = stored.columns();
    const SafetensorsTensor& scale = *stored.scale;
    const std::uint64_t factors = scale.values();
    const ScaleBlock square{configured.rows != 0 ? configured.rows : kUsual,
                            configured.columns != 0 ? configured.columns : kUsual};
    const auto parts = [](std::uint64_t all, std::uint64_t each) { return (all + each - 1) / each; };
    const bool isTable = scale.shape.size() == 2 && scale.shape[0] == parts(rows, square.rows) &&
                         scale.shape[1] == parts(columns, square.columns);
    if (factors == 1)
        stored.block = {rows, columns};
    else if (isTable)
        stored.block = square;
    else if (factors == rows && scale.shape[0] == rows)
        stored.block = {1, columns};
    if (stored.block.rows != 0 && isFactorType(scale.type))
        return {};
    return badInput(stored.scaleFile->path() + ": tensor " + engine::quoted(scale.name) + " has shape " +
                    shapeText(scale) + " of " + std::string(nameOf(scale.type)) +
                    ", which does not scale the weights of shape " + shapeText(*stored.tensor));
}

void decode(const StoredTensor& stored, std::span<std::uint8_t> out)
{
    const SafetensorsType type = stored.tensor->type;
    if (type == SafetensorsType::F8E4M3 || type == SafetensorsType::F8E5M2) {
        decodeEightBits(stored, out.data());
        return;
    }
    if (type != SafetensorsType::F64) {
        std::memcpy(out.data(), stored.data().data(), out.size());
        return;
    }
    for (std::uint64_t i = 0; i < stored.tensor->values(); ++i) {
        const float value = valueOf(type, stored.data().data(), i);
        std::memcpy(out.data() + i * sizeof value, &value, sizeof value);
    }
}

void decodePlusOne(const StoredTensor& stored, std::span<std::uint8_t> out)
{
    for (std::uint64_t i = 0; i < stored.tensor->values(); ++i) {
        const float value = 1.0F + valueOf(stored.tensor->type, stored.data().data(), i);
        std::memcpy(out.data() + i * sizeof value, &value, sizeof value);
    }
}

bool allFinite(QuantType type, std::span<const std::uint8_t> data)
{
    switch (type) { // an exponent of ones
    case QuantType::F32:
        return !anyHasAll<std::uint32_t>(data, 0x7F800000U);
    case QuantType::F16:
        return !anyHasAll<std::uint16_t>(data, 0x7C00U);
    case QuantType::BF16:
        return !anyHasAll<std::uint16_t>(data, 0x7F80U);
    case QuantType::MXFP4: {
        const std::size_t block = kernels::quantInfo(type).blockBytes;
        for (std::size_t i = 0; i < data.size(); i += block)
            if (data[i] == 255)
                return false;
        return true;
    }
    default:
        return true;
    }
}

} // namespace vitrine::engine
