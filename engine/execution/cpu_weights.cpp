// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/cpu_weights.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "engine/execution/pack_plan.h"
#include "engine/execution/weight_arena.h"
#include "engine/execution/weight_identity.h"
#include "engine/execution/weight_types.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

// The packing's part of the whole load, after the file was opened and the tokeniser read.
constexpr double kProgressStart = 0.1;
constexpr double kProgressEnd = 0.97;

std::vector<float> toFloats(const WeightView& view)
{
    if (!view)
        return {};
    std::vector<float> values(view.rows * view.columns);
    cpu::dequantize(view.type, view.data, values.data(), values.size());
    return values;
}

/// Calls f on every matrix of experts; those of one tensor follow each other.
template<class Layer, class F>
void forEachOfExperts(Layer& layer, F f)
{
    for (const auto part : kExpertMatrices)
        for (auto& expert : layer.experts)
            f(expert.*part);
}

/// Calls f on every matrix that there is, in the order in which a step reads the tensors.
template<class Weights, class F>
void forEachMatrix(Weights& weights, F f)
{
    for (auto& layer : weights.layers) {
        for (auto* matrix :
             {&layer.q, &layer.k, &layer.v, &layer.output, &layer.gate, &layer.up, &layer.down})
            if (matrix->source)
                f(*matrix);
        forEachOfExperts(layer, f);
    }
    if (weights.head.source)
        f(weights.head);
}

std::vector<CpuExpert> expertsOf(const LayerWeights& from)
{
    std::vector<CpuExpert> experts(from.router ? from.expertDown.rows / from.router.columns : 0);
    const auto cut = [&](CpuMatrix CpuExpert::*part, const WeightView& stack) {
        const std::uint64_t rows = stack.rows / experts.size();
        for (std::size_t i = 0; i < experts.size(); ++i)
            (experts[i].*part).source = stack.part(i * rows, rows);
    };
    if (from.router) {
        cut(&CpuExpert::gate, from.expertGate);
        cut(&CpuExpert::up, from.expertUp);
        cut(&CpuExpert::down, from.expertDown);
    }
    return experts;
}

/// Where the matrices of a layer come from; reads none of them.
CpuLayer sourcesOf(const LayerWeights& from)
{
    CpuLayer layer;
    layer.q.source = from.q;
    layer.k.source = from.k;
    layer.v.source = from.v;
    layer.output.source = from.output;
    layer.gate.source = from.gate;
    layer.up.source = from.up;
    layer.down.source = from.down;
    layer.experts = expertsOf(from);
    return layer;
}

