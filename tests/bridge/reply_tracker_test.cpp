// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "ui/bridge/reply_tracker.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr engine::RequestId kRequest{7};
constexpr ReplyId kReply{3};

engine::TokenGenerated token(engine::RequestId request, const char* text)
{
    engine::TokenGenerated event;
    event.request = request;
    event.text = text;
    return event;
}

} // namespace

class ReplyTrackerTest : public QObject
{
    Q_OBJECT

private slots:
    void gathersTheTextOfAFrameIntoOneUpdate();
    void tellsOnlyWhatIsNew();
    void keepsRepliesApart();
    void ignoresRequestsItDoesNotKnow();
    void refusalEndsAReplyThatNeverWasARequest();
    void failureEndsEveryReplyOnce();
    void namesTheRepliesThatSharedSteps();
};

void ReplyTrackerTest::gathersTheTextOfAFrameIntoOneUpdate()
{
    ReplyTracker tracker;
    tracker.opened(kReply, kRequest);
    engine::RequestStarted started;
    started.request = kRequest;
    started.promptTokens = 12;
    started.cachedTokens = 8;
    tracker.handle(started);
    tracker.handle(token(kRequest, "caf"));
    tracker.handle(token(kRequest, "\xC3\xA9 "));
    tracker.handle(token(kRequest, ""));
    const QList<ReplyUpdate> updates = tracker.take();
    QCOMPARE(updates.size(), 1);
    QCOMPARE(updates[0].reply, kReply);
    QCOMPARE(updates[0].started->cachedTokens, 8U);
    QCOMPARE(updates[0].text, QString::fromUtf8("caf\xC3\xA9 "));
    QCOMPARE(updates[0].figures.tokens, 3U);
    QVERIFY(!tracker.hasUpdates());
}

void ReplyTrackerTest::tellsOnlyWhatIsNew()
{
    ReplyTracker tracker;
    tracker.opened(kReply, kRequest);
    tracker.handle(token(kRequest, "one "));
    tracker.take();
    tracker.handle(token(kRequest, "two"));
    engine::RequestFinished finished;
    finished.request = kRequest;
    finished.reason = engine::FinishReason::Stop;
    finished.text = "!";
    tracker.handle(finished);
    const QList<ReplyUpdate> updates = tracker.take();
    QCOMPARE(updates[0].text, QString("two!"));
    QCOMPARE(updates[0].figures.tokens, 2U);
    QCOMPARE(updates[0].ended->reason, engine::FinishReason::Stop);
    QVERIFY(!tracker.requestOf(kReply).has_value());
}

void ReplyTrackerTest::keepsRepliesApart()
{
    ReplyTracker tracker;
    tracker.opened(ReplyId{1}, engine::RequestId{10});
    tracker.opened(ReplyId{2}, engine::RequestId{20});
    tracker.handle(token(engine::RequestId{20}, "b"));
    tracker.handle(token(engine::RequestId{10}, "a"));
    const QList<ReplyUpdate> updates = tracker.take();
    QCOMPARE(updates.size(), 2);
    QCOMPARE(updates[0].reply, ReplyId{1}); // in the order in which they were opened
    QCOMPARE(updates[0].request, std::optional(engine::RequestId{10}));
    QCOMPARE(updates[0].text, QString("a"));
    QCOMPARE(updates[1].text, QString("b"));
    QCOMPARE(tracker.requestOf(ReplyId{2}), std::optional(engine::RequestId{20}));
}

void ReplyTrackerTest::ignoresRequestsItDoesNotKnow()
{
    ReplyTracker tracker;
    tracker.handle(token(kRequest, "x"));
    QVERIFY(!tracker.hasUpdates());
}

void ReplyTrackerTest::refusalEndsAReplyThatNeverWasARequest()
{
    ReplyTracker tracker;
    tracker.refused(kReply, "too long");
    const QList<ReplyUpdate> updates = tracker.take();
    QCOMPARE(updates[0].ended->reason, engine::FinishReason::Error);
    QCOMPARE(updates[0].ended->error, QString("too long"));
}

void ReplyTrackerTest::failureEndsEveryReplyOnce()
{
    ReplyTracker tracker;
    tracker.opened(ReplyId{1}, engine::RequestId{10});
    tracker.opened(ReplyId{2}, engine::RequestId{20});
    tracker.failAll("out of memory");
    QCOMPARE(tracker.take().size(), 2);
    tracker.failAll("again");
    QVERIFY(!tracker.hasUpdates());
}

void ReplyTrackerTest::namesTheRepliesThatSharedSteps()
{
    ReplyTracker tracker;
    tracker.opened(ReplyId{1}, engine::RequestId{10});
    tracker.opened(ReplyId{2}, engine::RequestId{20});
    tracker.opened(ReplyId{3}, engine::RequestId{30});
    engine::RequestFinished first;
    first.request = engine::RequestId{20};
    tracker.handle(first); // who ended before can still be named
    engine::RequestFinished finished;
    finished.request = engine::RequestId{10};
    finished.stats.latency.neighbours[0] = {engine::RequestId{20}, 5, 2'000'000'000};
    finished.stats.latency.neighbours[1] = {engine::RequestId{99}, 4, 1'500'000'000}; // nobody's
    finished.stats.latency.neighbours[2] = {engine::RequestId{30}, 3, 1'000'000'000};
    tracker.handle(finished);
    const QList<ReplyNeighbour> neighbours = tracker.take().first().ended->neighbours;
    QCOMPARE(neighbours.size(), 2);
    QCOMPARE(neighbours[0].reply, ReplyId{2});
    QCOMPARE(neighbours[0].sharedSteps, 5U);
    QCOMPARE(neighbours[0].seconds, 2.0);
    QCOMPARE(neighbours[1].reply, ReplyId{3});
}

QTEST_APPLESS_MAIN(ReplyTrackerTest)
#include "reply_tracker_test.moc"
