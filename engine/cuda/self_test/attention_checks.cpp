// SPDX-License-Identifier: GPL-3.0-or-later
// Attention over pages in an order that is not theirs, beside softmax sums in double over what lies there.
#include <algorithm>
#include <cmath>

#include "engine/cuda/self_test/test_bench.h"
#include "engine/cuda/self_test/test_pages.h"
#include "kernels/cuda/attention.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::KvNumber;
using cuda::Number;

namespace {

constexpr std::int64_t kHeads = 4, kKvHeads = 2, kHeadDim = 64, kBlockSize = 16, kLayer = 1;
constexpr std::int64_t kWidth = (kHeads + 2 * kKvHeads) * kHeadDim; // of a token's queries, keys and values
constexpr std::int64_t kSplits = 3;
constexpr double kFloatRounding = 1e-5, kBfloatRounding = 1e-2; // of what is about 1 in size

/// A sequence: keys, the new ones included, and how many of them are new. No keys: padding.
struct Row
{
    std::int64_t keys = 0, queries = 1;
};

struct Case
{
    const char* name = "";
    bool decode = false;
    Number number = Number::F32;
    KvNumber kv = KvNumber::F32;
    std::int64_t window = 0;
    float softCap = 0.0F;
};

std::vector<Row> rowsOf(const Case& c)
{
    return c.decode ? std::vector<Row>{{1, 1}, {37, 1}, {0, 1}, {130, 1}}
                    : std::vector<Row>{{21, 21}, {50, 7}, {33, 1}, {70, 40}};
}

/// What one attention reads, in the host's memory.
struct Scene
{
    std::vector<Row> rows;
    TestPages pages;
    std::vector<float> qkv; // [tokens, kWidth]
    std::vector<std::int32_t> table, contexts, starts{0};
    std::int64_t tableRow = 0;

