// SPDX-License-Identifier: GPL-3.0-or-later
// The soft cap of logits against the same in double.
#include "kernels/cuda/soft_cap.h"

#include <cmath>

#include <QTest>

#include "emulator/support.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

class SoftCapTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReference()
    {
        std::mt19937 random(3);
        for (const std::size_t count : {1U, 255U, 256U, 1000U}) {
            std::vector<float> values = randomFloats(count, random);
            for (float& value : values)
                value *= 40.0F;
            values[0] = -1e30F;
            std::vector<float> padded = values;
            padded.push_back(77.0F);
            const DeviceVector<float> device(padded);
            QVERIFY(bool(softCap(device.data(), static_cast<std::int64_t>(count), 30.0F, nullptr)));
            const std::vector<float> found = device.read();
            for (std::size_t i = 0; i < count; ++i)
                QVERIFY(std::fabs(double{found[i]} - 30 * std::tanh(double{values[i]} / 30)) < 1e-5);
            QCOMPARE(found.back(), 77.0F);
        }
    }

    void refusesNoCapAndDoesNothingForNoValues()
    {
        const DeviceVector<float> device(std::vector<float>{50.0F});
        QVERIFY(!softCap(device.data(), 1, 0.0F, nullptr));
        QVERIFY(bool(softCap(nullptr, 0, 0.0F, nullptr)));
        QCOMPARE(device.read().front(), 50.0F);
    }
};

QTEST_APPLESS_MAIN(SoftCapTest)
#include "soft_cap_test.moc"
