// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/pack.h"

#include <QtTest>

#include <thread>

#include "tests/kernels/random_tensor.h"

using namespace vitrine::kernels;
using namespace vitrine::kernels::cpu;
using namespace vitrine::tests;

namespace {

constexpr unsigned kSeed = 20240613;

/// Reads one weight back out of a packed matrix, by the description in pack.h.
float weightAt(const PackedMatrix& matrix, std::int64_t row, std::int64_t column)
{
    const PanelLayout layout = panelLayout(matrix);
    const std::uint8_t* panel = matrix.data + static_cast<std::size_t>(row / 16) * matrix.panelBytes;
    const std::uint8_t* block = panel + static_cast<std::size_t>(column / 32) * blockBytes(layout);
    const std::int64_t n = row % 16, h = column % 32 / 16, j = column % 16 / 4, i = column % 4;
    int level = 0;
    if (hasByteLevels(layout)) {
        level = block[256 * h + 64 * j + 4 * n + i];
    } else {
        level = block[64 * j + 4 * n + i] >> (4 * h) & 15;
        if (hasFifthBits(layout))
            level |= (block[256 + 8 * (4 * h + j) + (4 * n + i) / 8] >> (4 * n + i) % 8 & 1) << 4;
    }
    const auto half = [&](std::size_t at) {
        std::uint16_t bits = 0;
        std::memcpy(&bits, block + at + 2 * static_cast<std::size_t>(n), sizeof bits);
        return floatFromHalf(bits);
    };
    const float scale = half(levelBytes(layout));
    const float second = hasSecond(layout) ? half(levelBytes(layout) + 32) : 0.0F;
    float factor = 1.0F;
    if (hasRowFactors(matrix))
        std::memcpy(&factor, panel + matrix.panelBytes - 64 + 4 * n, sizeof factor);
    const auto u = static_cast<float>(level);
    switch (layout) {
    case PanelLayout::NibbleAffine:
    case PanelLayout::FiveAffine:
        return (scale * u + second) * factor;
    case PanelLayout::NibbleUneven:
        return scale * static_cast<float>(kUnevenSteps[level]) * factor;
    case PanelLayout::NibbleFloat4:
        return scale * static_cast<float>(kFloat4Steps[level]) * factor;
    case PanelLayout::ByteHalfScaled:
        return (h == 0 ? scale : second) * (u - 128.0F) * factor;
    default:
        return scale * (u - static_cast<float>(zeroLevel(layout))) * factor;
    }
}

struct Packed
{
    PackedMatrix matrix;
    std::size_t bytes;
    AlignedBytes memory{0};

    Packed(QuantType type, const std::vector<std::uint8_t>& tensor, std::int64_t rows, std::int64_t columns)
        : bytes(describePacked(type, rows, columns, &matrix)), memory(bytes)
    {
        matrix.data = memory.data();
        std::memset(memory.data(), 0xaa, bytes);
        pack(type, tensor.data(), matrix, 0, (rows + 15) / 16, memory.data());
    }
};

} // namespace

class PackTest : public QObject
{
    Q_OBJECT

private slots:
    void halfConversionsAreExact()
    {
        for (unsigned bits = 0; bits < 0x10000; ++bits) {
            const float value = floatFromHalf(static_cast<std::uint16_t>(bits));
            if ((bits & 0x7c00U) == 0x7c00U && (bits & 0x3ffU) != 0)
                QVERIFY(std::isnan(value) && std::isnan(floatFromHalf(halfFromFloat(value))));
            else
                QCOMPARE(static_cast<unsigned>(halfFromFloat(value)), bits);
        }
        QCOMPARE(floatFromHalf(0x3c00), 1.0F);
        QCOMPARE(floatFromHalf(0x0001), 0x1p-24F);
        QCOMPARE(floatFromHalf(0xfbff), -65504.0F);
        QCOMPARE(halfFromFloat(1.0F + 0x1p-11F), std::uint16_t{0x3c00}); // ties to even
        QCOMPARE(halfFromFloat(1.0F + 0x3p-11F), std::uint16_t{0x3c02});
        QCOMPARE(halfFromFloat(65519.0F), std::uint16_t{0x7bff});
        QCOMPARE(halfFromFloat(65520.0F), std::uint16_t{0x7c00});
        QCOMPARE(halfFromFloat(0x1p-25F), std::uint16_t{0});
        QCOMPARE(halfFromFloat(0x1.8p-25F), std::uint16_t{1});
    }

