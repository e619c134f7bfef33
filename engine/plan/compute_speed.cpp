// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/compute_speed.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "engine/base/clock.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/linear.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

constexpr std::int64_t kRows = 256;            // of the matrix that stays in cache
constexpr std::int64_t kActivations = 64;      // rows multiplied with it
constexpr std::int64_t kTileActivations = 512; // in tiles, which unpack the weights once for all of them
constexpr std::int64_t kTimeNs = 200'000'000;

/// What multiplies a long prompt.
struct PrefillPath
{
    const cpu::LinearOperations& linear;
    const cpu::ManyRowOperations* tiles; ///< null: `linear`
};

struct FreeAligned
{
    void operator()(std::uint8_t* memory) const { std::free(memory); }
};
using AlignedBytes = std::unique_ptr<std::uint8_t, FreeAligned>;

AlignedBytes alignedBytes(std::size_t bytes)
{
    void* memory = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    return AlignedBytes(static_cast<std::uint8_t*>(memory));
}

/// Calls a second; runs until kTimeNs have gone by.
template<class Call>
double callsPerSecond(const Call& call)
{
    const std::int64_t start = nowNs();
    std::int64_t elapsed = 0, rounds = 0;
    for (; elapsed < kTimeNs; elapsed = nowNs() - start, ++rounds)
        call();
    return static_cast<double>(rounds) / (static_cast<double>(elapsed) * 1e-9);
}

/// Multiply-adds a second of one thread, with the path that a long prompt takes.
double multiplyOnOneThread(const PrefillPath& path, const WeightView& weight)
{
    const auto columns = static_cast<std::int64_t>(weight.columns);
    const std::int64_t rows = std::min<std::int64_t>(kRows, static_cast<std::int64_t>(weight.rows));
    const std::int64_t panels = (rows + cpu::kPanelRows - 1) / cpu::kPanelRows;
    const std::int64_t count = path.tiles != nullptr ? kTileActivations : kActivations;
    cpu::PackedMatrix matrix;
    const AlignedBytes packed = alignedBytes(path.linear.describe(weight.type, rows, columns, &matrix));
    const AlignedBytes memory = alignedBytes(
        std::max(cpu::activationBytes(count, columns), cpu::activationTileBytes(count, columns)));
    if (packed == nullptr || memory == nullptr)
        return 0.0;
    path.linear.pack(weight.type, weight.data, matrix, 0, panels, packed.get());
    matrix.data = packed.get();
    const std::vector<float> x(weight.columns, 0.5F);
    std::vector<float> y(static_cast<std::size_t>(count * rows));
    double calls = 0.0;
    if (path.tiles != nullptr) {
        const cpu::ActivationTiles tiles = {columns, memory.get()};
        for (std::int64_t row = 0; row < count; ++row)
            path.tiles->convert(x.data(), row, 0, columns, tiles);
        calls = callsPerSecond(
            [&] { path.tiles->multiply(matrix, tiles, 0, count, 0, panels, y.data(), rows, false); });
    } else {
        const cpu::ActivationRows groups = cpu::activationRows(memory.get(), count, columns);
        for (std::int64_t row = 0; row < count; ++row)
            path.linear.quantize(x.data(), row, 0, columns, groups);
        calls = callsPerSecond(
            [&] { path.linear.multiply(matrix, groups, 0, count, 0, panels, y.data(), rows, false); });
    }
    return calls * static_cast<double>(rows * columns * count);
}

/// A matrix of the usual kind: of the first layer's feed-forward part.
WeightView commonMatrix(const Model& model)
{
    const LayerWeights& layer = model.weights().layers.front();
    return layer.gate ? layer.gate : layer.expertGate.part(0, model.config().experts.ffn);
}

} // namespace

double measureMultiplyAdds(const Model& model, std::uint32_t threads, bool deterministic)
{
    const cpu::LinearOperations& operations = cpu::linearOperations(cpu::selectedIsa());
    const PrefillPath path = {operations, deterministic ? nullptr : operations.manyRows};
    if (model.weights().layers.empty())
        return 0.0;
    const WeightView weight = commonMatrix(model);
    if (!weight || !operations.canPack(weight.type, static_cast<std::int64_t>(weight.columns)))
        return 0.0;
    std::vector<double> speeds(std::max(1U, threads));
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < speeds.size(); ++i)
            others.emplace_back([&, i] { speeds[i] = multiplyOnOneThread(path, weight); });
        speeds[0] = multiplyOnOneThread(path, weight);
    }
    double sum = 0.0;
    for (double speed : speeds)
        sum += speed;
    return sum;
}

} // namespace vitrine::engine
