// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/linear.h"

#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/linear_variants.h"
#include "kernels/cpu/pack.h"

namespace vitrine::kernels::cpu {

namespace {

constexpr LinearOperations operationsOf(Isa isa, decltype(LinearOperations::quantize) quantize,
                                        decltype(LinearOperations::multiply) multiply,
                                        const ManyRowOperations* manyRows = nullptr)
{
    return {isa, canPack, describePacked, pack, quantize, multiply, manyRows};
}

// Below this, unpacking the weights to bfloat16 takes longer than byte dot products of the rows.
constexpr std::int64_t kFewestTileRows = 16;
constexpr ManyRowOperations kAmxRows = {kFewestTileRows, amx::convert, amx::multiply};

constexpr LinearOperations kScalar = operationsOf(Isa::Scalar, scalar::quantize, scalar::multiply);
constexpr LinearOperations kAvx2 = operationsOf(Isa::Avx2, avx2::quantize, avx2::multiply);
constexpr LinearOperations kAvxVnni = operationsOf(Isa::AvxVnni, avx2::quantize, avxvnni::multiply);
constexpr LinearOperations kAvx512Vnni =
    operationsOf(Isa::Avx512Vnni, avx512::quantize, avx512vnni::multiply);
constexpr LinearOperations kAmx = operationsOf(Isa::Amx, avx512::quantize, avx512vnni::multiply, &kAmxRows);

PreciseRow preciseRowFor(Isa isa)
{
    if (isa >= Isa::Avx512)
        return avx512::preciseRow;
    return isa >= Isa::Avx2 ? avx2::preciseRow : scalar::preciseRow;
}

} // namespace

std::size_t activationBytes(std::int64_t count, std::int64_t columns)
{
    const auto groups = static_cast<std::size_t>(count * columns / kActivationGroup);
    return (groups * sizeof(ActivationGroup) + 63) / 64 * 64;
}

std::size_t activationTileBytes(std::int64_t count, std::int64_t columns)
{
    const std::int64_t rows = (count + kTileTokens - 1) / kTileTokens * kTileTokens;
    return static_cast<std::size_t>(rows * columns) * sizeof(std::uint16_t);
}

ActivationRows activationRows(std::uint8_t* memory, std::int64_t /*count*/, std::int64_t columns)
{
    return {columns, reinterpret_cast<ActivationGroup*>(memory)};
}

const LinearOperations& linearOperations(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return kScalar;
    case Isa::Avx2:
    case Isa::Avx512: // without VNNI wider vectors are not worth a variant
        return kAvx2;
    case Isa::AvxVnni:
        return kAvxVnni;
    case Isa::Avx512Vnni:
        return kAvx512Vnni;
    case Isa::Amx:
        return kAmx;
    }
    return kScalar;
}

void linearPrecise(Isa isa, QuantType type, const std::uint8_t* weights, std::int64_t columns,
                   std::int64_t firstOutput, std::int64_t endOutput, const float* x, std::int64_t count,
                   float* y, std::int64_t stride, bool accumulate, float* scratch)
{
    const QuantInfo info = quantInfo(type);
    const std::int64_t rowBytes = columns / info.blockValues * info.blockBytes;
    const PreciseRow row = preciseRowFor(isa);
    const bool asTheyAre =
        type == QuantType::F32 && reinterpret_cast<std::uintptr_t>(weights) % alignof(float) == 0;
    for (std::int64_t n = firstOutput; n < endOutput; ++n) {
        const std::uint8_t* const from = weights + n * rowBytes;
        if (!asTheyAre)
            dequantize(type, from, scratch, static_cast<std::size_t>(columns));
        row(asTheyAre ? reinterpret_cast<const float*>(from) : scratch, columns, x, count, y + n, stride,
            accumulate);
    }
}

} // namespace vitrine::kernels::cpu
