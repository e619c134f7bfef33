// SPDX-License-Identifier: GPL-3.0-or-later
// Every variant of the row operations against formulas in double, on lengths that fit no vector.
#include <QtTest>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "kernels/cpu/vector_operations.h"

using namespace vitrine::kernels::cpu;

namespace {

constexpr std::uint32_t kSeed = 20240601;
constexpr std::int64_t kLengths[] = {1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 100, 576, 641};
constexpr std::int64_t kHeadDims[] = {2, 8, 16, 30, 32, 48, 64, 80, 96, 128, 256};

std::vector<float> randomRow(std::int64_t count, std::uint32_t seed, float spread = 2.0F)
{
    std::mt19937 random(kSeed + seed);
    std::normal_distribution<float> normal(0.0F, spread);
    std::vector<float> row(static_cast<std::size_t>(count));
    for (float& value : row)
        value = normal(random);
    return row;
}

bool near(double found, double expected, double tolerance = 2e-6)
{
    return std::abs(found - expected) <= tolerance * (1.0 + std::abs(expected));
}

} // namespace

class VectorOperationsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u", kSeed); }

    void expWeightsAreTheSameInEveryVariant_data() { variants(); }
    void expWeightsAreTheSameInEveryVariant()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        constexpr float kTop = 3.5F, kScale = 1.4F;
        for (const std::int64_t count : kLengths) {
            std::vector<float> x = randomRow(count, 9, 20.0F);
            for (float& value : x)
                value = kTop - std::abs(value);
            x[x.size() / 3] = std::numeric_limits<float>::quiet_NaN();
            std::vector<float> weights(x.size()), expected(x.size());
            const float sum = operations->expWeights(x.data(), count, kTop, kScale, weights.data());
            const float wanted = kVectorScalar.expWeights(x.data(), count, kTop, kScale, expected.data());
            QCOMPARE(std::memcmp(&sum, &wanted, sizeof sum), 0);
            QCOMPARE(std::memcmp(weights.data(), expected.data(), weights.size() * sizeof(float)), 0);
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double exact = std::exp((double{x[i]} - kTop) * kScale);
                QVERIFY(std::isnan(exact) || exact < 1e-38 ? weights[i] <= 1e-38F
                                                           : std::abs(weights[i] / exact - 1.0) < 2e-5);
            }
        }
    }

    void readThroughSeesEveryValue_data() { variants(); }
    void readThroughSeesEveryValue()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const std::int64_t count : {1, 7, 16, 33, 127, 128, 129, 1000, 5000}) {
            std::vector<float> x(static_cast<std::size_t>(count), 1.0F);
            QCOMPARE(operations->readThrough(x.data(), count), static_cast<float>(count));
        }
    }

    void largestPassesOverNaN_data() { variants(); }
    void largestPassesOverNaN()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        QCOMPARE(operations->largest(nullptr, 0), -kInfinity);
        for (const std::int64_t count : kLengths) {
            std::vector<float> x(static_cast<std::size_t>(count), kNaN);
            QCOMPARE(operations->largest(x.data(), count), -kInfinity);
            for (std::size_t place = 0; place < x.size(); ++place) { // everything below zero
                x.assign(x.size(), -9.0F);
                x[place] = -2.5F;
                x[(place + 1) % x.size()] = x.size() > 1 ? kNaN : -2.5F;
                QCOMPARE(operations->largest(x.data(), count), -2.5F);
            }
        }
    }

    void rmsNormDividesByTheRootMeanSquare_data() { variants(); }
    void rmsNormDividesByTheRootMeanSquare()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const std::int64_t count : kLengths) {
            std::vector<float> x = randomRow(count, 1);
            const std::vector<float> original = x;
            const std::vector<float> weight = randomRow(count, 2);
            double squares = 0;
            for (const float value : x)
                squares += static_cast<double>(value) * value;
            const double root = std::sqrt(squares / static_cast<double>(count) + 1e-5);
            operations->rmsNorm(x.data(), weight.data(), count, 1e-5F, x.data()); // in place
            for (std::size_t i = 0; i < x.size(); ++i)
                QVERIFY(near(x[i], original[i] / root * weight[i]));
        }
    }

    void addAndScale_data() { variants(); }
    void addAndScale()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const std::int64_t count : kLengths) {
            std::vector<float> x = randomRow(count, 3);
            const std::vector<float> original = x;
            const std::vector<float> y = randomRow(count, 4);
            x.push_back(7.0F); // must stay
            operations->add(x.data(), y.data(), count);
            operations->scale(x.data(), 3.0F, count);
            for (std::size_t i = 0; i < y.size(); ++i)
                QCOMPARE(x[i], (original[i] + y[i]) * 3.0F);
            QCOMPARE(x.back(), 7.0F);
        }
    }

    void gatesFollowTheirFormulas_data() { variants(); }
    void gatesFollowTheirFormulas()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        const auto silu = [](double x) { return x / (1 + std::exp(-x)); };
        const auto gelu = [](double x) {
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
        };
        for (const std::int64_t count : kLengths) {
            std::vector<float> gate = randomRow(count, 5, 6.0F);
            gate[0] = -200.0F; // both ends saturate without infinities
            gate.back() = 150.0F;
            const std::vector<float> up = randomRow(count, 6);
            std::vector<float> out(gate.size());
            operations->siluGate(gate.data(), up.data(), count, out.data());
            for (std::size_t i = 0; i < out.size(); ++i)
                QVERIFY(near(out[i], silu(gate[i]) * up[i]));
            operations->geluGate(gate.data(), up.data(), count, out.data());
            for (std::size_t i = 0; i < out.size(); ++i)
                QVERIFY(near(out[i], gelu(gate[i]) * up[i]));
            std::vector<float> wide = up;
            wide[0] = 30.0F; // beyond both limits
            wide.back() = -9.0F;
            operations->clampedSiluGate(gate.data(), wide.data(), count, out.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                const double g = std::min(gate[i], 7.0F), u = std::clamp(wide[i], -7.0F, 7.0F);
                QVERIFY(near(out[i], (u + 1) * g / (1 + std::exp(-1.702 * g))));
            }
        }
    }

    void aSoftCapHoldsWhatIsLarge_data() { variants(); }
    void aSoftCapHoldsWhatIsLarge()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const std::int64_t count : kLengths) {
            std::vector<float> x = randomRow(count, 8, 40.0F);
            x[0] = -1e30F;
            x.back() = 1e6F;
            const std::vector<float> original = x;
            x.push_back(7.0F); // must stay
            operations->softCap(x.data(), count, 30.0F);
            for (std::size_t i = 0; i < original.size(); ++i) {
                const double wanted = 30 * std::tanh(double{original[i]} / 30);
                QVERIFY(std::abs(x[i] - wanted) < 1e-5); // of scores up to 30
            }
            QCOMPARE(x.back(), 7.0F);
        }
    }

    void ropeRotatesPairs_data() { variants(); }
    void ropeRotatesPairs()
    {
        const VectorOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const std::int64_t headDim : kHeadDims)
            for (const bool interleaved : {true, false}) {
                const auto rotate = interleaved ? operations->ropeInterleaved : operations->ropeHalves;
                const std::vector<float> original = randomRow(headDim, 7);
                std::vector<float> x = original;
                const Rotation rotation(headDim, interleaved);
                rotate(x.data(), rotation.cosines.data(), rotation.sines.data(), headDim);
                for (std::size_t i = 0; i < x.size() / 2; ++i) {
                    const std::size_t a = interleaved ? 2 * i : i;
                    const std::size_t b = interleaved ? 2 * i + 1 : i + x.size() / 2;
                    const double angle = rotation.angle(i);
                    QVERIFY(near(x[a], original[a] * std::cos(angle) - original[b] * std::sin(angle)));
                    QVERIFY(near(x[b], original[b] * std::cos(angle) + original[a] * std::sin(angle)));
                }
            }
    }

