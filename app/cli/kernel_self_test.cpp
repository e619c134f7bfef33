// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/kernel_self_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>

#include "kernels/cpu/attention.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/linear.h"
#include "kernels/cpu/vector_operations.h"

namespace vitrine::cli {

namespace cpu = kernels::cpu;
using cpu::Isa;
using kernels::QuantType;
using Values = std::vector<float>;

namespace {

constexpr std::array kIsas = {Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni, Isa::Amx};
constexpr double kRounding = 1e-5;     // other order of additions
constexpr double kTileRounding = 1e-2; // bfloat16 against int8 activations

/// The same numbers on every machine.
class Noise
{
public:
    std::uint32_t bits()
    {
        m_state = m_state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::uint32_t>(m_state >> 33);
    }
    float value() { return static_cast<float>(bits() % 20001) / 10000.0F - 1.0F; }
    Values values(std::size_t count)
    {
        Values out(count);
        for (float& x : out)
            x = value();
        return out;
    }

private:
    std::uint64_t m_state = 42;
};

/// A 64-byte aligned part of its own memory.
class AlignedBytes
{
public:
    explicit AlignedBytes(std::size_t bytes) : m_bytes(bytes + 64) {}
    std::uint8_t* data()
    {
        const auto address = reinterpret_cast<std::uintptr_t>(m_bytes.data());
        return m_bytes.data() + (64 - address % 64) % 64;
    }

private:
    std::vector<std::uint8_t> m_bytes;
};

double worstDifference(const Values& got, const Values& wanted)
{
    double worst = 0.0, largest = 1e-30;
    for (float x : wanted)
        largest = std::max(largest, std::abs(double{x}));
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double difference = std::abs(double{got[i]} - double{wanted[i]});
        if (!std::isfinite(difference))
            return std::numeric_limits<double>::infinity();
        worst = std::max(worst, difference);
    }
    return worst / largest;
}

/// Blocks of the type with random levels; the half-precision scales and minima in front are about 0.01.
std::vector<std::uint8_t> randomWeights(QuantType type, std::int64_t rows, std::int64_t columns)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    const auto blocks = static_cast<std::size_t>(rows * columns) / info.blockValues;
    std::vector<std::uint8_t> bytes(blocks * info.blockBytes);
    Noise noise;
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(noise.bits());
    const std::size_t halves = type == QuantType::Q4_1 || type == QuantType::Q4_K ? 2 : 1;
    const std::size_t at = type == QuantType::Q6_K ? info.blockBytes - 2 : 0;
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t i = 0; i < halves; ++i) {
            const auto half = static_cast<std::uint16_t>(0x2000 + noise.bits() % 512);
            std::memcpy(&bytes[block * info.blockBytes + at + 2 * i], &half, 2);
        }
    }
    return bytes;
}

/// A packed matrix of random weights; the activations to multiply with it are Noise, row by row.
struct PackedCase
{
    static constexpr std::int64_t kRows = 40, kColumns = 512, kCount = 18;
    static constexpr std::int64_t kPanels = (kRows + cpu::kPanelRows - 1) / cpu::kPanelRows;
    cpu::PackedMatrix matrix;
    AlignedBytes packed{0};
    Values y = Values(static_cast<std::size_t>(kRows * kCount));

    PackedCase(const cpu::LinearOperations& operations, QuantType type)
    {
        const std::vector<std::uint8_t> source = randomWeights(type, kRows, kColumns);
        packed = AlignedBytes(operations.describe(type, kRows, kColumns, &matrix));
        operations.pack(type, source.data(), matrix, 0, kPanels, packed.data());
        matrix.data = packed.data();
    }
};

Values multiplyWith(const cpu::LinearOperations& operations, QuantType type)
{
    PackedCase c(operations, type);
    AlignedBytes memory(cpu::activationBytes(c.kCount, c.kColumns));
    const cpu::ActivationRows activations = cpu::activationRows(memory.data(), c.kCount, c.kColumns);
    Noise noise;
    for (std::int64_t row = 0; row < c.kCount; ++row)
        operations.quantize(noise.values(c.kColumns).data(), row, 0, c.kColumns, activations);
    operations.multiply(c.matrix, activations, 0, c.kCount, 0, c.kPanels, c.y.data(), c.kRows, false);
    return c.y;
}

