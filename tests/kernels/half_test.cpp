// SPDX-License-Identifier: GPL-3.0-or-later
// binary16 from and to float32.
#include "kernels/half.h"

#include <cmath>
#include <limits>

#include <QTest>

using namespace vitrine::kernels;

class HalfTest : public QObject
{
    Q_OBJECT

private slots:
    void everyNumberComesBack()
    {
        for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            const float value = halfToFloat(half);
            if (std::isnan(value))
                QVERIFY(std::isnan(halfToFloat(floatToHalf(value))));
            else
                QCOMPARE(floatToHalf(value), half);
        }
    }

    /// Between two neighbours the nearer, in the middle the even one.
    void roundsToTheNearest()
    {
        for (std::uint16_t half = 0; half < 0x7C00U - 1U; ++half) {
            const auto next = static_cast<std::uint16_t>(half + 1U);
            const float low = halfToFloat(half), high = halfToFloat(next), middle = (low + high) / 2;
            QCOMPARE(floatToHalf(middle), half % 2 == 0 ? half : next);
            QCOMPARE(floatToHalf(std::nextafterf(middle, low)), half);
            QCOMPARE(floatToHalf(std::nextafterf(middle, high)), next);
            QCOMPARE(floatToHalf(-low), static_cast<std::uint16_t>(half | 0x8000U));
        }
    }

    void whatIsTooLargeIsInfinite()
    {
        QCOMPARE(floatToHalf(65519.99F), std::uint16_t(0x7BFF));
        QCOMPARE(floatToHalf(65520.0F), std::uint16_t(0x7C00));
        QCOMPARE(floatToHalf(-std::numeric_limits<float>::infinity()), std::uint16_t(0xFC00));
        QVERIFY(std::isnan(halfToFloat(floatToHalf(std::numeric_limits<float>::quiet_NaN()))));
    }
};

QTEST_APPLESS_MAIN(HalfTest)
#include "half_test.moc"