private:
    struct Rotation
    {
        std::vector<float> cosines, sines;

        static double angle(std::size_t pair) { return 0.3 + 0.7 * static_cast<double>(pair); }

        Rotation(std::int64_t headDim, bool interleaved)
            : cosines(static_cast<std::size_t>(headDim)), sines(static_cast<std::size_t>(headDim))
        {
            const std::size_t half = cosines.size() / 2;
            for (std::size_t i = 0; i < half; ++i) {
                const std::size_t a = interleaved ? 2 * i : i;
                const std::size_t b = interleaved ? 2 * i + 1 : i + half;
                cosines[a] = cosines[b] = static_cast<float>(std::cos(angle(i)));
                sines[b] = static_cast<float>(std::sin(angle(i)));
                sines[a] = -sines[b];
            }
        }
    };

    static void variants()
    {
        QTest::addColumn<int>("isa");
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512})
            QTest::newRow(isaName(isa)) << static_cast<int>(isa);
    }

    static const VectorOperations* fetch()
    {
        QFETCH(int, isa);
        const auto wanted = static_cast<Isa>(isa);
        return supports(wanted) ? &vectorOperations(wanted) : nullptr;
    }
};

QTEST_APPLESS_MAIN(VectorOperationsTest)
#include "vector_operations_test.moc"
