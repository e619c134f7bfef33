// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/cpu_weights.h"

#include <algorithm>
#include <atomic>
#include <string>

#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

// The packing's part of the whole load, after the file was opened and the tokeniser read.
constexpr double kProgressStart = 0.1;
constexpr double kProgressEnd = 0.97;
constexpr std::int64_t kPanelsPerTask = 64; // some milliseconds at most

std::vector<float> toFloats(const WeightView& view)
{
    if (!view)
        return {};
    std::vector<float> values(view.rows * view.columns);
    cpu::dequantize(view.type, view.data, values.data(), values.size());
    return values;
}

/// Calls f on every matrix in the order in which a step reads them.
template<class Weights, class F>
void forEachMatrix(Weights& weights, F f)
{
    for (auto& layer : weights.layers)
        for (auto* matrix :
             {&layer.q, &layer.k, &layer.v, &layer.output, &layer.gate, &layer.up, &layer.down})
            f(*matrix);
    f(weights.head);
}

CpuLayer describeLayer(const LayerWeights& from)
{
    CpuLayer layer;
    layer.attentionNorm = toFloats(from.attentionNorm);
    layer.qNorm = toFloats(from.qNorm);
    layer.kNorm = toFloats(from.kNorm);
    layer.postAttentionNorm = toFloats(from.postAttentionNorm);
    layer.ffnNorm = toFloats(from.ffnNorm);
    layer.postFfnNorm = toFloats(from.postFfnNorm);
    layer.q.source = from.q;
    layer.k.source = from.k;
    layer.v.source = from.v;
    layer.output.source = from.output;
    layer.gate.source = from.gate;
    layer.up.source = from.up;
    layer.down.source = from.down;
    return layer;
}

Result<void> checkType(const WeightView& view)
{
    if (!view || cpu::canDequantize(view.type))
        return {};
    return badInput("tensor " + std::string(view.name) + " has the element type " +
                    std::to_string(static_cast<std::uint32_t>(view.type)) +
                    ", which this version cannot compute with; take the model in another quantisation");
}

Result<void> checkTypes(const ModelWeights& weights)
{
    for (const WeightView* view :
         {&weights.tokenEmbedding, &weights.outputNorm, &weights.head, &weights.ropeFactors})
        if (Result<void> known = checkType(*view); !known)
            return known;
    for (const LayerWeights& l : weights.layers)
        for (const WeightView* view :
             {&l.attentionNorm, &l.q, &l.k, &l.v, &l.qNorm, &l.kNorm, &l.output, &l.postAttentionNorm,
              &l.ffnNorm, &l.gate, &l.up, &l.down, &l.postFfnNorm})
            if (Result<void> known = checkType(*view); !known)
                return known;
    return {};
}

struct PackTask
{
    CpuMatrix* matrix;
    std::int64_t firstPanel, endPanel;
    std::size_t offset; ///< of the whole packed matrix in the arena
};

/// Lays out the arena. `packed.data` stays null.
std::vector<PackTask> planPacking(CpuWeights& weights, const cpu::LinearOperations& operations,
                                  std::size_t* arenaBytes)
{
    std::vector<PackTask> tasks;
    std::size_t offset = 0;
    forEachMatrix(weights, [&](CpuMatrix& matrix) {
        if (!operations.canPack(matrix.source.type, matrix.columns()))
            return;
        const std::size_t bytes =
            operations.describe(matrix.source.type, matrix.rows(), matrix.columns(), &matrix.packed);
        for (std::int64_t panel = 0; panel < matrix.panels(); panel += kPanelsPerTask)
            tasks.push_back({&matrix, panel, std::min(panel + kPanelsPerTask, matrix.panels()), offset});
        offset += (bytes + 63) / 64 * 64;
    });
    *arenaBytes = offset;
    return tasks;
}

