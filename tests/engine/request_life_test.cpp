// SPDX-License-Identifier: GPL-3.0-or-later
// The lives of requests as read out of a recording.
#include "engine/trace/request_life.h"

#include <QTest>

#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

RecordedStep step(std::uint64_t number, std::int64_t startNs, std::int64_t endNs)
{
    RecordedStep step;
    step.record.step = number;
    step.record.startNs = startNs;
    step.record.endNs = endNs;
    return step;
}

std::vector<LifePhase> phases(const RequestLife& life)
{
    std::vector<LifePhase> phases;
    for (const LifeSpan& span : life.spans)
        phases.push_back(span.phase);
    return phases;
}

} // namespace

class RequestLifeTest : public QObject
{
    Q_OBJECT

private slots:
    void aLifeIsToldPhaseByPhase()
    {
        constexpr RequestId id{7};
        RecordedStep prefill = step(1, 100, 200), rest = step(2, 200, 300), first = step(3, 300, 310);
        prefill.events = {RecordedArrival{id, 40, 24, 8, {}}, AdmissionEvent{id, 16}};
        prefill.rows = {{id, 4, 0, 20, 2}};
        rest.rows = {{id, 4, 0, 24, 2}};
        rest.events = {RecordedToken{id, 5}};
        first.rows = {{id, 0, 1, 25, 2}};
        first.events = {RecordedToken{id, 6}};
        RecordedStep gone = step(4, 310, 320), back = step(5, 400, 500), last = step(6, 500, 510);
        PreemptionEvent preemption;
        preemption.victim = id;
        gone.events = {preemption};
        back.events = {AdmissionEvent{.request = id, .again = true}};
        back.rows = {{id, 25, 0, 25, 2}};
        last.rows = {{id, 0, 1, 26, 2}};
        last.events = {RecordedToken{id, 7}, RecordedEnd{id, FinishReason::Length, 512}};
        RequestLives lives;
        for (const RecordedStep& one : {prefill, rest, first, gone, back, last})
            lives.add(one);
        const RequestLife& life = *lives.find(id);
        using enum LifePhase;
        QVERIFY(phases(life) ==
                std::vector({Queued, Prefill, Prefill, Decode, Preempted, Recompute, Decode}));
        QCOMPARE(life.arrivalNs, 40);
        QCOMPARE(life.admittedNs, 100);
        QCOMPARE(life.firstTokenNs, 300);
        QCOMPARE(life.endNs, 512);
        QCOMPARE(life.cachedTokens, 16U);
        QCOMPARE(life.replyTokens, 3U);
        QCOMPARE(life.spans[0].endNs, 100);
        QCOMPARE(life.spans[4].startNs, 310);
        QCOMPARE(life.spans[4].endNs, 400);
        QCOMPARE(life.spans[5].tokens, 25U);
        QVERIFY(life.reason == FinishReason::Length);
    }

    void aRequestThatIsNeverAdmittedWaitsToItsEnd()
    {
        RecordedStep between;
        between.events = {RecordedArrival{RequestId{1}, 50, 4, 4, {}},
                          RecordedEnd{RequestId{1}, FinishReason::Cancelled, 90}};
        RequestLives lives;
        lives.add(between);
        const RequestLife& life = *lives.find(RequestId{1});
        QVERIFY(phases(life) == std::vector({LifePhase::Queued}));
        QCOMPARE(life.spans[0].endNs, 90);
        QCOMPARE(life.admittedNs, 0);
    }

    void whoseArrivalWasNotRecordedBeginsWithItsFirstStep()
    {
        RecordedStep one = step(9, 100, 110);
        one.rows = {{RequestId{3}, 0, 1, 25, 2}};
        RequestLives lives;
        lives.add(one);
        QCOMPARE(lives.find(RequestId{3})->arrivalNs, 100);
        QVERIFY(lives.find(RequestId{4}) == nullptr);
    }

    void livesOfARealRunAddUp_data()
    {
        QTest::addColumn<int>("preemption");
        QTest::newRow("recompute") << int(PreemptionChoice::Recompute);
        QTest::newRow("swap") << int(PreemptionChoice::Swap);
    }
    void livesOfARealRunAddUp()
    {
        QFETCH(int, preemption);
        const RecordedRun run = recordRun(static_cast<PreemptionChoice>(preemption));
        QCOMPARE(run.error, std::string());
        RequestLives lives;
        for (const RecordedStep& step : run.steps)
            lives.add(step);
        QCOMPARE(lives.all().size(), run.replies.size());
        std::uint32_t preemptions = 0;
        for (const auto& [id, reply] : run.replies) {
            const RequestLife& life = *lives.find(id);
            const RequestStats& stats = reply.end.stats;
            QCOMPARE(life.replyTokens, static_cast<std::uint32_t>(reply.tokens.size()));
            QCOMPARE(life.promptTokens, stats.promptTokens);
            QCOMPARE(life.cachedTokens, stats.cachedTokens);
            QCOMPARE(life.preemptions, stats.preemptions);
            QCOMPARE(life.arrivalNs, stats.times.arrivalNs);
            QVERIFY(life.reason == reply.end.reason);
            QVERIFY(life.arrivalNs <= life.admittedNs && life.admittedNs <= life.firstTokenNs);
            for (std::size_t i = 0; i < life.spans.size(); ++i) {
                QVERIFY(life.spans[i].startNs <= life.spans[i].endNs);
                QVERIFY(i == 0 || life.spans[i - 1].endNs <= life.spans[i].startNs);
            }
            preemptions += life.preemptions;
        }
        QVERIFY(preemptions > 0);
    }
};

QTEST_APPLESS_MAIN(RequestLifeTest)
#include "request_life_test.moc"