    Scene(const Case& c, const cuda::KvPages& shape) : rows(rowsOf(c)), pages(shape) {}
};

std::int64_t blocksOf(const Row& row)
{
    return (row.keys + kBlockSize - 1) / kBlockSize;
}

cuda::KvPages shapeFor(const Case& c)
{
    cuda::KvPages shape;
    shape.number = c.kv;
    for (const Row& row : rowsOf(c))
        shape.pages += blocksOf(row);
    shape.layers = kLayer + 1;
    shape.blockSize = kBlockSize;
    shape.kvHeads = kKvHeads;
    shape.headDim = kHeadDim;
    return shape;
}

PageRow place(const Scene& scene, std::size_t row, std::int64_t key, std::int64_t kvHead, bool isValue)
{
    const std::int64_t page = scene.table[row * static_cast<std::size_t>(scene.tableRow) +
                                          static_cast<std::size_t>(key / kBlockSize)];
    return {page * kBlockSize + key % kBlockSize, kLayer, kvHead, isValue};
}

Scene sceneOf(const Case& c)
{
    Scene scene(c, shapeFor(c));
    SyntheticRandom random(static_cast<std::uint64_t>(c.kv) + (c.decode ? 100 : 200));
    for (const Row& row : scene.rows) {
        scene.tableRow = std::max(scene.tableRow, blocksOf(row) + 1);
        scene.contexts.push_back(static_cast<std::int32_t>(row.keys));
        scene.starts.push_back(scene.starts.back() + static_cast<std::int32_t>(row.queries));
    }
    scene.table.assign(scene.rows.size() * static_cast<std::size_t>(scene.tableRow), -1);
    auto page = static_cast<std::int32_t>(scene.pages.shape().pages);
    for (std::size_t r = 0; r < scene.rows.size(); ++r) {
        for (std::int64_t block = 0; block < blocksOf(scene.rows[r]); ++block)
            scene.table[r * static_cast<std::size_t>(scene.tableRow) + static_cast<std::size_t>(block)] =
                --page;
        for (std::int64_t key = 0; key < scene.rows[r].keys; ++key)
            for (std::int64_t head = 0; head < 2 * kKvHeads; ++head)
                scene.pages.write(place(scene, r, key, head / 2, head % 2 == 1),
                                  testFloats(random, kHeadDim));
    }
    scene.qkv = testFloats(random, static_cast<std::size_t>(scene.starts.back() * kWidth));
    for (float& value : scene.qkv)
        value = bfloatOf(value);
    return scene;
}

/// One head of one query; appends [kHeadDim].
void attend(const Scene& scene, const Case& c, std::size_t row, std::int64_t query, std::int64_t head,
            std::vector<double>& out)
{
    const Row& r = scene.rows[row];
    const float* q =
        &scene.qkv[static_cast<std::size_t>((scene.starts[row] + query) * kWidth + head * kHeadDim)];
    const std::int64_t kvHead = head / (kHeads / kKvHeads);
    const std::int64_t seen = r.keys == 0 ? 0 : r.keys - r.queries + query + 1;
    const std::int64_t first = c.window > 0 ? std::max<std::int64_t>(0, seen - c.window) : 0;
    std::vector<double> values(kHeadDim);
    double sum = 0.0;
    for (std::int64_t key = first; key < seen; ++key) {
        const std::vector<double> k = scene.pages.read(place(scene, row, key, kvHead, false));
        const std::vector<double> v = scene.pages.read(place(scene, row, key, kvHead, true));
        double score = 0.0;
        for (std::size_t d = 0; d < k.size(); ++d)
            score += double{q[d]} * k[d];
        score /= std::sqrt(double{kHeadDim});
        if (c.softCap > 0.0F)
            score = double{c.softCap} * std::tanh(score / double{c.softCap});
        sum += std::exp(score);
        for (std::size_t d = 0; d < v.size(); ++d)
            values[d] += std::exp(score) * v[d];
    }
    for (const double value : values)
        out.push_back(seen == 0 ? 0.0 : value / sum);
}

std::vector<double> exactOf(const Scene& scene, const Case& c)
{
    std::vector<double> exact;
    for (std::size_t row = 0; row < scene.rows.size(); ++row)
        for (std::int64_t query = 0; query < scene.rows[row].queries; ++query)
            for (std::int64_t head = 0; head < kHeads; ++head)
                attend(scene, c, row, query, head, exact);
    return exact;
}

cuda::AttentionStep stepOf(const Scene& scene, const Case& c)
{
    cuda::AttentionStep step;
    step.number = c.number;
    step.heads = kHeads;
    step.scale = 1.0F / std::sqrt(static_cast<float>(kHeadDim));
    step.softCap = c.softCap;
    step.window = c.window;
    step.kv = scene.pages.shape();
    step.layer = kLayer;
    step.sequences = static_cast<std::int64_t>(scene.rows.size());
    step.tokens = scene.starts.back();
    for (const Row& row : scene.rows) {
        step.longestQuery = std::max(step.longestQuery, row.queries);
        step.longestContext = std::max(step.longestContext, row.keys);
    }
    step.tableRow = scene.tableRow;
    return step;
}

GpuCheck checkAttention(const Case& c, const SelfTestSettings& settings)
{
    TestBench bench(c.name, settings);
    const Scene scene = sceneOf(c);
    cuda::AttentionStep step = stepOf(scene, c);
    const std::size_t outputs = static_cast<std::size_t>(step.tokens * kHeads * kHeadDim);
    const cuda::DeviceBuffer pages = bench.put(scene.pages.bytes());
    const cuda::DeviceBuffer qkv = bench.put(activationBytes(c.number, scene.qkv));
    const cuda::DeviceBuffer out = bench.put(activationBytes(c.number, std::vector<float>(outputs, NAN)));
    const cuda::DeviceBuffer table = bench.put(scene.table), contexts = bench.put(scene.contexts);
    const cuda::DeviceBuffer starts = bench.put(scene.starts);
    const cuda::DeviceBuffer work = bench.put(std::vector<std::uint8_t>(
        std::max<std::size_t>(1, cuda::decodeWorkspaceBytes(step.sequences, kHeads, kHeadDim, kSplits)),
        kUnwritten));
    step.kv.pool = pages.as<std::uint8_t>();
    step.qkv = qkv.data();
    step.out = out.data();
    step.pageTable = table.as<std::int32_t>();
    step.contextLengths = contexts.as<std::int32_t>();
    step.queryStart = c.decode ? nullptr : starts.as<std::int32_t>();
    bench.keep(c.decode ? cuda::attendDecode(step, kSplits, work.data(), nullptr)
                        : cuda::attendPrefill(step, nullptr));
    const double allowed = c.number == Number::F32 ? kFloatRounding : kBfloatRounding;
    return bench.judge(activationFloats(c.number, bench.get<std::uint8_t>(out)), exactOf(scene, c),
                       std::vector<double>(outputs, 1.0), allowed);
}

constexpr Case kCases[] = {
    {"attention, prefill in float32", false, Number::F32, KvNumber::F32, 0, 0.0F},
    {"attention, prefill in bfloat16", false, Number::BF16, KvNumber::BF16, 0, 0.0F},
    {"attention, prefill over int8", false, Number::BF16, KvNumber::Int8, 0, 0.0F},
    {"attention, prefill over float16", false, Number::BF16, KvNumber::F16, 0, 0.0F},
    {"attention, prefill in a window", false, Number::BF16, KvNumber::BF16, 19, 0.0F},
    {"attention, prefill with a soft cap", false, Number::BF16, KvNumber::BF16, 0, 2.0F},
    {"attention, decode in float32", true, Number::F32, KvNumber::F32, 0, 0.0F},
    {"attention, decode in bfloat16", true, Number::BF16, KvNumber::BF16, 0, 0.0F},
    {"attention, decode over int8", true, Number::BF16, KvNumber::Int8, 0, 0.0F},
    {"attention, decode over float16", true, Number::BF16, KvNumber::F16, 0, 0.0F},
    {"attention, decode in a window", true, Number::BF16, KvNumber::BF16, 19, 0.0F},
    {"attention, decode with a soft cap", true, Number::BF16, KvNumber::BF16, 0, 2.0F}};

} // namespace

std::vector<GpuCheck> checkAttention(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks;
    for (const Case& c : kCases)
        checks.push_back(checkAttention(c, settings));
    return checks;
}

} // namespace vitrine::engine
