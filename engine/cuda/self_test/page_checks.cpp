// SPDX-License-Identifier: GPL-3.0-or-later
// What writes into pages: norm and rotation of queries and keys with the write of keys and values, and copies
// of whole pages. What is not to be written is looked at too.
#include <algorithm>
#include <cmath>

#include "engine/cuda/self_test/test_bench.h"
#include "engine/cuda/self_test/test_pages.h"
#include "kernels/cuda/page_copy.h"
#include "kernels/cuda/rope.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;
using cuda::KvNumber;
using cuda::Number;

namespace {

constexpr std::int64_t kTokens = 5, kHeads = 3, kKvHeads = 2, kHeadDim = 64, kBlockSize = 5, kLayer = 1;
constexpr std::int64_t kAllHeads = kHeads + 2 * kKvHeads;
constexpr float kEpsilon = 1e-5F;
constexpr std::int32_t kPositions[kTokens] = {0, 1, 77, 5000, 131071};
constexpr std::int32_t kSlots[kTokens] = {7, 0, 41, -1, 22}; // in pages 1, 0, 8, none and 4

struct Case
{
    const char* name = "";
    Number number = Number::F32;
    KvNumber kv = KvNumber::F32;
    cuda::RopePairs pairs = cuda::RopePairs::Halves;
    double allowed = 0.0; ///< of the largest value of a head
};

struct Input
{
    std::vector<float> qkv, qNorm, kNorm;
    std::vector<double> frequencies;
};

Input inputOf()
{
    SyntheticRandom random(11);
    Input input;
    input.qkv = testFloats(random, kTokens * kAllHeads * kHeadDim);
    for (float& value : input.qkv)
        value = bfloatOf(value);
    input.qNorm = testFloats(random, kHeadDim);
    input.kNorm = testFloats(random, kHeadDim);
    for (std::int64_t i = 0; i < kHeadDim / 2; ++i)
        input.frequencies.push_back(std::pow(10'000.0, -2.0 * static_cast<double>(i) / kHeadDim));
    return input;
}

cuda::KvPages shapeFor(KvNumber number)
{
    cuda::KvPages shape;
    shape.number = number;
    shape.pages = 9;
    shape.layers = kLayer + 1;
    shape.blockSize = kBlockSize;
    shape.kvHeads = kKvHeads;
    shape.headDim = kHeadDim;
    return shape;
}

void rotate(std::vector<double>& head, const Input& input, std::int32_t position, cuda::RopePairs pairs)
{
    const bool halves = pairs == cuda::RopePairs::Halves;
    for (std::size_t i = 0; i < head.size() / 2; ++i) {
        double& a = head[halves ? i : 2 * i];
        double& b = head[halves ? i + head.size() / 2 : 2 * i + 1];
        const double angle = position * input.frequencies[i];
        const double first = a * std::cos(angle) - b * std::sin(angle);
        b = a * std::sin(angle) + b * std::cos(angle);
        a = first;
    }
}

/// One head as it is to be: queries first, then keys, then values, which stay as they are.
std::vector<double> headOf(const Input& input, const Case& c, std::int64_t token, std::int64_t head)
{
    const auto from = input.qkv.begin() + (token * kAllHeads + head) * kHeadDim;
    std::vector<double> values(from, from + kHeadDim);
    if (head >= kHeads + kKvHeads)
        return values;
    double squares = 0.0;
    for (const double value : values)
        squares += value * value;
    const std::vector<float>& weights = head < kHeads ? input.qNorm : input.kNorm;
    for (std::size_t d = 0; d < values.size(); ++d)
        values[d] *= double{weights[d]} / std::sqrt(squares / kHeadDim + double{kEpsilon});
    rotate(values, input, kPositions[token], c.pairs);
    return values;
}

PageRow pageRow(std::int64_t token, std::int64_t head)
{
    const std::int64_t kv = head - kHeads;
    return {kSlots[token], kLayer, kv % kKvHeads, kv >= kKvHeads};
}

/// Found and wanted, value by value.
struct Comparison
{
    std::vector<float> found;
    std::vector<double> exact, scales;

    void addHead(const std::vector<double>& values, const std::vector<double>& wanted)
    {
        double largest = 0.0;
        for (const double value : wanted)
            largest = std::max(largest, std::abs(value));
        found.insert(found.end(), values.begin(), values.end());
        exact.insert(exact.end(), wanted.begin(), wanted.end());
        scales.insert(scales.end(), wanted.size(), largest);
    }
};

/// Queries, then what lies in the pages, then how many bytes were written where nothing belongs.
Comparison compare(const Input& input, const Case& c, const std::vector<float>& qkv, TestPages& pages)
{
    Comparison all;
    for (std::int64_t token = 0; token < kTokens; ++token)
        for (std::int64_t head = 0; head < kAllHeads; ++head) {
            const std::vector<double> wanted = headOf(input, c, token, head);
            const auto from = qkv.begin() + (token * kAllHeads + head) * kHeadDim;
            if (head < kHeads)
                all.addHead({from, from + kHeadDim}, wanted);
            else if (kSlots[token] >= 0)
                all.addHead(pages.read(pageRow(token, head)), wanted);
        }
    for (std::int64_t token = 0; token < kTokens; ++token)
        for (std::int64_t head = kHeads; head < kAllHeads && kSlots[token] >= 0; ++head)
            pages.forget(pageRow(token, head));
    const auto stray = std::count_if(pages.bytes().begin(), pages.bytes().end(),
                                     [](std::uint8_t byte) { return byte != kUnwritten; });
    all.found.push_back(static_cast<float>(stray));
    all.exact.push_back(0.0);
    all.scales.push_back(1.0);
    return all;
}

GpuCheck checkRotation(const Case& c, const SelfTestSettings& settings)
{
    TestBench bench(c.name, settings);
    const Input input = inputOf();
    TestPages pages(shapeFor(c.kv));
    const cuda::DeviceBuffer qkv = bench.put(activationBytes(c.number, input.qkv));
    const cuda::DeviceBuffer qNorm = bench.put(input.qNorm), kNorm = bench.put(input.kNorm);
    const cuda::DeviceBuffer frequencies = bench.put(input.frequencies);
    const cuda::DeviceBuffer positions = bench.put(std::vector(std::begin(kPositions), std::end(kPositions)));
    const cuda::DeviceBuffer slots = bench.put(std::vector(std::begin(kSlots), std::end(kSlots)));
    const cuda::DeviceBuffer angles = bench.put(std::vector<float>(kTokens * kHeadDim, NAN));
    const cuda::DeviceBuffer pool = bench.put(pages.bytes());
    bench.keep(cuda::ropeAngles(frequencies.as<double>(), kHeadDim / 2, 1.0F, positions.as<std::int32_t>(),
                                kTokens, angles.as<float>(), nullptr));
    cuda::RotateStep step;
    step.qkv = qkv.data();
    step.number = c.number;
    step.tokens = kTokens;
    step.heads = kHeads;
    step.qNorm = qNorm.as<float>();
    step.kNorm = kNorm.as<float>();
    step.epsilon = kEpsilon;
    step.angles = angles.as<float>();
    step.pairs = c.pairs;
    step.slots = slots.as<std::int32_t>();
    step.kv = pages.shape();
    step.kv.pool = pool.as<std::uint8_t>();
    step.layer = kLayer;
    bench.keep(cuda::rotateAndStore(step, nullptr));
    std::vector<std::uint8_t> found = bench.get<std::uint8_t>(pool);
    const std::vector<float> queries = activationFloats(c.number, bench.get<std::uint8_t>(qkv));
    if (bench.failed())
        return bench.judge({}, {}, {}, 0.0);
    pages.bytes() = std::move(found);
    const Comparison all = compare(input, c, queries, pages);
    return bench.judge(all.found, all.exact, all.scales, c.allowed);
}

/// Two copies, one that is left out on either side; every byte of the pool is compared.
GpuCheck checkPageCopies(const SelfTestSettings& settings)
{
    constexpr std::size_t kPages = 7, kPageBytes = 20'016;
    TestBench bench("copies of pages", settings);
    SyntheticRandom random(5);
    std::vector<std::uint8_t> pool(kPages * kPageBytes);
    for (std::uint8_t& byte : pool)
        byte = static_cast<std::uint8_t>(random.next() >> 56U);
    const std::vector<cuda::PageCopy> copies{{0, 3}, {5, 1}, {-1, 2}, {6, -1}};
    const cuda::DeviceBuffer pages = bench.put(pool), list = bench.put(copies);
    bench.keep(cuda::copyPages(pages.as<std::uint8_t>(), pages.as<std::uint8_t>(), kPageBytes,
                               list.as<cuda::PageCopy>(), static_cast<std::int64_t>(copies.size()), nullptr));
    const std::vector<std::uint8_t> found = bench.get<std::uint8_t>(pages);
    const auto page = [&pool](std::size_t number) {
        return pool.begin() + static_cast<std::ptrdiff_t>(number * kPageBytes);
    };
    std::copy_n(page(0), kPageBytes, page(3));
    std::copy_n(page(5), kPageBytes, page(1));
    return bench.judge({found.begin(), found.end()}, {pool.begin(), pool.end()},
                       std::vector<double>(pool.size(), 1.0), 0.0);
}

constexpr double kFloatRounding = 3e-6, kHalfRounding = 1e-3, kBfloatRounding = 4.1e-3, kInt8Rounding = 5e-3;
constexpr Case kCases[] = {
    {"rotation into float32 pages", Number::F32, KvNumber::F32, cuda::RopePairs::Interleaved, kFloatRounding},
    {"rotation by halves", Number::F32, KvNumber::F32, cuda::RopePairs::Halves, kFloatRounding},
    {"rotation into float16 pages", Number::F32, KvNumber::F16, cuda::RopePairs::Halves, kHalfRounding},
    {"rotation into bfloat16 pages", Number::BF16, KvNumber::BF16, cuda::RopePairs::Halves, kBfloatRounding},
    {"rotation into int8 pages", Number::BF16, KvNumber::Int8, cuda::RopePairs::Interleaved, kInt8Rounding}};

} // namespace

std::vector<GpuCheck> checkPages(const SelfTestSettings& settings)
{
    std::vector<GpuCheck> checks;
    for (const Case& c : kCases)
        checks.push_back(checkRotation(c, settings));
    checks.push_back(checkPageCopies(settings));
    return checks;
}

} // namespace vitrine::engine
