// SPDX-License-Identifier: GPL-3.0-or-later
// Biases added to rows, against the same on the host.
#include "kernels/cuda/row_bias.h"

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

constexpr std::int64_t kEntries = 3;

std::vector<float> run(Number number, const std::vector<float>& rows, std::int64_t columns,
                       std::int64_t stride, const std::vector<float>& bias,
                       const std::vector<std::int32_t>& entries)
{
    const DeviceRows device(number, rows);
    const DeviceVector<float> biases(bias);
    const DeviceVector<std::int32_t> list(entries.empty() ? std::vector<std::int32_t>{0} : entries);
    RowBias step;
    step.rows = device.data();
    step.number = number;
    step.count = static_cast<std::int64_t>(rows.size()) / stride;
    step.columns = columns;
    step.stride = stride;
    step.bias = biases.data();
    step.entries = entries.empty() ? nullptr : list.data();
    return addRowBias(step, nullptr) ? device.read() : std::vector<float>();
}

} // namespace

class RowBiasTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReference()
    {
        std::mt19937 random(4);
        for (const Number number : {Number::F32, Number::BF16})
            for (const std::int64_t columns : {1, 7, 256, 300})
                for (const bool listed : {false, true}) {
                    const std::int64_t stride = columns + (listed ? columns : 0);
                    std::vector<float> rows = randomFloats(static_cast<std::size_t>(4 * stride), random);
                    for (float& value : rows)
                        value = number == Number::F32 ? value : kernels::bf16ToFloat(bf16BitsOf(value));
                    const auto bias = randomFloats(static_cast<std::size_t>(kEntries * columns), random);
                    const std::vector<std::int32_t> entries =
                        listed ? std::vector<std::int32_t>{2, -1, 0, 2} : std::vector<std::int32_t>{};
                    const std::vector<float> found = run(number, rows, columns, stride, bias, entries);
                    QCOMPARE(found.size(), rows.size());
                    for (std::int64_t i = 0; i < 4 * stride; ++i)
                        QCOMPARE(found[std::size_t(i)],
                                 expected(number, rows, columns, stride, bias, entries, i));
                }
    }

    void refusesWhatMakesNoSense()
    {
        RowBias step;
        QVERIFY(bool(addRowBias(step, nullptr))); // nothing to do
        step.count = step.columns = 4;
        QVERIFY(!addRowBias(step, nullptr)); // no bias
    }

private:
    static float expected(Number number, const std::vector<float>& rows, std::int64_t columns,
                          std::int64_t stride, const std::vector<float>& bias,
                          const std::vector<std::int32_t>& entries, std::int64_t i)
    {
        const std::int64_t column = i % stride;
        const std::int64_t entry = entries.empty() ? 0 : entries[std::size_t(i / stride)];
        const float value = rows[std::size_t(i)];
        if (column >= columns || entry < 0)
            return value;
        const float sum = value + bias[std::size_t(entry * columns + column)];
        return number == Number::F32 ? sum : kernels::bf16ToFloat(bf16BitsOf(sum));
    }
};

QTEST_APPLESS_MAIN(RowBiasTest)
#include "row_bias_test.moc"
