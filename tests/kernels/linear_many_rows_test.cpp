// SPDX-License-Identifier: GPL-3.0-or-later
// The products of many rows (bfloat16 tiles) against those of the dequantised weights in double. They run
// where the machine has tiles; elsewhere there is nothing to test.
#include "kernels/cpu/linear.h"

#include <QtTest>

#include "kernels/cpu/pack.h"
#include "tests/kernels/packed_product.h"

using namespace vitrine::kernels;
using namespace vitrine::kernels::cpu;
using namespace vitrine::tests;

namespace {

constexpr unsigned kSeed = 20261128;
const ManyRowOperations* operations()
{
    return supports(Isa::Amx) ? linearOperations(Isa::Amx).manyRows : nullptr;
}

struct Product : PackedProduct
{
    AlignedBytes tileMemory{0};
    ActivationTiles tiles;

    Product(QuantType t, std::int64_t n, std::int64_t k, std::int64_t m, std::mt19937& random)
        : PackedProduct(t, n, k, m, random)
    {
        tileMemory = AlignedBytes(activationTileBytes(count, columns));
        std::memset(tileMemory.data(), 0xFF, activationTileBytes(count, columns)); // unused rows: no numbers
        tiles = {columns, tileMemory.data()};
        for (std::int64_t row = 0; row < count; ++row)
            operations()->convert(x.data() + row * columns, row, 0, columns, tiles);
    }

    std::vector<float> all(bool accumulate = false) const
    {
        std::vector<float> y = poisoned();
        operations()->multiply(matrix, tiles, 0, count, 0, panels(), y.data(), stride, accumulate);
        return y;
    }
};

/// What packing, and rounding both factors to eight bits of mantissa, may change: a share of the sum of the
/// magnitudes.
double allowedShare(QuantType type)
{
    constexpr double kRounded = 2.0 / 256;
    const bool eightBits = type == QuantType::F32 || type == QuantType::BF16;
    return kRounded + (eightBits ? 1.0 / 127 : 1.0 / 512);
}

} // namespace

class LinearManyRowsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        qInfo("seed %u", kSeed);
        if (operations() == nullptr)
            QSKIP("this machine has no tiles");
    }

    void isTheProductOfTheDequantizedWeights_data()
    {
        QTest::addColumn<int>("type");
        for (const QuantType type : kLayoutSamples)
            QTest::newRow(quantInfo(type).name) << static_cast<int>(type);
    }
    void isTheProductOfTheDequantizedWeights()
    {
        QFETCH(int, type);
        std::mt19937 random(kSeed);
        for (const std::int64_t columns : {256, 512, 1536}) {
            for (const std::int64_t count : {1, 16, 17, 45}) {
                const Product p(static_cast<QuantType>(type), 53, columns, count, random);
                compare(p, p.all(), 0.0);
                compare(p, p.all(true), kPoison);
            }
        }
    }

    void manyHundredRowsAreTakenInParts()
    {
        std::mt19937 random(kSeed + 1);
        const Product p(QuantType::Q4_1, 40, 768, 1100, random);
        compare(p, p.all(), 0.0);
    }

    void rangesWriteNothingElse()
    {
        std::mt19937 random(kSeed + 2);
        for (const QuantType type : kLayoutSamples) {
            const Product p(type, 75, 256, 53, random);
            const std::vector<float> whole = p.all();
            std::vector<float> y = p.poisoned();
            operations()->multiply(p.matrix, p.tiles, 16, 33, 1, 5, y.data() + 16 * p.stride, p.stride,
                                   false);
            for (std::int64_t m = 0; m < p.count; ++m) {
                for (std::int64_t n = 0; n < p.stride; ++n) {
                    const auto i = static_cast<std::size_t>(m * p.stride + n);
                    const bool inside = m >= 16 && m < 49 && n >= 16 && n < 75;
                    QCOMPARE(y[i], inside ? whole[i] : kPoison);
                }
            }
        }
    }

    void aRowDoesNotDependOnTheRowsBesideIt()
    {
        std::mt19937 random(kSeed + 3);
        for (const QuantType type : kLayoutSamples) {
            const Product p(type, 33, 1536, 70, random);
            const std::vector<float> together = p.all();
            for (std::int64_t m = 0; m < p.count; m += kTileTokens) {
                const std::int64_t count = std::min(kTileTokens, p.count - m);
                std::vector<float> alone = p.poisoned();
                operations()->multiply(p.matrix, p.tiles, m, count, 0, p.panels(), alone.data(), p.stride,
                                       false);
                QVERIFY(std::memcmp(alone.data(), together.data() + m * p.stride,
                                    static_cast<std::size_t>((count - 1) * p.stride + p.rows) *
                                        sizeof(float)) == 0);
            }
        }
    }

    void convertsColumnRangesToTheNearest()
    {
        std::mt19937 random(kSeed + 4);
        constexpr std::int64_t kColumns = 160, kRows = 19;
        const std::vector<float> x = randomFloats(kColumns, random);
        AlignedBytes memory(activationTileBytes(kRows, kColumns));
        std::memset(memory.data(), 0x55, activationTileBytes(kRows, kColumns));
        operations()->convert(x.data(), 18, 32, 128, {kColumns, memory.data()});
        std::size_t changed = 0;
        for (std::int64_t k = 0; k < kColumns; ++k) {
            const std::int64_t tile = kColumns / 32 + k / 32; // second row of tiles
            std::uint16_t bits = 0;
            std::memcpy(&bits, memory.data() + tile * kActivationTileBytes + (2 * 32 + k % 32) * 2, 2);
            changed += bits != 0x5555;
            if (k < 32 || k >= 128)
                continue;
            const std::uint32_t wide = std::uint32_t{bits} << 16;
            float back = 0;
            std::memcpy(&back, &wide, sizeof back);
            const float exact = x[static_cast<std::size_t>(k)];
            QVERIFY(std::fabs(back - exact) <= std::fabs(exact) / 256);
        }
        QCOMPARE(changed, std::size_t{96});
    }

private:
    /// y against the product plus `before`, and what lies between the rows untouched.
    static void compare(const Product& p, const std::vector<float>& y, double before)
    {
        const std::vector<float> weights = floatsOf(p.type, p.tensor);
        double worst = 0.0; // of what is allowed
        for (std::int64_t m = 0; m < p.count; ++m) {
            for (std::int64_t n = 0; n < p.stride; ++n) {
                const double got = y[static_cast<std::size_t>(m * p.stride + n)];
                if (n >= p.rows) {
                    QCOMPARE(got, double{kPoison});
                    continue;
                }
                double sum = before, magnitude = 1e-12;
                for (std::int64_t k = 0; k < p.columns; ++k) {
                    const double w = weights[static_cast<std::size_t>(n * p.columns + k)];
                    const double product = w * p.x[static_cast<std::size_t>(m * p.columns + k)];
                    sum += product;
                    magnitude += std::fabs(product);
                }
                const double allowed =
                    magnitude * allowedShare(p.type) + std::fabs(before) * 1e-6; // in float32
                worst = std::max(worst, std::fabs(got - sum) / allowed);
            }
        }
        QVERIFY2(worst <= 1.0, qPrintable(QString("%1 [%2, %3] with %4 rows: %5 of what rounding explains")
                                              .arg(quantInfo(p.type).name)
                                              .arg(p.rows)
                                              .arg(p.columns)
                                              .arg(p.count)
                                              .arg(worst)));
    }
};

QTEST_APPLESS_MAIN(LinearManyRowsTest)
#include "linear_many_rows_test.moc"
