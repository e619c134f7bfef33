// SPDX-License-Identifier: GPL-3.0-or-later
// Rotation, norm and the write of keys and values against double precision, and copies of pages.
#define QT_NO_KEYWORDS // RotateStep has slots of its own
#include "cuda_emulator/control.h"
#include "kernels/cuda/page_copy.h"
#include "kernels/cuda/rope.h"
#include "support/paged_case.h"

#include <QtTest>

using namespace cuda_test;
using namespace vitrine;

class RopeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { cuda_emulator::reset(); }

    void anglesAreExactAtAnyPosition();
    void queriesKeysAndValuesAgreeWithDoublePrecision_data();
    void queriesKeysAndValuesAgreeWithDoublePrecision();
    void paddingRowsWriteNothing();
    void aRowOfZerosIsStoredAsZeros();
    void largestMagnitudesSurviveScaling();
    void whatIsNotTakenIsRefused();
    void pagesAreCopied_data();
    void pagesAreCopied();
};

namespace {

constexpr std::int64_t kTokens = 5;
constexpr std::int64_t kHeads = 3;
constexpr std::int64_t kKvHeads = 2;
const std::vector<std::int32_t> kSlots{7, 0, 41, -1, 22}; // in pages 1, 0, 8, none, 4 of five tokens

struct RopeCase
{
    std::int64_t headDim = 64;
    KvNumber kvNumber = KvNumber::F32;
    RopePairs pairs = RopePairs::Halves;
    bool norm = true;
    bool rotation = true;
    std::int64_t rotated = 0; ///< elements; 0: all
    bool bias = false;

    std::int64_t turning() const { return (rotated > 0 ? rotated : headDim) / 2; }
};

struct Rotated
{
    std::vector<float> qkv;
    std::vector<std::uint8_t> pages;
    KvPages kv;
    bool done = false;
};

struct RopeInput
{
    std::vector<float> qkv, qNorm, kNorm, angles, bias;