Values multiplyManyRows(const cpu::LinearOperations& operations, QuantType type)
{
    PackedCase c(operations, type);
    AlignedBytes memory(cpu::activationTileBytes(c.kCount, c.kColumns));
    const cpu::ActivationTiles tiles = {c.kColumns, memory.data()};
    Noise noise;
    for (std::int64_t row = 0; row < c.kCount; ++row)
        operations.manyRows->convert(noise.values(c.kColumns).data(), row, 0, c.kColumns, tiles);
    operations.manyRows->multiply(c.matrix, tiles, 0, c.kCount, 0, c.kPanels, c.y.data(), c.kRows, false);
    return c.y;
}

Values multiplyPrecisely(Isa isa)
{
    constexpr std::int64_t kRows = 24, kColumns = 256, kCount = 3;
    const std::vector<std::uint8_t> source = randomWeights(QuantType::Q4_1, kRows, kColumns);
    Noise noise;
    const Values x = noise.values(kColumns * kCount);
    Values y(static_cast<std::size_t>(kRows * kCount)), scratch(kColumns);
    cpu::linearPrecise(isa, QuantType::Q4_1, source.data(), kColumns, 0, kRows, x.data(), kCount, y.data(),
                       kRows, false, scratch.data());
    return y;
}

/// Four tokens of three heads over 200 keys in blocks of 16, in two partitions.
Values attendWith(const cpu::AttentionOperations& operations, cpu::KvElement element)
{
    constexpr std::int64_t kTokens = 4, kGroup = 3, kHeadDim = 72, kKeys = 200, kBlock = 16;
    constexpr std::int64_t kBlocks = (kKeys + kBlock - 1) / kBlock;
    const cpu::KvLayout layout{element, 1, kBlocks, kBlock, 1, kHeadDim};
    AlignedBytes kv(layout.totalBytes());
    std::vector<std::int32_t> table;
    for (std::int32_t block = 0; block < kBlocks; ++block)
        table.push_back((block * 5 + 3) % static_cast<std::int32_t>(kBlocks));
    Noise noise;
    for (std::int64_t key = 0; key < kKeys; ++key) {
        const auto slot =
            static_cast<std::size_t>(table[static_cast<std::size_t>(key / kBlock)] * kBlock + key % kBlock);
        const Values k = noise.values(kHeadDim), v = noise.values(kHeadDim);
        cpu::storeKeyAndValue(operations, layout, kv.data(), 0, 0, slot, k.data(), v.data());
    }
    const Values q = noise.values(kTokens * kGroup * kHeadDim);
    cpu::AttentionQueries queries;
    queries.q = q.data();
    queries.tokenStride = kGroup * kHeadDim;
    queries.tokens = kTokens;
    queries.group = kGroup;
    queries.headDim = kHeadDim;
    queries.firstPosition = kKeys - kTokens;
    queries.window = 150;
    Values memory(cpu::AttentionScratch::floats(queries.rows(), kHeadDim)), out(q.size());
    cpu::AttentionScratch scratch(memory.data(), queries.rows(), kHeadDim);
    cpu::gatherQueries(operations, queries, scratch);
    cpu::clearState(scratch.whole, queries.rows(), kHeadDim);
    for (std::int64_t partition = 0; partition * cpu::kPartitionKeys < kKeys; ++partition) {
        cpu::attendPartition(operations, queries, {kv.data(), &layout, table.data()}, partition, scratch,
                             scratch.partition);
        cpu::mergeState(operations, scratch.whole, scratch.partition, queries.rows(), kHeadDim);
    }
    cpu::writeOutputs(queries, scratch.whole, out.data());
    return out;
}