    void everyWeightComesBack_data()
    {
        QTest::addColumn<int>("type");
        for (const QuantType type : allQuantTypes())
            if (canDequantize(type))
                QTest::newRow(quantInfo(type).name) << static_cast<int>(type);
    }
    void everyWeightComesBack()
    {
        QFETCH(int, type);
        const auto quantType = static_cast<QuantType>(type);
        std::mt19937 random(kSeed);
        constexpr std::int64_t kRows = 37, kColumns = 512;
        const std::vector<std::uint8_t> tensor = randomTensor(quantType, kRows, kColumns, random);
        const std::vector<float> weights = floatsOf(quantType, tensor);
        const Packed packed(quantType, tensor, kRows, kColumns);
        for (std::int64_t row = 0; row < 48; ++row) {
            for (std::int64_t k = 0; k < kColumns; ++k) {
                const float got = weightAt(packed.matrix, row, k);
                const float wanted =
                    row < kRows ? weights[static_cast<std::size_t>(row * kColumns + k)] : 0.0F;
                const float allowed =
                    row < kRows
                        ? allowedError(quantType,
                                       &weights[static_cast<std::size_t>(row * kColumns + k / 32 * 32)])
                        : 0.0F;
                QVERIFY2(
                    std::fabs(got - wanted) <= allowed,
                    qPrintable(QString("row %1 column %2: %3, not %4").arg(row).arg(k).arg(got).arg(wanted)));
            }
        }
    }

    void tinyAndHugeWeightsKeepTheirBits()
    {
        std::mt19937 random(kSeed + 1);
        for (const float size : {1e-20F, 1e-7F, 1e7F, 1e20F}) {
            std::vector<float> weights = randomFloats(64, random);
            for (float& weight : weights)
                weight *= size;
            std::vector<std::uint8_t> tensor(weights.size() * sizeof(float));
            std::memcpy(tensor.data(), weights.data(), tensor.size());
            const Packed packed(QuantType::F32, tensor, 2, 32);
            for (std::int64_t i = 0; i < 64; ++i)
                QVERIFY(std::fabs(weightAt(packed.matrix, i / 32, i % 32) -
                                  weights[static_cast<std::size_t>(i)]) <=
                        allowedError(QuantType::F32, &weights[static_cast<std::size_t>(i / 32 * 32)]));
        }
    }

    void panelsMayBePackedByManyThreads()
    {
        std::mt19937 random(kSeed + 2);
        const std::vector<std::uint8_t> tensor = randomTensor(QuantType::Q4_K, 200, 512, random);
        const Packed whole(QuantType::Q4_K, tensor, 200, 512);
        AlignedBytes memory(whole.bytes);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                pack(QuantType::Q4_K, tensor.data(), whole.matrix, 13 * t / 4, 13 * (t + 1) / 4,
                     memory.data());
            });
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(std::memcmp(memory.data(), whole.matrix.data, whole.bytes) == 0);
    }

    void refusesWhatDoesNotFit()
    {
        QVERIFY(canPack(QuantType::Q4_0, 32));
        QVERIFY(!canPack(QuantType::Q4_0, 48));
        QVERIFY(!canPack(QuantType::Q4_0, 0));
        QVERIFY(!canPack(QuantType::Q4_K, 288));
        QVERIFY(canPack(QuantType::Q4_K, 512));
        QVERIFY(canPack(QuantType::F32, 96));
        QVERIFY(!canPack(QuantType::F32, 100));
        QVERIFY(!canPack(static_cast<QuantType>(1000), 256));
    }

private:
    /// By how much packing may change a weight; `group` is its 32 columns.
    static float allowedError(QuantType type, const float* group)
    {
        float largest = 0.0F;
        for (int i = 0; i < 32; ++i)
            largest = std::fmax(largest, std::fabs(group[i]));
        switch (type) {
        case QuantType::Q4_0:
        case QuantType::Q5_0:
        case QuantType::Q8_0:
        case QuantType::IQ4_NL:
        case QuantType::MXFP4:
            return 0.0F;
        case QuantType::Q4_1:
        case QuantType::Q5_1:
            return largest * 2e-7F; // the order of adding
        case QuantType::Q4_K:
        case QuantType::Q5_K:
            return largest * 2e-3F;
        case QuantType::Q6_K:
        case QuantType::IQ4_XS:
            return largest * 5e-4F;
        default:
            return largest * (0.5F / 127 + 1e-3F);
        }
    }
};

QTEST_APPLESS_MAIN(PackTest)
#include "pack_test.moc"