    RopeInput(const RopeCase& rope, unsigned seed)
    {
        std::mt19937 random(seed);
        qkv = randomFloats(random, std::size_t(kTokens * (kHeads + 2 * kKvHeads) * rope.headDim));
        qNorm = randomFloats(random, std::size_t(rope.headDim));
        kNorm = randomFloats(random, std::size_t(rope.headDim));
        bias = randomFloats(random, std::size_t((kHeads + 2 * kKvHeads) * rope.headDim));
        for (std::int64_t i = 0; i < kTokens * rope.turning(); ++i) {
            const float angle = randomFloats(random, 1).front() * 3;
            angles.push_back(std::cos(angle));
            angles.push_back(std::sin(angle));
        }
        if (rope.kvNumber != KvNumber::F32)
            for (float& x : qkv)
                x = bfloat(x);
    }
};

Number numberOf(const RopeCase& rope)
{
    return rope.kvNumber == KvNumber::F32 ? Number::F32 : Number::BF16;
}

Rotated rotate(const RopeCase& rope, const RopeInput& input, const std::vector<std::int32_t>& slots)
{
    Rotated result;
    result.kv.number = rope.kvNumber;
    result.kv.pages = 9;
    result.kv.layers = 2;
    result.kv.blockSize = 5;
    result.kv.kvHeads = kKvHeads;
    result.kv.headDim = rope.headDim;
    const DeviceVector<std::uint8_t> qkv(encode(numberOf(rope), input.qkv));
    const DeviceVector<float> qNorm(input.qNorm);
    const DeviceVector<float> kNorm(input.kNorm);
    const DeviceVector<float> angles(input.angles);
    const DeviceVector<float> bias(input.bias);
    const DeviceVector<std::int32_t> slotsThere(slots);
    const DeviceVector<std::uint8_t> pages(
        std::vector<std::uint8_t>(std::size_t(result.kv.totalBytes()), 0xEE));
    RotateStep step;
    step.qkv = qkv.data();
    step.number = numberOf(rope);
    step.tokens = kTokens;
    step.heads = kHeads;
    step.qNorm = rope.norm ? qNorm.data() : nullptr;
    step.kNorm = rope.norm ? kNorm.data() : nullptr;
    step.epsilon = 1e-5F;
    step.angles = rope.rotation ? angles.data() : nullptr;
    step.rotated = rope.rotated;
    if (rope.bias) {
        step.qBias = bias.data();
        step.kBias = step.qBias + kHeads * rope.headDim;
        step.vBias = step.kBias + kKvHeads * rope.headDim;
    }
    step.pairs = rope.pairs;
    step.slots = slotsThere.data();
    step.kv = result.kv;
    step.kv.pool = pages.data();
    step.layer = 1;
    result.done = bool(rotateAndStore(step, nullptr)) && cudaDeviceSynchronize() == cudaSuccess;
    result.qkv = decode(numberOf(rope), qkv.read());
    result.pages = pages.read();
    return result;
}

/// One head of one token as it must become.
std::vector<double> expectedHead(const RopeCase& rope, const RopeInput& input, std::int64_t token,
                                 std::int64_t head)
{
    const std::int64_t dim = rope.headDim;
    const bool isValue = head >= kHeads + kKvHeads;
    const std::vector<float>& weight = head < kHeads ? input.qNorm : input.kNorm;
    std::vector<double> x(static_cast<std::size_t>(dim));
    double squares = 0;
    for (std::size_t d = 0; d < x.size(); ++d) {
        x[d] = double(input.qkv[std::size_t((token * (kHeads + 2 * kKvHeads) + head) * dim) + d]);
        if (rope.bias)
            x[d] += double(input.bias[std::size_t(head * dim) + d]);
        squares += x[d] * x[d];
    }
    if (isValue)
        return x;
    if (rope.norm)
        for (std::size_t d = 0; d < x.size(); ++d)
            x[d] *= double(weight[d]) / std::sqrt(squares / double(dim) + double(1e-5F));
    const std::int64_t half = rope.turning();
    for (std::int64_t i = 0; rope.rotation && i < half; ++i) {
        const bool halves = rope.pairs == RopePairs::Halves;
        double& a = x[std::size_t(halves ? i : 2 * i)];
        double& b = x[std::size_t(halves ? i + half : 2 * i + 1)];
        const double cosine = double(input.angles[std::size_t(2 * (token * half + i))]);
        const double sine = double(input.angles[std::size_t(2 * (token * half + i) + 1)]);
        const double rotated = a * cosine - b * sine;
        b = a * sine + b * cosine;
        a = rotated;
    }
    return x;
}

/// What an element may be off: half a step of its format.
double allowed(KvNumber number, double value, double largest)
{
    const double size = std::fabs(value);
    switch (number) {
    case KvNumber::F32:
        return 2e-6 * largest;
    case KvNumber::F16:
        return 1e-6 + size / 2000;
    case KvNumber::BF16:
        return 1e-6 + size / 255;
    case KvNumber::Int8:
        return largest / 127 * 0.501;
    case KvNumber::FP8:
        return size / 15.9 + largest / 448 / 512;
    }
    return 0;
}

double largestOf(const std::vector<double>& values)
{
    double largest = 0;
    for (const double value : values)
        largest = std::max(largest, std::fabs(value));
    return largest;
}

/// "" or the first head of the pages that is wrong.
QString wrongInPages(const RopeCase& rope, const RopeInput& input, const Rotated& result)
{
    const KvPages& kv = result.kv;
    for (std::int64_t token = 0; token < kTokens; ++token)
        for (std::int64_t h = 0; h < 2 * kKvHeads && kSlots[std::size_t(token)] >= 0; ++h) {
            const std::int64_t slot = kSlots[std::size_t(token)];
            const bool isValue = h >= kKvHeads;
            const std::int64_t head =
                kv.headOffset(slot / kv.blockSize, 1, h % kKvHeads) + (isValue ? kv.headBytes() : 0);
            float scale = 1;
            if (kv.scaled())
                std::memcpy(&scale,
                            &result.pages[std::size_t(head + kv.scaleOffset() + slot % kv.blockSize * 4)], 4);
            const auto expected = expectedHead(rope, input, token, kHeads + h);
            const double largest = largestOf(expected);
            for (std::int64_t d = 0; d < kv.headDim; ++d) {
                const double want = expected[std::size_t(d)];
                const std::uint8_t* row =
                    &result.pages[std::size_t(head + slot % kv.blockSize * kv.rowBytes())];
                const double got = double(scale) * elementValue(kv.number, row, d);
                if (!(std::fabs(got - want) <= allowed(kv.number, want, largest)))
                    return QString("token %1 head %2 value %3: %4, not %5")
                        .arg(token)
                        .arg(h)
                        .arg(d)
                        .arg(got)
                        .arg(want);
            }
        }
    return {};
}

} // namespace

Q_DECLARE_METATYPE(RopeCase)

