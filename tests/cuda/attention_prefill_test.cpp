// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of many queries on tensor cores, against double precision, and what must not change a bit of it.
#include "cuda_emulator/control.h"
#include "support/paged_case.h"

#include <QtTest>

using namespace cuda_test;
using namespace vitrine;

class AttentionPrefillTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void agreesWithDoublePrecision_data();
    void agreesWithDoublePrecision();
    void chunksAndCompanyChangeNoBit_data();
    void chunksAndCompanyChangeNoBit();
    void theOrderOfThreadsChangesNoBit();
    void keysBehindAQueryAreNotSeen();
    void rowsWithoutContextAreZeros();
    void float32IsThePathOfSingleQueries();
    void whatTensorCoresDoNotTakeGoesTheOtherWay();
    void whatIsNotTakenIsRefused();
};

namespace {

bool prefill(const AttentionStep& step)
{
    return bool(attendPrefill(step, nullptr)) && cudaDeviceSynchronize() == cudaSuccess;
}

bool tokensOf(const AttentionStep& step)
{
    return bool(attendTokens(step, nullptr)) && cudaDeviceSynchronize() == cudaSuccess;
}

CaseShape shapeOf(std::int64_t heads, std::int64_t kvHeads, std::int64_t headDim, KvNumber kvNumber)
{
    CaseShape shape;
    shape.heads = heads;
    shape.kvHeads = kvHeads;
    shape.headDim = headDim;
    shape.kvNumber = kvNumber;
    shape.number = Number::BF16;
    return shape;
}

const std::vector<CaseRow> kRows{{1, 1}, {40, 40}, {0, 1}, {130, 3}, {75, 33}};

} // namespace

Q_DECLARE_METATYPE(CaseShape)

void AttentionPrefillTest::agreesWithDoublePrecision_data()
{
    QTest::addColumn<CaseShape>("shape");
    const auto add = [](const char* name, CaseShape shape, auto change) {
        change(shape);
        QTest::newRow(name) << shape;
    };
    const auto plain = [](CaseShape&) {};
    add("64", shapeOf(4, 2, 64, KvNumber::BF16), plain);
    add("64, holes", shapeOf(2, 1, 64, KvNumber::BF16), [](CaseShape& s) { s.holes = 0.3; });
    add("128, 3 heads", shapeOf(3, 1, 128, KvNumber::BF16), [](CaseShape& s) { s.blockSize = 7; });
    add("256, a window", shapeOf(2, 1, 256, KvNumber::BF16), [](CaseShape& s) { s.window = 21; });
    add("80, caps and sinks", shapeOf(2, 2, 80, KvNumber::BF16), [](CaseShape& s) {
        s.softCap = 2;
        s.sinks = true;
    });
    add("96", shapeOf(5, 1, 96, KvNumber::BF16), [](CaseShape& s) { s.window = 40; });
    add("16", shapeOf(2, 1, 16, KvNumber::BF16), plain);
    add("176, a window, holes", shapeOf(2, 2, 176, KvNumber::BF16), [](CaseShape& s) {
        s.window = 64;
        s.holes = 0.2;
    });
    add("int8 64", shapeOf(2, 1, 64, KvNumber::Int8), [](CaseShape& s) { s.window = 50; });
    add("int8 128", shapeOf(2, 1, 128, KvNumber::Int8), [](CaseShape& s) { s.blockSize = 5; });
    add("int8 256", shapeOf(2, 1, 256, KvNumber::Int8), plain);
    add("fp8 80", shapeOf(2, 1, 80, KvNumber::FP8), [](CaseShape& s) { s.holes = 0.2; });
    add("fp8 256", shapeOf(1, 1, 256, KvNumber::FP8), plain);
}

void AttentionPrefillTest::agreesWithDoublePrecision()
{
    QFETCH(const CaseShape, shape);
    const PagedCase pages(shape, kRows, 31);
    const auto values = pages.run(pages.whole(), prefill);
    // Weights are rounded to bf16: 2^-9 of values up to 4, or 6 where they have a scale. So are results.
    const bool scaled = shape.kvNumber != KvNumber::BF16;
    const double error = largestError(values, pages.reference(), scaled ? 6.0 / 512 : 4.0 / 512, 1.0 / 256);
    QVERIFY2(error <= 1, qPrintable(QString::number(error)));
}

