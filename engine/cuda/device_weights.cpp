// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_weights.h"

#include <algorithm>
#include <cstring>

#include "engine/cuda/cuda_status.h"
#include "engine/execution/weight_types.h"
#include "kernels/cpu/dequantize.h"
#include "kernels/cuda/dequantize.h"
#include "kernels/cuda/stream.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using kernels::QuantType;

namespace {

// The upload's part of the whole load, after the file was opened and the tokeniser read.
constexpr double kProgressStart = 0.1;
constexpr double kProgressEnd = 0.97;

std::size_t fileBytes(QuantType type, std::uint64_t values)
{
    const kernels::QuantInfo info = kernels::quantInfo(type);
    return values / info.blockValues * info.blockBytes;
}

QuantType numbersFor(bool precise)
{
    return precise ? QuantType::F32 : QuantType::BF16;
}

QuantType deviceType(QuantType type, bool precise)
{
    return cuda::hasDeviceForm(type) ? type : numbersFor(precise);
}

/// Nothing dequantises experts on the way: only the device knows which of them are wanted.
QuantType expertType(const WeightView& view, bool precise)
{
    const bool plain =
        view.type == QuantType::F32 || view.type == QuantType::F16 || view.type == QuantType::BF16;
    const bool quantised =
        !precise && cuda::canMultiplyQuantized(view.type, static_cast<std::int64_t>(view.columns));
    return plain || quantised ? view.type : numbersFor(precise);
}

/// float32 to the nearest bfloat16, ties to even; NaN stays one.
std::uint16_t toBf16(float value)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U)
        return static_cast<std::uint16_t>(bits >> 16U | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

/// One thing to be brought to the device.
struct Item
{
    const WeightView* view = nullptr;
    QuantType type{}; ///< there
    std::size_t offset = 0;
    float scale = 1.0F; ///< of its values there; 1 unless they are float32 there

    std::size_t bytes() const { return fileBytes(type, view->rows * view->columns); }
};

/// Lays out the arena; what is tied is there once.
class UploadPlan
{
public:
    /// The logits' scale goes into the norm before the head.
    UploadPlan(const ModelWeights& weights, bool precise, float logitScale = 1.0F) : m_precise(precise)
    {
        addMatrix(weights.tokenEmbedding);
        for (const LayerWeights& l : weights.layers) {
            for (const WeightView* floats :
                 {&l.attentionNorm, &l.qNorm, &l.kNorm, &l.postAttentionNorm, &l.ffnNorm, &l.postFfnNorm,
                  &l.router, &l.qBias, &l.kBias, &l.vBias, &l.outputBias, &l.downBias, &l.sinks, &l.gateBias,
                  &l.upBias, &l.routerBias, &l.expertGateBias, &l.expertUpBias, &l.expertDownBias})
                add(*floats, QuantType::F32);
            for (const WeightView* matrix : {&l.q, &l.k, &l.v, &l.output, &l.gate, &l.up, &l.down})
                addMatrix(*matrix);
            const std::size_t before = m_bytes;
            for (const WeightView* experts : {&l.expertGate, &l.expertUp, &l.expertDown})
                if (*experts)
                    add(*experts, expertType(*experts, precise));
            m_expertBytes += m_bytes - before;
        }
        add(weights.outputNorm, QuantType::F32, logitScale);
        addMatrix(weights.head);
    }

    std::size_t bytes() const { return m_bytes; }
    std::size_t expertBytes() const { return m_expertBytes; }
    const std::vector<Item>& items() const { return m_items; }

    const Item* find(const WeightView& view) const
    {
        const auto found = std::find_if(m_items.begin(), m_items.end(),
                                        [&](const Item& item) { return item.view->data == view.data; });
        return view && found != m_items.end() ? &*found : nullptr;
    }

private:
    void addMatrix(const WeightView& view)
    {
        if (view)
            add(view, deviceType(view.type, m_precise));
    }
    void add(const WeightView& view, QuantType type, float scale = 1.0F)
    {
        if (!view || find(view) != nullptr)
            return;
        m_items.push_back({&view, type, m_bytes, scale});
        m_bytes += cuda::aligned(m_items.back().bytes());
    }

    bool m_precise;
    std::vector<Item> m_items;
    std::size_t m_bytes = 0, m_expertBytes = 0;
};

/// Values of a view as the plan wants them: float32 or bfloat16.
std::vector<std::uint8_t> converted(const Item& item)
{
    const std::size_t values = item.view->rows * item.view->columns;
    std::vector<float> floats(values);
    kernels::cpu::dequantize(item.view->type, item.view->data, floats.data(), values);
    std::vector<std::uint8_t> bytes(item.bytes());
    for (float& value : floats)
        value *= item.scale;
    if (item.type == QuantType::F32) {
        std::memcpy(bytes.data(), floats.data(), bytes.size());
        return bytes;
    }
    for (std::size_t i = 0; i < values; ++i) {
        const std::uint16_t half = toBf16(floats[i]);
        std::memcpy(bytes.data() + 2 * i, &half, sizeof half);
    }
    return bytes;
}

void tellConversion(std::vector<WeightConversion>& all, const Item& item)
{
    const bool norm = item.view->rows == 1;
    if (item.type == item.view->type || norm)
        return;
    const std::string name = kernels::quantInfo(item.view->type).name;
    const auto form =
        item.type == QuantType::F32 ? WeightConversion::Form::Floats : WeightConversion::Form::HalfFloats;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const WeightConversion& c) { return c.type == name && c.form == form; });
    if (found == all.end())
        found = all.insert(all.end(), WeightConversion{name, form});
    ++found->tensors;
    found->fileBytes += fileBytes(item.view->type, item.view->rows * item.view->columns);
    found->bytes += item.bytes();
}

