// SPDX-License-Identifier: GPL-3.0-or-later
// A recording alone tells every block's and every request's history.
#include <QtTest>

#include <set>

#include "engine/kv_cache/block_history.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

GenerationRequest request(std::size_t variant, std::uint32_t maxTokens)
{
    GenerationRequest request;
    request.prompt = madeUpTokens(40, variant);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

} // namespace

class RecorderTest : public QObject
{
    Q_OBJECT

private slots:
    void recordingReplaysTheWholeHistory_data()
    {
        QTest::addColumn<int>("threads");
        QTest::newRow("one after the other") << 2;
        QTest::newRow("overlapping") << 1;
    }
    void recordingReplaysTheWholeHistory()
    {
        QFETCH(int, threads);
        RealEngine real;
        EngineOptions options = testOptions();
        options.executor.threads = static_cast<std::uint32_t>(threads);
        options.kvBlocks = 14;
        options.scheduler.watermark = 0.0;
        options.scheduler.preemption = PreemptionChoice::Swap;
        QCOMPARE(real.load(options), std::string());
        Recorder recorder;
        real.engine().record(&recorder);
        BlockHistory history(recorder.start().blocks, recorder.start().hostBlocks, recorder.start().shape);
        for (std::size_t i = 0; i < 5; ++i)
            QVERIFY(real.submit(request(i / 2, 30)).value != 0);
        std::map<RequestId, std::vector<TokenId>> tokens;
        std::size_t preemptions = 0, ends = 0, arrivals = 0, rows = 0;
        while (real.engine().hasWork()) {
            QVERIFY(real.engine().step());
            for (const RecordedStep& step : recorder.take()) {
                history.apply(step.blocks);
                rows += step.rows.size();
                for (const RecordedEvent& event : step.events) {
                    preemptions += std::holds_alternative<PreemptionEvent>(event) ? 1 : 0;
                    ends += std::holds_alternative<RecordedEnd>(event) ? 1 : 0;
                    arrivals += std::holds_alternative<RecordedArrival>(event) ? 1 : 0;
                    if (const auto* token = std::get_if<RecordedToken>(&event))
                        tokens[token->request].push_back(token->token);
                }
                // What happened since is not out yet while steps overlap.
                if (threads == 2)
                    QVERIFY(history.usage() == real.engine().kvCache()->usage());
            }
        }
        QVERIFY(history.usage() == real.engine().kvCache()->usage());
        QVERIFY(history.tables().empty());
        QCOMPARE(arrivals, 5U);
        QCOMPARE(ends, 5U);
        QVERIFY(preemptions > 0 && rows > 0);
        for (const auto& [id, said] : tokens)
            QCOMPARE(said, real.reply(id).tokens);
    }

    void oldestStepsMakeRoom()
    {
        Recorder recorder(10 * sizeof(RecordedStep));
        for (std::uint64_t i = 1; i <= 100; ++i) {
            RecordedStep step;
            step.record.step = i;
            recorder.push(std::move(step));
        }
        QCOMPARE(recorder.dropped(), 90U);
        const std::vector<RecordedStep> kept = recorder.take();
        QCOMPARE(kept.front().record.step, 91U);
        QCOMPARE(kept.back().record.step, 100U);
        QVERIFY(recorder.take().empty());
    }
};

QTEST_APPLESS_MAIN(RecorderTest)
#include "recorder_test.moc"