/// The file's pages go as the packed ones come, so that both are never in memory together.
void runTask(const PackTask& task, const cpu::LinearOperations& operations, const GgufFile& file,
             std::uint8_t* arena)
{
    const CpuMatrix& matrix = *task.matrix;
    operations.pack(matrix.source.type, matrix.source.data, matrix.packed, task.firstPanel, task.endPanel,
                    arena + task.offset);
    const std::int64_t firstRow = task.firstPanel * cpu::kPanelRows;
    const std::int64_t endRow = std::min(task.endPanel * cpu::kPanelRows, matrix.rows());
    const std::size_t rowBytes = matrix.sourceRowBytes();
    file.release({matrix.source.data + static_cast<std::size_t>(firstRow) * rowBytes,
                  static_cast<std::size_t>(endRow - firstRow) * rowBytes});
}

/// False when the progress function asked to stop.
bool runTasks(const std::vector<PackTask>& tasks, const cpu::LinearOperations& operations,
              const GgufFile& file, std::uint8_t* arena, cpu::ThreadPool& pool, const LoadProgress& progress)
{
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stop{false};
    pool.run([&](std::uint32_t rank) {
        for (std::size_t task = next++; task < tasks.size() && !stop; task = next++) {
            runTask(tasks[task], operations, file, arena);
            const double done = static_cast<double>(task + 1) / static_cast<double>(tasks.size());
            const double fraction = kProgressStart + (kProgressEnd - kProgressStart) * done;
            if (rank == 0 && progress && !progress(LoadStage::PackingWeights, fraction))
                stop = true;
        }
    });
    return !stop;
}

CpuWeights describe(const ModelWeights& from)
{
    CpuWeights weights;
    for (const LayerWeights& layer : from.layers)
        weights.layers.push_back(describeLayer(layer));
    weights.outputNorm = toFloats(from.outputNorm);
    weights.ropeFactors = toFloats(from.ropeFactors);
    weights.head.source = from.head;
    return weights;
}

} // namespace

std::size_t CpuMatrix::sourceRowBytes() const
{
    const kernels::QuantInfo info = kernels::quantInfo(source.type);
    return source.columns / info.blockValues * info.blockBytes;
}

std::size_t CpuMatrix::panelBytes() const
{
    return isPacked() ? packed.panelBytes : sourceRowBytes() * cpu::kPanelRows;
}

std::uint64_t CpuWeights::bytes() const
{
    std::uint64_t sum = 0;
    forEachMatrix(*this, [&sum](const CpuMatrix& m) { sum += m.bytes(); });
    return sum;
}

std::vector<WeightConversion> CpuWeights::conversions() const
{
    std::vector<WeightConversion> list;
    forEachMatrix(*this, [&list](const CpuMatrix& m) {
        if (m.isPacked() && !cpu::becomesEightBits(m.source.type))
            return;
        const std::string type = kernels::quantInfo(m.source.type).name;
        const auto form = m.isPacked() ? WeightConversion::Form::EightBits : WeightConversion::Form::Floats;
        auto entry = std::find_if(list.begin(), list.end(), [&](const WeightConversion& c) {
            return c.type == type && c.form == form;
        });
        if (entry == list.end())
            entry = list.insert(entry, {type, form});
        ++entry->tensors;
        entry->fileBytes += m.sourceRowBytes() * static_cast<std::size_t>(m.rows());
        entry->bytes += m.bytes();
    });
    return list;
}

Result<CpuWeights> packWeights(const Model& model, bool precise, const cpu::LinearOperations& operations,
                               cpu::ThreadPool& pool, const LoadProgress& progress)
{
    if (Result<void> known = checkTypes(model.weights()); !known)
        return known.error();
    CpuWeights weights = describe(model.weights());
    if (precise)
        return weights;
    std::size_t bytes = 0;
    const std::vector<PackTask> tasks = planPacking(weights, operations, &bytes);
    weights.arena = HugeBuffer::allocate(bytes);
    if (!weights.arena)
        return outOfResources("the system does not give " + std::to_string(bytes >> 20U) +
                              " MiB for the weights of " + model.path() +
                              "; close other programs or take a smaller model");
    for (const PackTask& task : tasks)
        task.matrix->packed.data = weights.arena.data() + task.offset;
    if (!runTasks(tasks, operations, model.file(), weights.arena.data(), pool, progress))
        return cancelled("loading " + model.path() + " was stopped");
    model.file().releaseAll(); // pages that two tasks shared, and what only describing read
    return weights;
}

} // namespace vitrine::engine