void AttentionPrefillTest::chunksAndCompanyChangeNoBit_data()
{
    QTest::addColumn<CaseShape>("shape");
    CaseShape shape = shapeOf(3, 1, 64, KvNumber::BF16);
    QTest::newRow("64") << shape;
    shape.window = 37;
    QTest::newRow("64, a window") << shape;
    QTest::newRow("int8 128") << shapeOf(2, 1, 128, KvNumber::Int8);
}

void AttentionPrefillTest::chunksAndCompanyChangeNoBit()
{
    QFETCH(const CaseShape, shape);
    const PagedCase pages(shape, {{9, 9}, {131, 61}}, 41);
    const auto together = pages.run(pages.whole(), prefill);
    auto pieces = pages.run({0, 1, 0, 0}, prefill);
    const std::vector<std::int64_t> ends{1, 2, 23, 60, 61};
    std::int64_t begin = 0;
    for (const std::int64_t end : ends) {
        const auto piece = pages.run({1, 1, begin, 61 - end}, prefill);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
        begin = end;
    }
    QVERIFY(sameBits(together, pieces));
}

void AttentionPrefillTest::theOrderOfThreadsChangesNoBit()
{
    for (const KvNumber number : {KvNumber::BF16, KvNumber::Int8}) {
        const PagedCase pages(shapeOf(2, 1, 128, number), {{90, 40}}, 21);
        const auto first = pages.run(pages.whole(), prefill);
        for (std::uint64_t seed = 1; seed < 5; ++seed) {
            cuda_emulator::setSeed(seed);
            QVERIFY(sameBits(pages.run(pages.whole(), prefill), first));
        }
    }
}

void AttentionPrefillTest::keysBehindAQueryAreNotSeen()
{
    // The same first queries of a longer chunk: the other keys are there, and must not matter.
    const PagedCase pages(shapeOf(2, 1, 64, KvNumber::BF16), {{70, 70}}, 51);
    const auto all = pages.run(pages.whole(), prefill);
    const auto first = pages.run({0, 1, 0, 65}, prefill);
    QCOMPARE(first.size(), std::size_t{5 * 2 * 64});
    QVERIFY(std::equal(first.begin(), first.end(), all.begin()));
}

void AttentionPrefillTest::rowsWithoutContextAreZeros()
{
    const PagedCase pages(shapeOf(4, 2, 64, KvNumber::BF16), {{0, 2}, {0, 1}}, 3);
    QCOMPARE(pages.run(pages.whole(), prefill, 500), std::vector<float>(3 * 4 * 64, 0.0F));
}

void AttentionPrefillTest::float32IsThePathOfSingleQueries()
{
    const PagedCase pages({}, kRows, 17);
    const auto values = pages.run(pages.whole(), prefill);
    QVERIFY(largestError(values, pages.reference(), 1e-5, 1e-5) <= 1);
    QVERIFY(sameBits(values, pages.run(pages.whole(), tokensOf)));
}

void AttentionPrefillTest::whatTensorCoresDoNotTakeGoesTheOtherWay()
{
    for (const CaseShape& shape : {shapeOf(2, 1, 72, KvNumber::BF16), shapeOf(2, 1, 64, KvNumber::F16),
                                   shapeOf(2, 1, 64, KvNumber::F32)}) {
        const PagedCase pages(shape, {{20, 5}}, 17);
        const auto values = pages.run(pages.whole(), prefill);
        QVERIFY(largestError(values, pages.reference(), 1e-5, 1.0 / 256) <= 1);
    }
}

void AttentionPrefillTest::whatIsNotTakenIsRefused()
{
    AttentionStep step;
    QCOMPARE(attendPrefill(step, nullptr), Status{});
    step.kv.headDim = 64;
    QCOMPARE(attendPrefill(step, nullptr), Status{});
    step.sequences = 1;
    step.tokens = 1;
    step.longestQuery = 1;
    step.heads = 3;
    step.kv.kvHeads = 2;
    step.kv.blockSize = 16;
    QCOMPARE(attendPrefill(step, nullptr), Status{cudaErrorInvalidValue});
}

QTEST_APPLESS_MAIN(AttentionPrefillTest)
#include "attention_prefill_test.moc"
