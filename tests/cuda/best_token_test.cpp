// SPDX-License-Identifier: GPL-3.0-or-later
// The token of the largest logit, as it is found on CPUs.
#include "kernels/cuda/best_token.h"

#include <QTest>
#include <limits>

#include "emulator/support.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::vector<std::int32_t> run(const std::vector<float>& logits, std::int64_t rows)
{
    const DeviceVector<float> device(logits);
    const DeviceVector<std::int32_t> best(std::vector<std::int32_t>(static_cast<std::size_t>(rows), -7));
    const auto vocab = static_cast<std::int64_t>(logits.size()) / rows;
    return bestTokens(device.data(), rows, vocab, best.data(), nullptr) ? best.read()
                                                                        : std::vector<std::int32_t>();
}

std::int32_t bestOf(const float* row, std::size_t vocab)
{
    std::int32_t best = 0;
    float value = -kInfinity;
    for (std::size_t i = 0; i < vocab; ++i)
        if (row[i] > value) {
            value = row[i];
            best = static_cast<std::int32_t>(i);
        }
    return best;
}

} // namespace

class BestTokenTest : public QObject
{
    Q_OBJECT

private slots:
    void findsTheLargest_data();
    void findsTheLargest();
    void takesTheLowestAmongEquals();
    void passesOverNaN();
    void takesTheFirstWhereNothingIsLarger();
    void takesInfinity();
    void doesNothingForNoRows();
};

void BestTokenTest::findsTheLargest_data()
{
    QTest::addColumn<int>("vocab");
    for (const int vocab : {1, 3, 32, 1000, 4097, 9001, 12288})
        QTest::addRow("%d tokens", vocab) << vocab;
}

void BestTokenTest::findsTheLargest()
{
    QFETCH(int, vocab);
    std::mt19937 random(static_cast<unsigned>(vocab));
    const auto count = static_cast<std::size_t>(vocab);
    const std::vector<float> logits = randomFloats(3 * count, random);
    std::vector<std::int32_t> expected;
    for (std::size_t row = 0; row < 3; ++row)
        expected.push_back(bestOf(logits.data() + row * count, count));
    QCOMPARE(run(logits, 3), expected);
}

void BestTokenTest::takesTheLowestAmongEquals()
{
    std::mt19937 random(3);
    for (int attempt = 0; attempt < 10; ++attempt) {
        std::vector<float> logits(5000, 1.0F);
        std::int32_t lowest = 5000;
        for (int i = 0; i < 4; ++i) {
            const auto id = static_cast<std::int32_t>(random() % 5000);
            logits[static_cast<std::size_t>(id)] = 2.0F;
            lowest = std::min(lowest, id);
        }
        QCOMPARE(run(logits, 1), std::vector<std::int32_t>{lowest});
    }
}

void BestTokenTest::passesOverNaN()
{
    std::vector<float> logits(2000, kNaN);
    logits[1500] = -3e38F;
    QCOMPARE(run(logits, 1), std::vector<std::int32_t>{1500});
}

void BestTokenTest::takesTheFirstWhereNothingIsLarger()
{
    QCOMPARE(run(std::vector<float>(1001, -kInfinity), 1), std::vector<std::int32_t>{0});
    QCOMPARE(run(std::vector<float>(1001, kNaN), 1), std::vector<std::int32_t>{0});
}

void BestTokenTest::takesInfinity()
{
    std::vector<float> logits(300, 5.0F);
    logits[77] = kInfinity;
    QCOMPARE(run(logits, 1), std::vector<std::int32_t>{77});
}

void BestTokenTest::doesNothingForNoRows()
{
    QVERIFY(bestTokens(nullptr, 0, 100, nullptr, nullptr));
}

QTEST_APPLESS_MAIN(BestTokenTest)
#include "best_token_test.moc"
