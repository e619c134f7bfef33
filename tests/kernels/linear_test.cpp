// SPDX-License-Identifier: GPL-3.0-or-later
// Every variant of the int8 products against the scalar one (to the bit) and the scalar one against the
// products of the dequantised weights in double.
#include "kernels/cpu/linear.h"

#include <QtTest>

#include <limits>

#include "kernels/cpu/pack.h"
#include "tests/kernels/packed_product.h"

using namespace vitrine::kernels;
using namespace vitrine::kernels::cpu;
using namespace vitrine::tests;

namespace {

constexpr unsigned kSeed = 20240611;
constexpr Isa kVariants[] = {Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni, Isa::Amx};

/// One product: a packed random matrix and random activations.
struct Product : PackedProduct
{
    AlignedBytes activationMemory{0};
    ActivationRows activations;

    Product(QuantType t, std::int64_t n, std::int64_t k, std::int64_t m, std::mt19937& random)
        : PackedProduct(t, n, k, m, random)
    {
        quantize();
    }

    void quantize()
    {
        activationMemory = AlignedBytes(activationBytes(count, columns));
        activations = activationRows(activationMemory.data(), count, columns);
        for (std::int64_t m = 0; m < count; ++m)
            linearOperations(Isa::Scalar).quantize(x.data() + m * columns, m, 0, columns, activations);
    }

    std::vector<float> all(Isa isa, bool accumulate = false) const
    {
        std::vector<float> y = poisoned();
        linearOperations(isa).multiply(matrix, activations, 0, count, 0, panels(), y.data(), stride,
                                       accumulate);
        return y;
    }
};

bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Largest share of a block's largest weight by which packing may change a weight of the type.
double packingError(QuantType type)
{
    switch (type) {
    case QuantType::Q4_0:
    case QuantType::Q4_1:
    case QuantType::Q5_0:
    case QuantType::Q5_1:
    case QuantType::Q8_0:
    case QuantType::IQ4_NL:
    case QuantType::MXFP4:
        return 0.0;
    case QuantType::Q4_K:
    case QuantType::Q5_K:
    case QuantType::Q6_K:
    case QuantType::IQ4_XS:
        return 1.0 / 512; // scale and minimum to eleven bits
    default:
        return 0.5 / 127 + 1.0 / 1024; // eight bits
    }
}

/// The product in double of row `m` with output row `n`, and how far the packed one may be from it.
struct Expected
{
    double value = 0.0;
    double tolerance = 0.0;
};

Expected expected(const Product& p, const std::vector<float>& weights, std::int64_t m, std::int64_t n)
{
    Expected result;
    for (std::int64_t k = 0; k < p.columns; k += 32) {
        const ActivationGroup& group = p.activations.groups[(m * p.columns + k) / 32];
        double largest = 0.0;
        double sum = 0.0;
        double absolute = 0.0;
        for (std::int64_t i = 0; i < 32; ++i) {
            const double w = weights[static_cast<std::size_t>(n * p.columns + k + i)];
            const double x = static_cast<double>(group.q[i]) * static_cast<double>(group.scale);
            largest = std::fmax(largest, std::fabs(w));
            sum += w * x;
            absolute += std::fabs(x);
        }
        result.value += sum;
        result.tolerance += (packingError(p.type) + 4e-6) * largest * absolute;
    }
    return result;
}

void addVariantRows()
{
    QTest::addColumn<int>("isa");
    for (const Isa isa : kVariants)
        QTest::newRow(isaName(isa)) << static_cast<int>(isa);
}

} // namespace

class LinearTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u", kSeed); }

    void scalarIsTheProductOfTheDequantizedWeights_data()
    {
        QTest::addColumn<int>("type");
        for (const QuantType type : allQuantTypes())
            if (canDequantize(type))
                QTest::newRow(quantInfo(type).name) << static_cast<int>(type);
    }
    void scalarIsTheProductOfTheDequantizedWeights()
    {
        QFETCH(int, type);
        std::mt19937 random(kSeed);
        const Product p(static_cast<QuantType>(type), 21, 512, 9, random);
        const std::vector<float> weights = floatsOf(p.type, p.tensor);
        const std::vector<float> y = p.all(Isa::Scalar);
        for (std::int64_t m = 0; m < p.count; ++m) {
            for (std::int64_t n = 0; n < p.rows; ++n) {
                const Expected e = expected(p, weights, m, n);
                const double got = y[static_cast<std::size_t>(m * p.stride + n)];
                QVERIFY2(std::fabs(got - e.value) <= e.tolerance,
                         qPrintable(QString("row %1, output %2: %3, expected %4 within %5")
                                        .arg(m)
                                        .arg(n)
                                        .arg(got)
                                        .arg(e.value)
                                        .arg(e.tolerance)));
            }
        }
    }

    void variantsEqualScalarToTheBit_data() { addVariantRows(); }
    void variantsEqualScalarToTheBit()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed);
        for (const QuantType type : kLayoutSamples) {
            const std::int64_t unit = std::max<std::int64_t>(32, quantInfo(type).blockValues);
            for (int round = 0; round < 24; ++round) {
                const std::int64_t columns = unit * (1 + random() % (round % 6 == 0 ? 4096 / unit : 20));
                const Product p(type, 1 + random() % 70, columns, 1 + random() % 70, random);
                const bool accumulate = random() % 2 == 0;
                QVERIFY2(sameBits(p.all(static_cast<Isa>(isa), accumulate), p.all(Isa::Scalar, accumulate)),
                         qPrintable(describe(p)));
            }
        }
    }

    void rangesWriteNothingElse_data() { addVariantRows(); }
    void rangesWriteNothingElse()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 1);
        for (const QuantType type : kLayoutSamples) {
            const Product p(type, 75, 256, 23, random);
            const std::vector<float> whole = p.all(static_cast<Isa>(isa));
            std::vector<float> y = p.poisoned();
            linearOperations(static_cast<Isa>(isa))
                .multiply(p.matrix, p.activations, 3, 17, 1, 5, y.data() + 3 * p.stride, p.stride, false);
            for (std::int64_t m = 0; m < p.count; ++m) {
                for (std::int64_t n = 0; n < p.stride; ++n) {
                    const auto i = static_cast<std::size_t>(m * p.stride + n);
                    const bool inside = m >= 3 && m < 20 && n >= 16 && n < 75;
                    QCOMPARE(y[i], inside ? whole[i] : kPoison);
                }
            }
        }
    }

    void aRowDoesNotDependOnItsBatch_data()
    {
        addVariantRows();
        QTest::newRow("scalar") << static_cast<int>(Isa::Scalar);
    }
    void aRowDoesNotDependOnItsBatch()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 2);
        for (const QuantType type : kLayoutSamples) {
            const Product p(type, 33, 1536, 70, random);
            const std::vector<float> together = p.all(static_cast<Isa>(isa));
            for (std::int64_t m = 0; m < p.count; ++m) {
                std::vector<float> alone(static_cast<std::size_t>(p.rows));
                linearOperations(static_cast<Isa>(isa))
                    .multiply(p.matrix, p.activations, m, 1, 0, p.panels(), alone.data(), p.rows, false);
                QVERIFY(std::memcmp(alone.data(), together.data() + m * p.stride,
                                    alone.size() * sizeof(float)) == 0);
            }
        }
    }

    void extremesDoNotSaturate_data() { addVariantRows(); }
    void extremesDoNotSaturate()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 3);
        for (const QuantType type : kLayoutSamples) {
            for (const int fill : {0x00, 0x7f, 0x80, 0xff}) {
                Product p(type, 18, 512, 5, random);
                fillLevels(&p, static_cast<std::uint8_t>(fill));
                p.repack();
                for (std::size_t i = 0; i < p.x.size(); ++i)
                    p.x[i] = i / static_cast<std::size_t>(p.columns) % 2 == 0 ? 3.0F : -3.0F;
                p.quantize();
                QCOMPARE(p.activations.groups[0].q[0], std::int8_t{127});
                QVERIFY2(sameBits(p.all(static_cast<Isa>(isa)), p.all(Isa::Scalar)), qPrintable(describe(p)));
            }
        }
    }

    void quantizeVariantsAgreeToTheBit_data() { addVariantRows(); }
    void quantizeVariantsAgreeToTheBit()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 4);
        constexpr std::int64_t kColumns = 32 * 200;
        std::vector<float> x = randomFloats(kColumns, random);
        makeOdd(&x);
        AlignedBytes a(activationBytes(2, kColumns));
        AlignedBytes b(activationBytes(2, kColumns));
        std::memset(a.data(), 0x55, activationBytes(2, kColumns));
        std::memset(b.data(), 0x55, activationBytes(2, kColumns));
        linearOperations(Isa::Scalar)
            .quantize(x.data(), 1, 64, kColumns - 32, activationRows(a.data(), 2, kColumns));
        linearOperations(static_cast<Isa>(isa))
            .quantize(x.data(), 1, 64, kColumns - 32, activationRows(b.data(), 2, kColumns));
        QVERIFY(std::memcmp(a.data(), b.data(), activationBytes(2, kColumns)) == 0);
    }

    void quantizeRoundsToTheNearestLevel()
    {
        std::mt19937 random(kSeed + 5);
        const std::vector<float> x = randomFloats(320, random);
        AlignedBytes memory(activationBytes(1, 320));
        const ActivationRows rows = activationRows(memory.data(), 1, 320);
        linearOperations(Isa::Scalar).quantize(x.data(), 0, 0, 320, rows);
        for (std::size_t k = 0; k < x.size(); ++k) {
            const ActivationGroup& group = rows.groups[k / 32];
            QVERIFY(std::fabs(static_cast<float>(group.q[k % 32]) * group.scale - x[k]) <=
                    0.5001F * group.scale);
        }
        for (int g = 0; g < 10; ++g) {
            int sums[2] = {0, 0};
            for (int i = 0; i < 32; ++i)
                sums[i / 16] += rows.groups[g].q[i];
            QCOMPARE(rows.groups[g].offsets[0], -128 * sums[0]);
            QCOMPARE(rows.groups[g].offsets[1], -128 * sums[1]);
            QCOMPARE(rows.groups[g].weightedSum,
                     rows.groups[g].scale * static_cast<float>(sums[0] + sums[1]));
        }
    }

