// SPDX-License-Identifier: GPL-3.0-or-later
// Load: invented, written and read as lines, of a recording, and on its way through an engine.
#include <QTest>

#include "engine/base/clock.h"
#include "engine/workload/recorded_workload.h"
#include "engine/workload/workload_lines.h"
#include "engine/workload/workload_maker.h"
#include "engine/workload/workload_run.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

std::string linesOf(const Workload& load)
{
    std::string text;
    for (const WorkloadItem& item : load)
        text += workloadLine(item) + "\n";
    return text;
}

const std::vector<TokenId>& tokensOf(const WorkloadItem& item)
{
    return std::get<std::vector<TokenId>>(item.request.prompt);
}

RecordedStep stepWith(std::vector<RecordedEvent> events)
{
    RecordedStep step;
    step.record.step = 1;
    step.events = std::move(events);
    return step;
}

RecordedArrival arrival(std::uint64_t id, std::int64_t ns, std::vector<TokenId> prompt)
{
    RecordedArrival arrival;
    arrival.request = RequestId{id};
    arrival.timeNs = ns;
    arrival.promptTokens = std::uint32_t(prompt.size());
    arrival.prompt = std::move(prompt);
    return arrival;
}

/// Through an engine of its own until it is over; what became of each request.
std::map<std::string, WorkloadOutcome> runThrough(RealEngine& real, const Workload& load, bool& done,
                                                  WorkloadTotals& totals)
{
    std::map<std::string, WorkloadOutcome> outcomes;
    WorkloadRun run(real.engine(), load, {.atOnce = true},
                    [&](const WorkloadOutcome& outcome) { outcomes[outcome.item->id] = outcome; });
    real.engine().subscribe([&run](const EngineEvent& event) { run.take(event); });
    run.begin(nowNs());
    run.submitArrived(nowNs());
    while (real.engine().step()) {
    }
    run.close(nowNs());
    real.engine().subscribe({});
    done = run.done();
    totals = run.totals();
    return outcomes;
}

} // namespace

class WorkloadTest : public QObject
{
    Q_OBJECT

private slots:
    void theSeedDecides_data()
    {
        QTest::addColumn<QString>("name");
        for (const WorkloadKind& kind : workloadKinds())
            QTest::newRow(kind.name) << QString::fromLatin1(kind.name);
    }

    void theSeedDecides()
    {
        QFETCH(QString, name);
        const WorkloadKind& kind = *findWorkloadKind(name.toStdString());
        const std::string once = linesOf(makeWorkload(kind, kind.usual, 7));
        QCOMPARE(linesOf(makeWorkload(kind, kind.usual, 7)), once);
        QVERIFY(linesOf(makeWorkload(kind, kind.usual, 8)) != once);
        QCOMPARE(makeWorkload(kind, kind.usual, 7).size(), std::size_t(kind.usual.count));
    }

    void lineByLineItIsTheSameLoad_data() { theSeedDecides_data(); }

    void lineByLineItIsTheSameLoad()
    {
        QFETCH(QString, name);
        const WorkloadKind& kind = *findWorkloadKind(name.toStdString());
        const Workload made = makeWorkload(kind, kind.usual, 3);
        QStringList unknown;
        const Result<Workload> read = parseWorkload(
            linesOf(made), "load", [&](const std::string& key) { unknown << QString::fromStdString(key); });
        QVERIFY(read.has_value());
        QVERIFY(unknown.isEmpty());
        QCOMPARE(linesOf(*read), linesOf(made));
        QCOMPARE(read->back().arrivalSeconds, made.back().arrivalSeconds);
    }

    void aSharedBeginningChangesNothingElse()
    {
        const WorkloadKind& kind = *findWorkloadKind("nano");
        WorkloadShape shape = kind.usual;
        shape.count = 6;
        const Workload plain = makeWorkload(kind, shape, 5);
        shape.sharedTokens = 48;
        shape.replyTokens = 9;
        const Workload shared = makeWorkload(kind, shape, 5);
        const std::vector<TokenId> beginning(tokensOf(shared[0]).begin(), tokensOf(shared[0]).begin() + 48);
        for (std::size_t i = 0; i < shared.size(); ++i) {
            const std::vector<TokenId>& tokens = tokensOf(shared[i]);
            QCOMPARE(std::vector<TokenId>(tokens.begin(), tokens.begin() + 48), beginning);
            QCOMPARE(std::vector<TokenId>(tokens.begin() + 48, tokens.end()), tokensOf(plain[i]));
            QCOMPARE(shared[i].request.maxTokens, 9U);
        }
        WorkloadShape chat = findWorkloadKind("chat")->usual;
        chat.sharedTokens = 10;
        for (const WorkloadItem& item : makeWorkload(*findWorkloadKind("chat"), chat, 5))
            QVERIFY(std::get<std::string>(item.request.prompt).find('\n') != std::string::npos);
    }