Result<void> upload(const Item& item, std::uint8_t* arena, cuda::Stream stream)
{
    const std::string doing = "loading " + std::string(item.view->name) + " onto the GPU";
    if (item.type == item.view->type && item.scale == 1.0F)
        return resultOf(cuda::copyBytes(arena + item.offset, item.view->data, item.bytes(), stream), doing);
    const std::vector<std::uint8_t> bytes = converted(item);
    return resultOf(cuda::copyBytes(arena + item.offset, bytes.data(), bytes.size(), stream), doing);
}

Result<void> uploadAll(const UploadPlan& plan, const Model& model, DeviceWeights& weights,
                       const LoadProgress& progress)
{
    cuda::OwnedStream stream;
    if (Result<void> created = resultOf(stream.create(), "starting the GPU"); !created)
        return created;
    std::size_t done = 0;
    for (const Item& item : plan.items()) {
        if (Result<void> sent = upload(item, weights.arena.data(), stream.get()); !sent)
            return sent;
        tellConversion(weights.conversions, item);
        done += item.bytes();
        const double share =
            static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(1, plan.bytes()));
        if (progress && !progress(LoadStage::PackingWeights,
                                  kProgressStart + (kProgressEnd - kProgressStart) * std::min(1.0, share)))
            return cancelled("loading " + model.path() + " was stopped");
    }
    return resultOf(cuda::synchronize(stream.get()), "loading the weights onto the GPU");
}

/// Turns views into places in the arena.
class Places
{
public:
    Places(const UploadPlan& plan, const std::uint8_t* arena) : m_plan(plan), m_arena(arena) {}

    const float* vector(const WeightView& view) const
    {
        const Item* item = m_plan.find(view);
        return item == nullptr ? nullptr : reinterpret_cast<const float*>(m_arena + item->offset);
    }
    DeviceMatrix matrix(const WeightView& view) const
    {
        const Item* item = m_plan.find(view);
        if (item == nullptr)
            return {};
        return {item->type, m_arena + item->offset, static_cast<std::int64_t>(view.rows),
                static_cast<std::int64_t>(view.columns)};
    }
    ExpertMatrices stack(const WeightView& view, std::int64_t experts) const
    {
        const DeviceMatrix all = matrix(view);
        if (all.data == nullptr)
            return {};
        return {all.type, all.data, experts, all.rows / experts, all.columns};
    }

private:
    const UploadPlan& m_plan;
    const std::uint8_t* m_arena;
};

DeviceLayer placeLayer(const LayerWeights& from, const Places& places, std::int64_t experts)
{
    DeviceLayer to;
    to.attentionNorm = places.vector(from.attentionNorm);
    to.qNorm = places.vector(from.qNorm);
    to.kNorm = places.vector(from.kNorm);
    to.postAttentionNorm = places.vector(from.postAttentionNorm);
    to.ffnNorm = places.vector(from.ffnNorm);
    to.postFfnNorm = places.vector(from.postFfnNorm);
    to.qBias = places.vector(from.qBias);
    to.kBias = places.vector(from.kBias);
    to.vBias = places.vector(from.vBias);
    to.outputBias = places.vector(from.outputBias);
    to.downBias = places.vector(from.downBias);
    to.sinks = places.vector(from.sinks);
    to.gateBias = places.vector(from.gateBias);
    to.upBias = places.vector(from.upBias);
    to.routerBias = places.vector(from.routerBias);
    to.expertGateBias = places.vector(from.expertGateBias);
    to.expertUpBias = places.vector(from.expertUpBias);
    to.expertDownBias = places.vector(from.expertDownBias);
    to.q = places.matrix(from.q);
    to.k = places.matrix(from.k);
    to.v = places.matrix(from.v);
    to.output = places.matrix(from.output);
    to.gate = places.matrix(from.gate);
    to.up = places.matrix(from.up);
    to.down = places.matrix(from.down);
    to.router = places.vector(from.router);
    to.expertGate = places.stack(from.expertGate, experts);
    to.expertUp = places.stack(from.expertUp, experts);
    to.expertDown = places.stack(from.expertDown, experts);
    return to;
}

void place(const ModelWeights& from, const Places& places, std::int64_t experts, DeviceWeights& to)
{
    to.embedding = places.matrix(from.tokenEmbedding);
    to.head = places.matrix(from.head);
    to.outputNorm = places.vector(from.outputNorm);
    for (const LayerWeights& layer : from.layers)
        to.layers.push_back(placeLayer(layer, places, experts));
}

} // namespace

std::uint64_t deviceWeightBytes(const ModelWeights& weights, bool precise)
{
    return UploadPlan(weights, precise).bytes();
}

Result<DeviceWeights> uploadWeights(const ModelPart& part, bool precise, const LoadProgress& progress)
{
    if (const Result<void> known = checkWeightTypes(part.weights()); !known)
        return known.error(); // before the plan asks how large a block is
    const UploadPlan plan(part.weights(), precise, part.config().logitScale);
    DeviceWeights weights;
    weights.expertBytes = plan.expertBytes();
    const std::string doing =
        "reserving " + std::to_string(plan.bytes() >> 20U) + " MiB of the GPU for the weights";
    if (const Result<void> taken = resultOf(weights.arena.allocate(plan.bytes()), doing); !taken)
        return taken.error();
    if (const Result<void> sent = uploadAll(plan, part.model(), weights, progress); !sent)
        return sent.error();
    const bool whole = part.shard().whole();
    place(part.weights(), Places(plan, weights.arena.data()),
          whole ? part.config().experts.count : part.shard().experts.count, weights);
    return weights;
}

} // namespace vitrine::engine