private:
    static QString describe(const Product& p)
    {
        return QString("%1 [%2, %3] with %4 rows")
            .arg(quantInfo(p.type).name)
            .arg(p.rows)
            .arg(p.columns)
            .arg(p.count);
    }

    /// All bytes of the tensor `fill` but the float16 scales, which stay.
    static void fillLevels(Product* p, std::uint8_t fill)
    {
        const QuantInfo info = quantInfo(p->type);
        const bool floats = info.blockValues == 1;
        const std::size_t scaleAt = p->type == QuantType::Q6_K ? 208 : 0;
        const std::size_t scaleBytes = p->type == QuantType::Q8_0 || p->type == QuantType::Q4_0 ||
                                               p->type == QuantType::Q5_0 || p->type == QuantType::Q6_K
                                           ? 2
                                           : 4;
        for (std::size_t i = 0; i < p->tensor.size(); ++i) {
            const std::size_t at = i % info.blockBytes;
            if (!floats && (at < scaleAt || at >= scaleAt + scaleBytes))
                p->tensor[i] = fill;
        }
    }

    /// Groups that are zero, tiny, huge, exact ties, or hold what is no number.
    static void makeOdd(std::vector<float>* x)
    {
        const auto group = [&](int index) { return x->data() + 32 * index; };
        std::fill(group(3), group(4), 0.0F);
        std::fill(group(4), group(5), 1e-38F);
        std::fill(group(5), group(6), 3e38F);
        for (int i = 0; i < 32; ++i)
            group(6)[i] = static_cast<float>(i) + 0.5F;
        group(6)[31] = 127.0F;
        group(7)[9] = std::numeric_limits<float>::quiet_NaN();
        group(8)[30] = std::numeric_limits<float>::infinity();
        group(9)[0] = -std::numeric_limits<float>::infinity();
        std::fill(group(10), group(11), std::numeric_limits<float>::quiet_NaN());
        std::fill(group(11), group(12), -0.0F);
    }
};

QTEST_APPLESS_MAIN(LinearTest)
#include "linear_test.moc"
