// SPDX-License-Identifier: GPL-3.0-or-later
// SwiGLU and GeGLU against the same in double.
#include "kernels/cuda/gate.h"

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

class GateTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReference_data();
    void agreesWithTheReference();
    void largeGatesNeitherOverflowNorVanish();
    void doesNothingForNoTokens();
};

namespace {

double gated(double gate, double up)
{
    const double g = std::min(gate, 7.0), u = std::clamp(up, -7.0, 7.0);
    return (u + 1) * g / (1 + std::exp(-1.702 * g));
}

double activation(GateKind kind, double x)
{
    if (kind == GateKind::Silu)
        return x / (1.0 + std::exp(-x));
    return 0.5 * x * (1.0 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
}

std::vector<float> run(GateKind kind, Number number, const std::vector<float>& gateUp, std::int64_t tokens,
                       std::int64_t ffn)
{
    const DeviceRows in(number, gateUp);
    const DeviceRows out(number, std::vector<float>(static_cast<std::size_t>(tokens * ffn), 77.0F));
    return gate(kind, number, in.data(), tokens, ffn, out.data(), nullptr) ? out.read()
                                                                           : std::vector<float>();
}

} // namespace

void GateTest::agreesWithTheReference_data()
{
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("ffn");
    for (const auto& [tokens, ffn] : {std::pair{1, 8}, {1, 1536}, {3, 264}, {5, 7}, {2, 301}, {17, 24}})
        QTest::addRow("%d tokens of %d", tokens, ffn) << tokens << ffn;
}

void GateTest::agreesWithTheReference()
{
    QFETCH(int, tokens);
    QFETCH(int, ffn);
    std::mt19937 random(static_cast<unsigned>(ffn));
    for (const Number number : {Number::F32, Number::BF16})
        for (const GateKind kind : {GateKind::Silu, GateKind::GeluTanh, GateKind::ClampedSilu}) {
            const auto width = static_cast<std::size_t>(ffn);
            std::vector<float> in = randomFloats(static_cast<std::size_t>(tokens) * 2 * width, random);
            for (float& value : in)
                value = number == Number::F32 ? value * 3.0F : kernels::bf16ToFloat(bf16BitsOf(value * 3.0F));
            in[0] = 9.0F; // beyond the limits of those that have some
            in.back() = -12.0F;
            std::vector<double> exact, scales;
            for (std::size_t t = 0; t < static_cast<std::size_t>(tokens); ++t)
                for (std::size_t i = 0; i < width; ++i) {
                    const double gateValue = in[t * 2 * width + i], up = in[(t * 2 + 1) * width + i];
                    exact.push_back(kind == GateKind::ClampedSilu ? gated(gateValue, up)
                                                                  : activation(kind, gateValue) * up);
                    // GELU loses what 1 + tanh cancels.
                    scales.push_back(std::abs(exact.back()) + std::abs(gateValue * up) * 0.2);
                }
            QCOMPARE(firstOff(number, run(kind, number, in, tokens, ffn), exact, scales), -1);
        }
}

void GateTest::largeGatesNeitherOverflowNorVanish()
{
    for (const GateKind kind : {GateKind::Silu, GateKind::GeluTanh}) {
        const std::vector<float> out = run(kind, Number::F32, {-1000.0F, 1000.0F, 2.0F, 2.0F}, 1, 2);
        QCOMPARE(out.size(), std::size_t(2));
        QVERIFY(out[0] == 0.0F);
        QCOMPARE(out[1], 2000.0F);
    }
}

void GateTest::doesNothingForNoTokens()
{
    QVERIFY(gate(GateKind::Silu, Number::BF16, nullptr, 0, 64, nullptr, nullptr));
}

QTEST_APPLESS_MAIN(GateTest)
#include "gate_test.moc"