    void aRecordingIsReplayedWithItsPromptsAndReplyLengths()
    {
        const RecordedRun run = recordRun();
        QVERIFY2(run.error.empty(), run.error.c_str());
        const RecordedWorkload load = workloadOf(run.steps);
        QCOMPARE(load.items.size(), std::size_t{5});
        QCOMPARE(load.leftOut() + load.unfinished, std::uint64_t{0});
        for (std::size_t i = 0; i < load.items.size(); ++i) {
            QCOMPARE(tokensOf(load.items[i]), madeUpTokens(40, i / 2));
            QCOMPARE(load.items[i].request.maxTokens, 30U);
        }
        RealEngine real;
        EngineOptions options = testOptions();
        options.kvBlocks = 64;               // room for all: other settings, the same load
        QVERIFY(real.load(options).empty()); // the model of the recording
        Recorder recorder;
        real.engine().record(&recorder);
        bool done = false;
        WorkloadTotals totals;
        const auto outcomes = runThrough(real, load.items, done, totals);
        QVERIFY(done);
        QCOMPARE(totals.generatedTokens, load.replyTokens);
        QCOMPARE(totals.promptTokens, load.promptTokens);
        for (const auto& [id, reply] : run.replies)
            QCOMPARE(outcomes.at(std::to_string(id.value)).tokens, reply.tokens);
        const std::vector<RecordedStep> again = recorder.take();
        const RecordedWorkload twice = workloadOf(again);
        QCOMPARE(twice.promptTokens, load.promptTokens);
        QCOMPARE(twice.replyTokens, load.replyTokens);
    }

    void whatARecordingDoesNotHoldIsSaid()
    {
        RecordedArrival cut = arrival(2, 20, {1, 2, 3});
        cut.prompt.pop_back();
        const std::vector<RecordedStep> steps = {
            stepWith({RecordedToken{RequestId{1}, 5}}), // arrived before
            stepWith({cut, RecordedToken{RequestId{2}, 5}}),
            stepWith({arrival(3, 30, {1}), RecordedEnd{RequestId{3}, FinishReason::Cancelled, 31}}),
            stepWith(
                {arrival(4, 40, {1, 2}), RecordedToken{RequestId{4}, 5}, RecordedToken{RequestId{4}, 6}}),
        };
        const RecordedWorkload load = workloadOf(steps);
        QCOMPARE(load.withoutArrival, std::uint64_t{1});
        QCOMPARE(load.withoutPrompt, std::uint64_t{1});
        QCOMPARE(load.withoutReply, std::uint64_t{1});
        QCOMPARE(load.unfinished, std::uint64_t{1});
        QCOMPARE(load.items.size(), std::size_t{1});
        QCOMPARE(load.items[0].request.maxTokens, 2U);
        QVERIFY(workloadOf({}).items.empty());
    }

    void absurdTimesAreBounded()
    {
        constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
        const std::vector<RecordedStep> steps = {
            stepWith({arrival(1, kMost, {1}), RecordedToken{RequestId{1}, 5}}),
            stepWith({arrival(2, kLeast, {2}), RecordedToken{RequestId{2}, 5}}),
            stepWith({arrival(2, 0, {3}), RecordedToken{RequestId{2}, 5}}), // twice the same number
        };
        const RecordedWorkload load = workloadOf(steps);
        QCOMPARE(load.items.size(), std::size_t{2});
        QCOMPARE(load.items[0].arrivalSeconds, 0.0);
        QCOMPARE(load.items[0].request.maxTokens, 2U);
        QVERIFY(load.items[1].arrivalSeconds <= 86'400.0);
    }

    void speedBringsArrivalsForward()
    {
        RealEngine real;
        QVERIFY(real.load().empty());
        Workload load(2);
        load[0].id = "0";
        load[1].id = "1";
        load[1].arrivalSeconds = 100.0;
        for (WorkloadItem& item : load) {
            item.request.prompt = madeUpTokens(8, 1);
            item.request.maxTokens = 2;
        }
        WorkloadRun run(real.engine(), load, {.speed = 4.0}, [](const WorkloadOutcome&) {});
        run.begin(1000);
        QCOMPARE(run.nextArrivalNs().value(), std::int64_t{1000});
        run.submitArrived(1000);
        QCOMPARE(run.nextArrivalNs().value(), std::int64_t{1000 + 25'000'000'000});
        run.submitArrived(1000 + 24'000'000'000);
        QVERIFY(run.nextArrivalNs().has_value());
        run.submitArrived(1000 + 26'000'000'000);
        QVERIFY(!run.nextArrivalNs().has_value() && !run.done());
        real.engine().subscribe([&run](const EngineEvent& event) { run.take(event); });
        run.cancel();
        QVERIFY(run.done());
        QCOMPARE(run.totals().cancelled, std::uint64_t{2});
        real.engine().subscribe({});
    }

    void aSaltKeepsThePrefixesApart()
    {
        RealEngine real;
        QVERIFY(real.load().empty());
        Workload load(1);
        load[0].id = "0";
        load[0].request.prompt = madeUpTokens(64, 1);
        load[0].request.maxTokens = 2;
        bool done = false;
        WorkloadTotals first, again;
        runThrough(real, load, done, first);
        runThrough(real, load, done, again);
        QVERIFY(again.cachedTokens > 0); // the same prompt is found
        WorkloadRun run(real.engine(), load, {.atOnce = true, .cacheSalt = 99},
                        [](const WorkloadOutcome&) {});
        real.engine().subscribe([&run](const EngineEvent& event) { run.take(event); });
        run.begin(nowNs());
        run.submitArrived(nowNs());
        while (real.engine().step()) {
        }
        QVERIFY(run.done());
        QCOMPARE(run.totals().cachedTokens, std::uint64_t{0});
        real.engine().subscribe({});
    }
};

QTEST_GUILESS_MAIN(WorkloadTest)
#include "workload_test.moc"