Values rowsWith(const cpu::VectorOperations& operations)
{
    constexpr std::int64_t kCount = 198;
    Noise noise;
    Values x = noise.values(kCount), out;
    const Values y = noise.values(kCount);
    const auto keep = [&](const Values& values) { out.insert(out.end(), values.begin(), values.end()); };
    Values result(kCount);
    operations.rmsNorm(x.data(), y.data(), kCount, 1e-5F, result.data());
    keep(result);
    operations.siluGate(x.data(), y.data(), kCount, result.data());
    keep(result);
    operations.geluGate(x.data(), y.data(), kCount, result.data());
    keep(result);
    operations.clampedSiluGate(x.data(), y.data(), kCount, result.data());
    keep(result);
    result = x;
    operations.softCap(result.data(), kCount, 2.0F);
    keep(result);
    operations.ropeInterleaved(x.data(), y.data(), result.data(), 64);
    operations.ropeHalves(x.data() + 64, y.data(), result.data(), 64);
    operations.scale(x.data(), 1.25F, kCount);
    operations.add(x.data(), y.data(), kCount);
    keep(x);
    return out;
}

/// Variants that round to bfloat16 may be further off.
double allowed(const cpu::AttentionOperations& operations)
{
    return operations.attendMany != nullptr ? kTileRounding : kRounding;
}
template<class Operations>
double allowed(const Operations&)
{
    return kRounding;
}

/// Compares a variant where this instruction set has one of its own.
template<class Operations>
void check(std::vector<KernelCheck>& checks, const std::string& kernel, const Operations& (*choose)(Isa),
           const std::function<Values(const Operations&)>& compute)
{
    const Values wanted = compute(choose(Isa::Scalar));
    for (Isa isa : kIsas) {
        if (!cpu::supports(isa) || choose(isa).isa != isa)
            continue;
        checks.push_back(
            {kernel, cpu::isaName(isa), worstDifference(compute(choose(isa)), wanted), allowed(choose(isa))});
    }
}

void checkLinear(std::vector<KernelCheck>& checks)
{
    for (QuantType type : {QuantType::Q4_0, QuantType::Q4_1, QuantType::Q5_0, QuantType::Q8_0,
                           QuantType::Q4_K, QuantType::Q6_K}) {
        if (!cpu::linearOperations(Isa::Scalar).canPack(type, 512))
            continue;
        const std::string name = std::string("linear ") + kernels::quantInfo(type).name;
        check<cpu::LinearOperations>(
            checks, name, cpu::linearOperations,
            [type](const cpu::LinearOperations& operations) { return multiplyWith(operations, type); });
        const cpu::LinearOperations& best = cpu::linearOperations(cpu::selectedIsa());
        if (best.manyRows != nullptr)
            checks.push_back({name + " tiles", cpu::isaName(best.isa),
                              worstDifference(multiplyManyRows(best, type),
                                              multiplyWith(cpu::linearOperations(Isa::Scalar), type)),
                              kTileRounding});
    }
    const Values wanted = multiplyPrecisely(Isa::Scalar);
    for (Isa isa : kIsas) {
        if (cpu::supports(isa))
            checks.push_back({"linear precise", cpu::isaName(isa),
                              worstDifference(multiplyPrecisely(isa), wanted), kRounding});
    }
}

} // namespace

std::vector<KernelCheck> checkKernels()
{
    std::vector<KernelCheck> checks;
    checkLinear(checks);
    for (cpu::KvElement element :
         {cpu::KvElement::F32, cpu::KvElement::F16, cpu::KvElement::BF16, cpu::KvElement::Int8}) {
        const char* name = element == cpu::KvElement::F32    ? "F32"
                           : element == cpu::KvElement::F16  ? "F16"
                           : element == cpu::KvElement::BF16 ? "BF16"
                                                             : "int8";
        check<cpu::AttentionOperations>(checks, std::string("attention ") + name, cpu::attentionOperations,
                                        [element](const cpu::AttentionOperations& operations) {
                                            return attendWith(operations, element);
                                        });
    }
    check<cpu::VectorOperations>(checks, "rows", cpu::vectorOperations, rowsWith);
    return checks;
}

} // namespace vitrine::cli