void RopeTest::anglesAreExactAtAnyPosition()
{
    std::vector<double> frequencies;
    for (int i = 0; i < 5; ++i)
        frequencies.push_back(std::pow(1e6, -i / 5.0));
    const std::vector<std::int32_t> positions{0, 1, 77, 1'000'003};
    const DeviceVector<double> frequenciesThere(frequencies);
    const DeviceVector<std::int32_t> positionsThere(positions);
    const DeviceVector<float> angles(std::vector<float>(40, -9.0F));
    QVERIFY(
        bool(ropeAngles(frequenciesThere.data(), 5, 1.0F, positionsThere.data(), 4, angles.data(), nullptr)));
    const auto values = angles.read();
    for (std::size_t t = 0; t < 4; ++t)
        for (std::size_t i = 0; i < 5; ++i) {
            const double angle = positions[t] * frequencies[i];
            QVERIFY(std::fabs(double(values[(t * 5 + i) * 2]) - std::cos(angle)) < 1e-7);
            QVERIFY(std::fabs(double(values[(t * 5 + i) * 2 + 1]) - std::sin(angle)) < 1e-7);
        }
    QVERIFY(bool(
        ropeAngles(frequenciesThere.data(), 5, 1.25F, positionsThere.data(), 4, angles.data(), nullptr)));
    QVERIFY(std::fabs(double(angles.read()[2 * 6]) - 1.25 * std::cos(frequencies[1])) < 1e-7);
    QCOMPARE(ropeAngles(nullptr, 5, 1.0F, nullptr, 0, nullptr, nullptr), Status{});
}

void RopeTest::queriesKeysAndValuesAgreeWithDoublePrecision_data()
{
    QTest::addColumn<RopeCase>("rope");
    QTest::newRow("float32") << RopeCase{};
    QTest::newRow("float32, interleaved") << RopeCase{80, KvNumber::F32, RopePairs::Interleaved, true, true};
    QTest::newRow("float32, as it is") << RopeCase{34, KvNumber::F32, RopePairs::Halves, false, false};
    QTest::newRow("float32 512") << RopeCase{512, KvNumber::F32, RopePairs::Halves, true, true};
    QTest::newRow("a part of each head")
        << RopeCase{96, KvNumber::F32, RopePairs::Halves, true, true, 72, true};
    QTest::newRow("a part, interleaved, bf16")
        << RopeCase{80, KvNumber::BF16, RopePairs::Interleaved, false, true, 20, true};
    QTest::newRow("bias, int8") << RopeCase{64, KvNumber::Int8, RopePairs::Halves, false, true, 0, true};
    QTest::newRow("bf16 128") << RopeCase{128, KvNumber::BF16, RopePairs::Halves, true, true};
    QTest::newRow("f16 96") << RopeCase{96, KvNumber::F16, RopePairs::Interleaved, false, true};
    QTest::newRow("int8 64") << RopeCase{64, KvNumber::Int8, RopePairs::Halves, true, true};
    QTest::newRow("int8 50") << RopeCase{50, KvNumber::Int8, RopePairs::Interleaved, false, true};
    QTest::newRow("fp8 256") << RopeCase{256, KvNumber::FP8, RopePairs::Halves, true, true};
}

void RopeTest::queriesKeysAndValuesAgreeWithDoublePrecision()
{
    QFETCH(const RopeCase, rope);
    const RopeInput input(rope, 7);
    const Rotated result = rotate(rope, input, kSlots);
    QVERIFY(result.done);
    QCOMPARE(wrongInPages(rope, input, result), QString());
    const KvNumber precision = rope.kvNumber == KvNumber::F32 ? KvNumber::F32 : KvNumber::BF16;
    for (std::int64_t token = 0; token < kTokens; ++token)
        for (std::int64_t head = 0; head < kHeads; ++head) {
            const auto expected = expectedHead(rope, input, token, head);
            for (std::int64_t d = 0; d < rope.headDim; ++d) {
                const double want = expected[std::size_t(d)];
                const double got = double(
                    result.qkv[std::size_t((token * (kHeads + 2 * kKvHeads) + head) * rope.headDim + d)]);
                QVERIFY(std::fabs(got - want) <= allowed(precision, want, largestOf(expected)));
            }
        }
}

