// SPDX-License-Identifier: GPL-3.0-or-later
// Where another tool was named as NVTX's injection, both it and the capture see everything.
#include <QTest>

#include "engine/telemetry/nvtx_ranges.h"
#include "tests/engine/support/nvtx_rig.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

class NvtxChainTest : public QObject
{
    Q_OBJECT

private:
    std::optional<NvtxCapture> m_capture;
    int (*m_count)(char) = nullptr;

private slots:
    void initTestCase()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        qputenv("NVTX_INJECTION64_PATH", VITRINE_NVTX_FAKE);
        Result<NvtxCapture> capture = NvtxCapture::attach();
        QVERIFY2(capture.has_value(), capture ? "" : capture.error().message.c_str());
        m_capture.emplace(std::move(*capture));
        m_count = libraryFunction<int (*)(char)>(VITRINE_NVTX_FAKE, "fakeCount");
        QVERIFY(m_count != nullptr);
    }

    void theOtherToolSeesTheProcessOnce()
    {
        QVERIFY(m_capture->chained());
        OtherLibrary(VITRINE_NVTX_OTHER).work(1);
        QCOMPARE(m_count('a'), 1);
        QCOMPARE(m_count('?'), 0);
    }

    void bothSeeEveryRange()
    {
        const OtherLibrary other(VITRINE_NVTX_OTHER);
        const auto all = [&] {
            return std::array{m_count('p'), m_count('q'), m_count('m'), m_count('s'), m_count('e')};
        };
        const auto before = all();
        m_capture->start();
        const RecordedRun run = recordRun();
        QCOMPARE(run.error, std::string());
        other.work(3);
        other.plain();
        other.end(other.start());
        m_capture->stop();
        const auto after = all();
        const Captured captured{*m_capture, m_capture->take()};
        const auto ranges = static_cast<int>(captured.count(NvtxKind::Range));
        const auto spans = static_cast<int>(captured.count(NvtxKind::Span));
        const auto marks = static_cast<int>(captured.count(NvtxKind::Mark));
        QVERIFY(ranges > 100 && spans > 30 && marks > 60);
        QCOMPARE(after[0] - before[0], ranges);
        QCOMPARE(after[1] - before[1], ranges);
        QCOMPARE(after[2] - before[2], marks - 2); // it wants none of the default domain
        QCOMPARE(after[3] - before[3], spans);
        QCOMPARE(after[4] - before[4], spans);
        QCOMPARE(m_count('?'), 0);
        QCOMPARE(captured.of("vitrine", "request").size(), 5U);
        QCOMPARE(captured.of("other", "inner").size(), 3U);
        QCOMPARE(captured.of("other", "weite 😀").size(), 1U);
    }

    void bothSeeTheExtensions()
    {
        const auto payloads = libraryFunction<void (*)()>(VITRINE_NVTX_OTHER, "otherPayloads");
        const auto counters = libraryFunction<void (*)()>(VITRINE_NVTX_OTHER, "otherCounters");
        if (payloads == nullptr)
            QSKIP("these headers of NVTX have no extensions");
        const int pushes = m_count('p'), marks = m_count('m'), samples = m_count('c'), batches = m_count('b');
        m_capture->start();
        payloads();
        counters();
        libraryFunction<void (*)()>(VITRINE_NVTX_OTHER, "otherBatch")();
        m_capture->stop();
        const Captured captured{*m_capture, m_capture->take()};
        QCOMPARE(m_count('x'), 2); // once for each, as one caller
        QCOMPARE(m_count('p') - pushes, 1);
        QCOMPARE(m_count('m') - marks, 2);
        QCOMPARE(m_count('c') - samples, 2);
        QCOMPARE(m_count('b') - batches, 1); // is not captured
        QCOMPARE(m_count('?'), 0);           // callers have its numbers of schemas
        const auto reduce = captured.of("other", "reduce");
        QCOMPARE(reduce.size(), 1U);
        QVERIFY(captured.name(reduce[0].detail).starts_with("Reduce(bytes=4096, operation=max"));
        QCOMPARE(captured.of("other", "bytes").size(), 3U);
    }

    void theOtherToolHearsWhatIsNotCaptured()
    {
        const int before = m_count('p');
        OtherLibrary(VITRINE_NVTX_OTHER).work(4);
        QCOMPARE(m_count('p') - before, 5);
        QVERIFY(m_capture->take().empty());
    }
};

QTEST_APPLESS_MAIN(NvtxChainTest)
#include "nvtx_chain_test.moc"
