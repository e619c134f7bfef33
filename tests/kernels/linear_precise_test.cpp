// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "kernels/cpu/linear.h"
#include "tests/kernels/random_tensor.h"

using namespace vitrine::kernels;
using namespace vitrine::kernels::cpu;
using namespace vitrine::tests;

namespace {

constexpr unsigned kSeed = 20240612;

struct Case
{
    QuantType type;
    std::int64_t outputs, columns, count;
    std::vector<std::uint8_t> tensor;
    std::vector<float> x;

    Case(QuantType t, std::int64_t n, std::int64_t k, std::int64_t m, std::mt19937& random)
        : type(t), outputs(n), columns(k), count(m), tensor(randomTensor(t, n, k, random)),
          x(randomFloats(static_cast<std::size_t>(m * k), random))
    {}

    std::vector<float> run(Isa isa, std::int64_t first, std::int64_t end, bool accumulate) const
    {
        std::vector<float> y(static_cast<std::size_t>(count * outputs), 2.0F);
        std::vector<float> scratch(static_cast<std::size_t>(columns));
        linearPrecise(isa, type, tensor.data(), columns, first, end, x.data(), count, y.data(), outputs,
                      accumulate, scratch.data());
        return y;
    }
};

} // namespace

class LinearPreciseTest : public QObject
{
    Q_OBJECT

private slots:
    void equalsTheSumInDouble_data() { addVariants(); }
    void equalsTheSumInDouble()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed);
        qInfo("seed %u", kSeed);
        for (const QuantType type : allQuantTypes()) {
            if (!canDequantize(type))
                continue;
            for (const bool accumulate : {false, true})
                check(static_cast<Isa>(isa), Case(type, 5, 768, 4, random), accumulate);
        }
        for (const std::int64_t columns : {1, 7, 31, 33, 127, 129, 2049})
            check(static_cast<Isa>(isa), Case(QuantType::F32, 3, columns, 3, random), false);
    }

    void writesOnlyItsOutputs_data() { addVariants(); }
    void writesOnlyItsOutputs()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 1);
        const Case c(QuantType::Q8_0, 9, 96, 3, random);
        const std::vector<float> whole = c.run(static_cast<Isa>(isa), 0, 9, false);
        const std::vector<float> part = c.run(static_cast<Isa>(isa), 2, 7, false);
        for (std::size_t i = 0; i < part.size(); ++i)
            QCOMPARE(part[i], i % 9 >= 2 && i % 9 < 7 ? whole[i] : 2.0F);
    }

    void aRowDoesNotDependOnItsBatch_data() { addVariants(); }
    void aRowDoesNotDependOnItsBatch()
    {
        QFETCH(int, isa);
        if (!supports(static_cast<Isa>(isa)))
            QSKIP("this machine does not run it");
        std::mt19937 random(kSeed + 2);
        const Case c(QuantType::F16, 4, 1000, 13, random);
        const std::vector<float> together = c.run(static_cast<Isa>(isa), 0, 4, false);
        std::vector<float> scratch(1000);
        for (std::int64_t m = 0; m < c.count; ++m) {
            float alone[4];
            linearPrecise(static_cast<Isa>(isa), c.type, c.tensor.data(), c.columns, 0, 4,
                          c.x.data() + m * c.columns, 1, alone, 4, false, scratch.data());
            QVERIFY(std::memcmp(alone, together.data() + m * 4, sizeof alone) == 0);
        }
    }

private:
    static void addVariants()
    {
        QTest::addColumn<int>("isa");
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni})
            QTest::newRow(isaName(isa)) << static_cast<int>(isa);
    }

    static void check(Isa isa, const Case& c, bool accumulate)
    {
        const std::vector<float> weights = floatsOf(c.type, c.tensor);
        const std::vector<float> y = c.run(isa, 0, c.outputs, accumulate);
        for (std::int64_t m = 0; m < c.count; ++m) {
            for (std::int64_t n = 0; n < c.outputs; ++n) {
                double sum = accumulate ? 2.0 : 0.0;
                double absolute = std::fabs(sum);
                for (std::int64_t k = 0; k < c.columns; ++k) {
                    const double term =
                        static_cast<double>(weights[static_cast<std::size_t>(n * c.columns + k)]) *
                        static_cast<double>(c.x[static_cast<std::size_t>(m * c.columns + k)]);
                    sum += term;
                    absolute += std::fabs(term);
                }
                const double got = y[static_cast<std::size_t>(m * c.outputs + n)];
                QVERIFY2(std::fabs(got - sum) <= 1e-6 * absolute, quantInfo(c.type).name);
            }
        }
    }
};

QTEST_APPLESS_MAIN(LinearPreciseTest)
#include "linear_precise_test.moc"