void RopeTest::paddingRowsWriteNothing()
{
    for (const KvNumber number : {KvNumber::F32, KvNumber::Int8}) {
        RopeCase rope;
        rope.kvNumber = number;
        const Rotated result = rotate(rope, RopeInput(rope, 8), {-1, -1, -1, -7, -1});
        QVERIFY(result.done);
        QCOMPARE(result.pages, std::vector<std::uint8_t>(result.pages.size(), 0xEE));
        // One row is written, and nothing but that row.
        const Rotated one = rotate(rope, RopeInput(rope, 8), {-1, -1, 13, -1, -1});
        const std::int64_t changed =
            std::count_if(one.pages.begin(), one.pages.end(), [](std::uint8_t byte) { return byte != 0xEE; });
        const std::int64_t written = 2 * kKvHeads * (one.kv.rowBytes() + (one.kv.scaled() ? 4 : 0));
        QVERIFY(changed <= written && changed > written * 9 / 10);
    }
}

void RopeTest::aRowOfZerosIsStoredAsZeros()
{
    for (const KvNumber number : {KvNumber::Int8, KvNumber::FP8, KvNumber::BF16}) {
        RopeCase rope;
        rope.kvNumber = number;
        RopeInput input(rope, 8);
        std::fill(input.qkv.begin(), input.qkv.end(), 0.0F);
        const Rotated result = rotate(rope, input, kSlots);
        QCOMPARE(wrongInPages(rope, input, result), QString());
    }
}

void RopeTest::largestMagnitudesSurviveScaling()
{
    for (const KvNumber number : {KvNumber::Int8, KvNumber::FP8}) {
        RopeCase rope{64, number, RopePairs::Halves, false, false};
        RopeInput input(rope, 8);
        for (std::size_t i = 0; i < input.qkv.size(); i += 64) {
            input.qkv[i] = -30000; // the others nearly vanish beside it
            input.qkv[i + 1] = 1e-20F;
        }
        QCOMPARE(wrongInPages(rope, input, rotate(rope, input, kSlots)), QString());
    }
}

void RopeTest::whatIsNotTakenIsRefused()
{
    RotateStep step;
    QCOMPARE(rotateAndStore(step, nullptr), Status{});
    step.tokens = 1;
    step.heads = 1;
    step.kv.kvHeads = 1;
    step.kv.blockSize = 16;
    for (const std::int64_t headDim : {0, 31, 514}) {
        step.kv.headDim = headDim;
        QCOMPARE(rotateAndStore(step, nullptr), Status{cudaErrorInvalidValue});
    }
    step.kv.headDim = 64;
    for (const std::int64_t rotated : {-2, 7, 66}) {
        step.rotated = rotated;
        QCOMPARE(rotateAndStore(step, nullptr), Status{cudaErrorInvalidValue});
    }
}

void RopeTest::pagesAreCopied_data()
{
    QTest::addColumn<std::int64_t>("pageBytes");
    QTest::newRow("one vector") << std::int64_t{16};
    QTest::newRow("part of a block") << std::int64_t{16 * 100};
    QTest::newRow("three blocks") << std::int64_t{16 * 2100};
}

void RopeTest::pagesAreCopied()
{
    QFETCH(const std::int64_t, pageBytes);
    const auto size = static_cast<std::size_t>(pageBytes);
    std::mt19937 random(4);
    std::vector<std::uint8_t> contents(size * 7);
    for (std::uint8_t& byte : contents)
        byte = static_cast<std::uint8_t>(random());
    const std::vector<PageCopy> copies{{0, 5}, {6, 1}, {-1, 2}, {3, -1}, {0, 4}};
    const DeviceVector<std::uint8_t> pool(contents);
    const DeviceVector<PageCopy> copiesThere(copies);
    QVERIFY(bool(copyPages(pool.data(), pool.data(), pageBytes, copiesThere.data(), 5, nullptr)));
    const auto page = [size](std::vector<std::uint8_t>& pages, std::size_t i) {
        return pages.begin() + static_cast<std::ptrdiff_t>(i * size);
    };
    auto expected = contents;
    for (const auto& [from, to] : {std::pair<std::size_t, std::size_t>{0, 5}, {6, 1}, {0, 4}})
        std::copy_n(page(contents, from), size, page(expected, to));
    QVERIFY(pool.read() == expected);
    QCOMPARE(copyPages(nullptr, nullptr, pageBytes, nullptr, 0, nullptr), Status{});
    QCOMPARE(copyPages(pool.data(), pool.data(), pageBytes + 8, copiesThere.data(), 5, nullptr),
             Status{cudaErrorInvalidValue});
}

QTEST_APPLESS_MAIN(RopeTest)
#include "rope_test.moc"
