// SPDX-License-Identifier: GPL-3.0-or-later
// Norms over a part of each row, against the same in double.
#include "kernels/cuda/part_norm.h"

#include <cmath>

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

class PartNormTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReference()
    {
        std::mt19937 random(5);
        for (const Number number : {Number::F32, Number::BF16})
            for (const std::int64_t columns : {1, 31, 256, 700}) {
                constexpr std::int64_t kRows = 3, kBeside = 5;
                const std::int64_t stride = columns + kBeside;
                std::vector<float> rows = randomFloats(static_cast<std::size_t>(kRows * stride), random);
                for (float& value : rows)
                    value = number == Number::F32 ? value : kernels::bf16ToFloat(bf16BitsOf(value));
                const auto weight = randomFloats(static_cast<std::size_t>(columns), random);
                const DeviceRows device(number, rows);
                const DeviceVector<float> weights(weight);
                PartNorm step;
                step.rows = device.data();
                step.number = number;
                step.count = kRows;
                step.columns = columns;
                step.stride = stride;
                step.weight = weights.data();
                step.epsilon = 1e-5F;
                QVERIFY(bool(normalizePart(step, nullptr)));
                compare(number, rows, device.read(), weight, stride);
            }
    }

    void refusesWhatMakesNoSense()
    {
        PartNorm step;
        QVERIFY(bool(normalizePart(step, nullptr))); // nothing to do
        step.count = step.columns = step.stride = 4;
        QVERIFY(!normalizePart(step, nullptr)); // no weight
    }

private:
    static void compare(Number number, const std::vector<float>& rows, const std::vector<float>& found,
                        const std::vector<float>& weight, std::int64_t stride)
    {
        const std::size_t columns = weight.size();
        for (std::size_t row = 0; row * static_cast<std::size_t>(stride) < rows.size(); ++row) {
            const float* from = &rows[row * static_cast<std::size_t>(stride)];
            const float* to = &found[row * static_cast<std::size_t>(stride)];
            double squares = 0;
            for (std::size_t i = 0; i < columns; ++i)
                squares += double{from[i]} * double{from[i]};
            const double factor = 1 / std::sqrt(squares / static_cast<double>(columns) + 1e-5);
            for (std::size_t i = 0; i < columns; ++i) {
                const double wanted = double{from[i]} * factor * double{weight[i]};
                const double allowed = number == Number::F32 ? 1e-6 : std::abs(wanted) / 200;
                QVERIFY(std::abs(double{to[i]} - wanted) <= allowed + 1e-6);
            }
            for (std::size_t i = columns; i < static_cast<std::size_t>(stride); ++i)
                QCOMPARE(to[i], from[i]); // what lies beside stays
        }
    }
};

QTEST_APPLESS_MAIN(PartNormTest)
#include "part_norm_test.moc"
