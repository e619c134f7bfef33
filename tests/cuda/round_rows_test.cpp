// SPDX-License-Identifier: GPL-3.0-or-later
// Rows in the number that products read: each value to the nearest.
#include "kernels/cuda/round_rows.h"

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

class RoundRowsTest : public QObject
{
    Q_OBJECT

private slots:
    void roundsToTheNearest()
    {
        std::mt19937 random(6);
        for (const Number number : {Number::F32, Number::BF16})
            for (const std::size_t count : {1U, 255U, 1000U}) {
                const std::vector<float> values = randomFloats(count, random);
                const DeviceVector<float> from(values);
                const DeviceRows to(number, std::vector<float>(count + 1, 77.0F));
                QVERIFY(bool(
                    roundRows(from.data(), static_cast<std::int64_t>(count), number, to.data(), nullptr)));
                const std::vector<float> found = to.read();
                for (std::size_t i = 0; i < count; ++i)
                    QCOMPARE(found[i],
                             number == Number::F32 ? values[i] : kernels::bf16ToFloat(bf16BitsOf(values[i])));
                QCOMPARE(found.back(), 77.0F);
            }
        QVERIFY(bool(roundRows(nullptr, 0, Number::BF16, nullptr, nullptr)));
    }
};

QTEST_APPLESS_MAIN(RoundRowsTest)
#include "round_rows_test.moc"
