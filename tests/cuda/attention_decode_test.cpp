// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of single queries over pages, against double precision, and what must not change a bit of it.
#include "cuda_emulator/control.h"
#include "support/paged_case.h"

#include <QtTest>

using namespace cuda_test;
using namespace vitrine;

class AttentionDecodeTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void agreesWithDoublePrecision_data();
    void agreesWithDoublePrecision();
    void splitsChangeNoBit_data();
    void splitsChangeNoBit();
    void theCompanyChangesNoBit();
    void blockSizesAndPlacesChangeNoBit();
    void tokensOfAChunkAreSingleQueries_data();
    void tokensOfAChunkAreSingleQueries();
    void tokensBehindTheLastSequenceGetZeros();
    void aStepMayBeginBehindOtherTokens();
    void rowsWithoutContextAreZeros();
    void rowsWithoutAnyPageAreZeros();
    void theOrderOfThreadsChangesNoBit();
    void splitsFillTheDevice();
    void whatIsNotTakenIsRefused();
};

namespace {

struct Decode
{
    std::int64_t splits = 1;

    bool operator()(const AttentionStep& step) const
    {
        const DeviceVector<std::uint8_t> workspace(std::vector<std::uint8_t>(
            decodeWorkspaceBytes(step.sequences, step.heads, step.kv.headDim, splits) + 16, 0xFF));
        return bool(attendDecode(step, splits, workspace.data(), nullptr)) &&
               cudaDeviceSynchronize() == cudaSuccess;
    }
};

bool tokensOf(const AttentionStep& step)
{
    return bool(attendTokens(step, nullptr)) && cudaDeviceSynchronize() == cudaSuccess;
}

void addShapes()
{
    QTest::addColumn<CaseShape>("shape");
    const auto add = [](const char* name, std::int64_t heads, std::int64_t kvHeads, std::int64_t headDim,
                        KvNumber kvNumber, auto change) {
        CaseShape shape;
        shape.heads = heads;
        shape.kvHeads = kvHeads;
        shape.headDim = headDim;
        shape.kvNumber = kvNumber;
        shape.number = kvNumber == KvNumber::F32 ? Number::F32 : Number::BF16;
        change(shape);
        QTest::newRow(name) << shape;
    };
    const auto plain = [](CaseShape&) {};
    add("float32", 4, 2, 64, KvNumber::F32, plain);
    add("float32 128", 4, 1, 128, KvNumber::F32, [](CaseShape& s) { s.holes = 0.2; });
    add("float32 256", 2, 1, 256, KvNumber::F32, plain);
    add("float32 80, windows", 6, 2, 80, KvNumber::F32, [](CaseShape& s) { s.window = 100; });
    add("float32, caps and sinks", 4, 2, 64, KvNumber::F32, [](CaseShape& s) {
        s.softCap = 2;
        s.sinks = true;
    });
    add("float32 34", 3, 1, 34, KvNumber::F32, plain);
    add("float32 300", 1, 1, 300, KvNumber::F32, plain);
    add("bf16 96", 4, 4, 96, KvNumber::BF16, [](CaseShape& s) { s.blockSize = 5; });
    add("bf16 128, 8 heads", 8, 1, 128, KvNumber::BF16, [](CaseShape& s) { s.window = 130; });
    add("bf16 64, 7 heads", 14, 2, 64, KvNumber::BF16, [](CaseShape& s) { s.holes = 0.3; });
    add("bf16 256, 5 heads", 5, 1, 256, KvNumber::BF16, plain);
    add("bf16 70", 2, 1, 70, KvNumber::BF16, [](CaseShape& s) { s.sinks = true; });
    add("f16 64", 6, 1, 64, KvNumber::F16, plain);
    add("f16 72", 2, 2, 72, KvNumber::F16, [](CaseShape& s) { s.blockSize = 1; });
    add("int8 128", 4, 2, 128, KvNumber::Int8, [](CaseShape& s) { s.blockSize = 32; });
    add("int8 64, 9 heads", 9, 1, 64, KvNumber::Int8, [](CaseShape& s) { s.holes = 0.2; });
    add("int8 50", 2, 1, 50, KvNumber::Int8, [](CaseShape& s) { s.window = 33; });
    add("fp8 128", 2, 1, 128, KvNumber::FP8, plain);
    add("fp8 256", 4, 1, 256, KvNumber::FP8, [](CaseShape& s) { s.softCap = 5; });
    add("fp8 38", 2, 1, 38, KvNumber::FP8, [](CaseShape& s) { s.blockSize = 7; });
}

const std::vector<CaseRow> kRows{{1}, {127}, {0}, {129}, {300}};

} // namespace