/// The biases of queries, keys and values, one after the other; zeros for those that there are not.
std::vector<float> qkvBias(const LayerWeights& from)
{
    if (!from.qBias && !from.kBias && !from.vBias)
        return {};
    std::vector<float> all;
    for (const auto& [bias, matrix] :
         {std::pair{&from.qBias, &from.q}, {&from.kBias, &from.k}, {&from.vBias, &from.v}}) {
        std::vector<float> one = toFloats(*bias);
        one.resize(matrix->rows);
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

void describeBiases(const LayerWeights& from, CpuLayer& layer)
{
    layer.qkvBias = qkvBias(from);
    layer.outputBias = toFloats(from.outputBias);
    layer.gateBias = toFloats(from.gateBias);
    layer.upBias = toFloats(from.upBias);
    layer.downBias = toFloats(from.downBias);
    layer.routerBias = toFloats(from.routerBias);
    layer.expertGateBias = toFloats(from.expertGateBias);
    layer.expertUpBias = toFloats(from.expertUpBias);
    layer.expertDownBias = toFloats(from.expertDownBias);
}

CpuLayer describeLayer(const LayerWeights& from)
{
    CpuLayer layer = sourcesOf(from);
    layer.attentionNorm = toFloats(from.attentionNorm);
    layer.qNorm = toFloats(from.qNorm);
    layer.kNorm = toFloats(from.kNorm);
    layer.postAttentionNorm = toFloats(from.postAttentionNorm);
    layer.ffnNorm = toFloats(from.ffnNorm);
    layer.postFfnNorm = toFloats(from.postFfnNorm);
    layer.router = toFloats(from.router);
    layer.sinks = toFloats(from.sinks);
    describeBiases(from, layer);
    return layer;
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
    const std::size_t rowBytes = matrix.source.rowBytes();
    file.release({matrix.source.data + static_cast<std::size_t>(firstRow) * rowBytes,
                  static_cast<std::size_t>(endRow - firstRow) * rowBytes});
}

/// Packs what the ranks own. A rank that is through helps the others, but not where memory is nearer to some.
class Packing
{
public:
    Packing(const PackPlan& plan, const cpu::LinearOperations& operations, const GgufFile& file,
            std::uint8_t* arena, const LoadProgress& progress)
        : m_plan(plan), m_operations(operations), m_file(file), m_arena(arena), m_progress(progress),
          m_next(plan.ranks())
    {}

    /// False when the progress function asked to stop. What it throws is thrown here, once all ranks rest.
    bool run(cpu::ThreadPool& pool)
    {
        m_help = !pool.hasHomes();
        m_callerPacks = pool.callerWorks();
        pool.launch([](void* self, std::uint32_t rank) { static_cast<Packing*>(self)->pack(rank); }, this);
        if (!m_callerPacks)
            tellUntilDone();
        pool.finish();
        if (m_failure)
            std::rethrow_exception(m_failure);
        return !m_stop;
    }

private:
    void pack(std::uint32_t rank)
    {
        const NvtxRange range(NvtxName::PackShare);
        const bool tells = m_callerPacks && rank == 0;
        for (std::uint32_t i = 0; i < (m_help ? m_plan.ranks() : 1); ++i)
            packTasksOf((rank + i) % m_plan.ranks(), tells);
        ++m_ranksDone;
        if (tells)
            tellUntilDone();
    }

    void packTasksOf(std::uint32_t owner, bool tells)
    {
        const std::vector<PackTask>& tasks = m_plan.tasksOf(owner);
        for (std::size_t task = m_next[owner]++; task < tasks.size() && !m_stop; task = m_next[owner]++) {
            runTask(tasks[task], m_operations, m_file, m_arena);
            ++m_done;
            if (tells)
                tell();
        }
    }

    /// On the loading thread only.
    void tell() noexcept
    {
        const double done = static_cast<double>(m_done) / static_cast<double>(m_plan.size());
        try {
            if (!m_stop && m_progress &&
                !m_progress(LoadStage::PackingWeights,
                            kProgressStart + (kProgressEnd - kProgressStart) * done))
                m_stop = true;
        } catch (...) {
            m_failure = std::current_exception();
            m_stop = true;
        }
    }

    void tellUntilDone()
    {
        constexpr std::chrono::milliseconds kPause{2};
        while (m_ranksDone < m_plan.ranks()) {
            std::this_thread::sleep_for(kPause);
            tell();
        }
    }

    const PackPlan& m_plan;
    const cpu::LinearOperations& m_operations;
    const GgufFile& m_file;
    std::uint8_t* m_arena;
    const LoadProgress& m_progress;
    std::vector<std::atomic<std::size_t>> m_next; ///< [owner]
    std::atomic<std::size_t> m_done{0};
    std::atomic<std::uint32_t> m_ranksDone{0};
    std::atomic<bool> m_stop{false};
    bool m_help = true, m_callerPacks = true;
    std::exception_ptr m_failure;
};

/// The logits' scale goes into the norm before the head.
CpuWeights describe(const ModelWeights& from, float logitScale)
{
    CpuWeights weights;
    for (const LayerWeights& layer : from.layers)
        weights.layers.push_back(describeLayer(layer));
    weights.outputNorm = toFloats(from.outputNorm);
    for (float& weight : weights.outputNorm)
        weight *= logitScale;
    weights.ropeFactors = toFloats(from.ropeFactors);
    weights.head.source = from.head;
    return weights;
}

Result<WeightArena> arenaFor(const ModelPart& part, const CpuWeights& weights, std::size_t bytes, int place)
{
    Result<WeightArena> arena = place < 0 ? WeightArena::own(bytes)
                                          : WeightArena::shared(place, bytes, weightIdentity(part, weights));
    if (!arena && arena.error().code == ErrorCode::OutOfResources)
        return outOfResources(arena.error().message + "; close other programs or take a smaller model than " +
                              part.model().path());
    return arena;
}

} // namespace

std::size_t CpuMatrix::panelBytes() const
{
    return isPacked() ? packed.panelBytes : source.rowBytes() * cpu::kPanelRows;
}

bool CpuWeights::readsSource() const
{
    bool reads = false;
    forEachMatrix(*this, [&reads](const CpuMatrix& m) { reads = reads || !m.isPacked(); });
    return reads;
}

std::uint64_t CpuWeights::bytes() const
{
    std::uint64_t sum = 0;
    forEachMatrix(*this, [&sum](const CpuMatrix& m) { sum += m.bytes(); });
    return sum;
}

std::uint64_t CpuWeights::expertBytes() const
{
    std::uint64_t sum = 0;
    for (const CpuLayer& layer : layers)
        forEachOfExperts(layer, [&sum](const CpuMatrix& m) { sum += m.bytes(); });
    return sum;
}

std::vector<WeightConversion> CpuWeights::conversions() const
{
    std::vector<WeightConversion> list;
    std::string_view last; // an expert's matrix is a part of a tensor
    forEachMatrix(*this, [&](const CpuMatrix& m) {
        if (m.isPacked() && !cpu::becomesEightBits(m.source.type))
            return;
        const std::string type = kernels::quantInfo(m.source.type).name;
        const auto form = m.isPacked() ? WeightConversion::Form::EightBits : WeightConversion::Form::Floats;
        auto entry = std::find_if(list.begin(), list.end(), [&](const WeightConversion& c) {
            return c.type == type && c.form == form;
        });
        if (entry == list.end())
            entry = list.insert(entry, {type, form});
        entry->tensors += m.source.name == last ? 0 : 1;
        last = m.source.name;
        entry->fileBytes += m.source.rowBytes() * static_cast<std::size_t>(m.rows());
        entry->bytes += m.bytes();
    });
    return list;
}

std::uint64_t weightBytesFor(const ModelWeights& from, const cpu::LinearOperations& operations)
{
    CpuWeights weights;
    for (const LayerWeights& layer : from.layers)
        weights.layers.push_back(sourcesOf(layer));
    weights.head.source = from.head;
    std::uint64_t sum = PackPlan(weights, operations, 1).bytes();
    forEachMatrix(weights, [&sum](const CpuMatrix& m) {
        if (m.packed.panelBytes == 0) // stays in the file
            sum += m.bytes();
    });
    return sum;
}

Result<CpuWeights> packWeights(const ModelPart& part, bool precise, const cpu::LinearOperations& operations,
                               cpu::ThreadPool& pool, const LoadProgress& progress, int place)
{
    const Model& model = part.model();
    if (Result<void> known = checkWeightTypes(part.weights()); !known)
        return known.error();
    CpuWeights weights = describe(part.weights(), part.config().logitScale);
    if (precise)
        return weights;
    const PackPlan plan(weights, operations, pool.size());
    Result<WeightArena> arena = arenaFor(part, weights, plan.bytes(), place);
    if (!arena)
        return arena.error();
    if (!arena->isFilled()) {
        if (!Packing(plan, operations, model.file(), arena->filling(), progress).run(pool))
            return cancelled("loading " + model.path() + " was stopped");
        if (model.file().lost())
            return badInput(model.path() + ": the file could not be read to its end; was its drive removed?");
        if (const Result<void> finished = arena->finish(); !finished)
            return finished.error();
    }
    plan.pointTo(arena->data());
    weights.arena = std::make_shared<const WeightArena>(std::move(*arena));
    model.file().releaseAll(); // pages that two tasks shared, and what only describing read
    return weights;
}

} // namespace vitrine::engine