Q_DECLARE_METATYPE(CaseShape)

void AttentionDecodeTest::agreesWithDoublePrecision_data()
{
    addShapes();
}

void AttentionDecodeTest::agreesWithDoublePrecision()
{
    QFETCH(const CaseShape, shape);
    const PagedCase pages(shape, kRows, 11);
    const auto values = pages.run(pages.whole(), Decode{2});
    const double relative = shape.number == Number::F32 ? 1e-5 : 1.0 / 256;
    const double error = largestError(values, pages.reference(), 1e-5, relative);
    QVERIFY2(error <= 1, qPrintable(QString::number(error)));
}

void AttentionDecodeTest::splitsChangeNoBit_data()
{
    QTest::addColumn<std::int64_t>("window");
    QTest::newRow("all keys") << std::int64_t{0};
    QTest::newRow("a window") << std::int64_t{300};
}

void AttentionDecodeTest::splitsChangeNoBit()
{
    QFETCH(const std::int64_t, window);
    CaseShape shape;
    shape.window = window;
    shape.heads = 2;
    shape.kvHeads = 1;
    shape.sinks = true;
    const PagedCase pages(shape, {{40}, {900}, {1025}}, 5);
    const auto one = pages.run(pages.whole(), Decode{1});
    QVERIFY(largestError(one, pages.reference(), 1e-5, 1e-5) <= 1);
    for (const std::int64_t splits : {2, 3, 5, 9, 64})
        QVERIFY2(sameBits(pages.run(pages.whole(), Decode{splits}), one),
                 qPrintable(QString::number(splits)));
}

void AttentionDecodeTest::theCompanyChangesNoBit()
{
    CaseShape shape;
    shape.number = Number::BF16;
    shape.kvNumber = KvNumber::BF16;
    const PagedCase pages(shape, {{700}, {3}, {260}}, 6);
    const auto together = pages.run(pages.whole(), Decode{3});
    std::vector<float> alone;
    for (std::size_t r = 0; r < 3; ++r) {
        const auto row = pages.run({r, 1, 0, 0}, Decode{r == 0 ? 6 : 1}, r == 1 ? 5000 : 0);
        alone.insert(alone.end(), row.begin(), row.end());
    }
    QVERIFY(sameBits(together, alone));
}

void AttentionDecodeTest::blockSizesAndPlacesChangeNoBit()
{
    // The same keys, as the seed of their values is the same; one page a row, so that pages draw no numbers.
    std::vector<std::vector<float>> results;
    for (const std::int64_t blockSize : {256, 512, 333}) {
        CaseShape shape;
        shape.blockSize = blockSize;
        const PagedCase pages(shape, {{250}}, 9);
        results.push_back(pages.run(pages.whole(), Decode{2}));
    }
    QVERIFY(sameBits(results[0], results[1]));
    QVERIFY(sameBits(results[0], results[2]));
}

void AttentionDecodeTest::tokensOfAChunkAreSingleQueries_data()
{
    QTest::addColumn<CaseShape>("shape");
    CaseShape shape;
    QTest::newRow("float32") << shape;
    shape.number = Number::BF16;
    shape.kvNumber = KvNumber::Int8;
    shape.window = 60;
    QTest::newRow("int8, a window") << shape;
}

void AttentionDecodeTest::tokensOfAChunkAreSingleQueries()
{
    QFETCH(const CaseShape, shape);
    const PagedCase pages(shape, {{133, 7}}, 13);
    const auto chunk = pages.run(pages.whole(), tokensOf);
    const double relative = shape.number == Number::F32 ? 1e-5 : 1.0 / 256;
    QVERIFY(largestError(chunk, pages.reference(), 1e-5, relative) <= 1);
    std::vector<float> singles;
    for (std::int64_t i = 0; i < 7; ++i) {
        const auto one = pages.run({0, 1, i, 6 - i}, Decode{2});
        singles.insert(singles.end(), one.begin(), one.end());
    }
    QVERIFY(sameBits(chunk, singles));
    auto pieces = pages.run({0, 1, 0, 4}, tokensOf);
    const auto rest = pages.run({0, 1, 3, 0}, tokensOf);
    pieces.insert(pieces.end(), rest.begin(), rest.end());
    QVERIFY(sameBits(chunk, pieces));
}

void AttentionDecodeTest::tokensBehindTheLastSequenceGetZeros()
{
    const PagedCase pages({}, {{20, 2}, {0, 1}, {9, 3}}, 3);
    const auto expected = pages.run(pages.whole(), tokensOf);
    auto values = pages.run(pages.whole(), [](AttentionStep step) {
        step.sequences = 2; // its last three tokens belong to nobody
        return tokensOf(step);
    });
    QCOMPARE(values.size(), expected.size());
    const std::size_t kept = 3 * 4 * 64;
    QVERIFY(std::equal(values.begin(), values.begin() + kept, expected.begin()));
    QVERIFY(std::all_of(values.begin() + kept, values.end(), [](float x) { return x == 0; }));
}

void AttentionDecodeTest::aStepMayBeginBehindOtherTokens()
{
    const PagedCase pages({}, {{20, 1}, {30, 1}, {9, 3}}, 3);
    const auto expected = pages.run(pages.whole(), tokensOf);
    const auto values = pages.run(pages.whole(), [](AttentionStep step) {
        AttentionStep rest = step; // two rows are decoded, the last is a chunk
        step.sequences = 2;
        step.tokens = 2;
        rest.sequences = 1;
        rest.tokens = 3;
        rest.queryStart += 2;
        rest.contextLengths += 2;
        rest.pageTable += 2 * rest.tableRow;
        return Decode{1}(step) && tokensOf(rest);
    });
    QVERIFY(sameBits(values, expected));
}

void AttentionDecodeTest::rowsWithoutContextAreZeros()
{
    for (const std::int64_t splits : {1, 3}) {
        const PagedCase pages({}, {{0}, {0}}, 3);
        const auto values = pages.run(pages.whole(), Decode{splits}, 4000);
        QCOMPARE(values, std::vector<float>(2 * 4 * 64, 0.0F));
    }
}

void AttentionDecodeTest::rowsWithoutAnyPageAreZeros()
{
    CaseShape shape;
    shape.holes = 1;
    for (const bool sinks : {false, true}) {
        shape.sinks = sinks;
        const PagedCase pages(shape, {{200}}, 3);
        QCOMPARE(pages.run(pages.whole(), Decode{2}), std::vector<float>(4 * 64, 0.0F));
    }
}

void AttentionDecodeTest::theOrderOfThreadsChangesNoBit()
{
    const PagedCase pages({}, {{300}}, 21);
    const auto first = pages.run(pages.whole(), Decode{2});
    for (std::uint64_t seed = 1; seed < 6; ++seed) {
        cuda_emulator::setSeed(seed);
        QVERIFY(sameBits(pages.run(pages.whole(), Decode{2}), first));
    }
}

void AttentionDecodeTest::splitsFillTheDevice()
{
    QCOMPARE(decodeSplits(1, 8, 1, 132), 1);
    QCOMPARE(decodeSplits(1, 8, 8192, 132), 64);
    QCOMPARE(decodeSplits(8, 8, 8192, 132), 9);
    QCOMPARE(decodeSplits(256, 8, 1024, 132), 1);
    QCOMPARE(decodeSplits(256, 8, 32768, 132), 8); // shared memory
    QCOMPARE(decodeSplits(0, 0, 0, 0), 1);
    QCOMPARE(decodeWorkspaceBytes(4, 16, 128, 1), std::size_t{0});
}

void AttentionDecodeTest::whatIsNotTakenIsRefused()
{
    AttentionStep step;
    QCOMPARE(attendDecode(step, 1, nullptr, nullptr), Status{});
    QCOMPARE(attendTokens(step, nullptr), Status{});
    step.sequences = 1;
    step.tokens = 1;
    step.heads = 4;
    step.kv.kvHeads = 2;
    step.kv.blockSize = 16;
    for (const std::int64_t headDim : {0, 33, 514}) {
        step.kv.headDim = headDim;
        QCOMPARE(attendDecode(step, 1, nullptr, nullptr), Status{cudaErrorInvalidValue});
    }
    step.kv.headDim = 64;
    QCOMPARE(attendDecode(step, 2, nullptr, nullptr), Status{cudaErrorInvalidValue});
    QCOMPARE(attendTokens(step, nullptr), Status{cudaErrorInvalidValue});
}

QTEST_APPLESS_MAIN(AttentionDecodeTest)
#include "attention_decode_test.moc"
