// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "ui/chat/chat_session.h"
#include "ui/chat/conversation_list.h"
#include "ui/chat/stats_line.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

ReplyEnd ended(engine::FinishReason reason, const QString& error = {})
{
    ReplyEnd end;
    end.reason = reason;
    end.error = error;
    return end;
}

QStringList rowsOf(const ConversationList& list)
{
    QStringList rows;
    for (int i = 0; i < list.rowCount(); ++i)
        rows << list.index(i).data().toString();
    return rows;
}

} // namespace

class ConversationTest : public QObject
{
    Q_OBJECT

private slots:
    void titleIsTheBeginningOfTheFirstMessage();
    void replyGoesThroughItsStates();
    void waitingReplyTellsItsPlaceAndAPausedOneSaysSo();
    void historyLeavesOutWhatFailed();
    void listGroupsByDateNewestFirst();
    void listMovesRowsInsteadOfResetting();
    void listTellsWhatIsGoingOn();
};

void ConversationTest::titleIsTheBeginningOfTheFirstMessage()
{
    QCOMPARE(titleFromText("  Short\n\nquestion "), QString("Short question"));
    const QString title = titleFromText(QString("word ").repeated(100));
    QVERIFY(title.size() <= 48);
    QVERIFY(title.endsWith(QString::fromUtf8("word…")));
    QVERIFY(titleFromText(QString(1'000'000, 'x')).size() <= 48);
    ConversationStore store;
    Conversation& conversation = store.create();
    QVERIFY(conversation.title().isEmpty());
    QVERIFY(!conversation.displayTitle().isEmpty());
    conversation.addUserMessage("First");
    conversation.openReply(ReplyId{1});
    conversation.endReply(ReplyId{1}, ended(engine::FinishReason::Stop));
    conversation.addUserMessage("Second");
    QCOMPARE(conversation.title(), QString("First"));
}

void ConversationTest::replyGoesThroughItsStates()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    QSignalSpy appended(&conversation, &Conversation::textAppended);
    conversation.addUserMessage("Hello");
    QVERIFY(conversation.openReply() == nullptr);
    conversation.openReply(ReplyId{1});
    QCOMPARE(conversation.openReply()->state, MessageState::Queued);
    ReplyStart start;
    start.promptTokens = 40;
    start.cachedTokens = 16;
    conversation.replyStarted(ReplyId{1}, start);
    QCOMPARE(conversation.openReply()->state, MessageState::Reading);
    QCOMPARE(conversation.openReply()->prefilled, 16U);
    ReplyFigures figures;
    figures.tokens = 3;
    conversation.appendReplyText(ReplyId{1}, "Hi ", figures);
    conversation.appendReplyText(ReplyId{1}, "there", figures);
    QCOMPARE(conversation.openReply()->state, MessageState::Streaming);
    QCOMPARE(conversation.contextUsed(), 43U);
    QCOMPARE(appended.count(), 2);
    QCOMPARE(appended.last().at(1).toString(), QString("there"));
    conversation.endReply(ReplyId{1}, ended(engine::FinishReason::Length));
    QVERIFY(conversation.openReply() == nullptr);
    QCOMPARE(conversation.messages().back().state, MessageState::CutOff);
    QCOMPARE(conversation.messages().back().text, QString("Hi there"));
}

void ConversationTest::historyLeavesOutWhatFailed()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    const auto exchange = [&](const QString& question, const QString& answer, engine::FinishReason reason) {
        conversation.addUserMessage(question);
        conversation.openReply(ReplyId{1});
        if (!answer.isEmpty())
            conversation.appendReplyText(ReplyId{1}, answer, {});
        conversation.endReply(ReplyId{1}, ended(reason, "why"));
    };
    exchange("one", "1", engine::FinishReason::Stop);
    exchange("two", {}, engine::FinishReason::Error);
    exchange("three", "3, cut", engine::FinishReason::Cancelled);
    conversation.addUserMessage("four");
    const std::vector<engine::ChatMessage> history = historyOf(conversation);
    QStringList found;
    for (const engine::ChatMessage& message : history)
        found << QString::fromStdString(message.role + ": " + message.content);
    QCOMPARE(found,
             (QStringList{"user: one", "assistant: 1", "user: three", "assistant: 3, cut", "user: four"}));
}

void ConversationTest::listGroupsByDateNewestFirst()
{
    ConversationStore store;
    ConversationList list(store);
    const QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QDate today(2026, 3, 20);
    list.setToday(today);
    const auto add = [&](const QString& title, int daysAgo) {
        Conversation& conversation = store.create();
        conversation.addUserMessage(title);
        conversation.setLastActivity(QDateTime(today.addDays(-daysAgo), QTime(12, 0)));
    };
    add("old", 30);
    add("now", 0);
    add("week", 5);
    add("yesterday", 1);
    QCOMPARE(rowsOf(list), (QStringList{"Today", "now", "Yesterday", "yesterday", "Previous 7 days", "week",
                                        QLocale().standaloneMonthName(2), "old"}));
    QCOMPARE(list.index(0).data(ConversationList::KindRole).value<ConversationList::Kind>(),
             ConversationList::Kind::Heading);
    QVERIFY(!(list.flags(list.index(0)) & Qt::ItemIsSelectable));
    QVERIFY(list.flags(list.index(1)) & Qt::ItemIsSelectable);
}

void ConversationTest::listMovesRowsInsteadOfResetting()
{
    ConversationStore store;
    ConversationList list(store);
    const QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Conversation& first = store.create();
    first.addUserMessage("first");
    Conversation& second = store.create();
    second.addUserMessage("second");
    second.setLastActivity(QDateTime::currentDateTime().addSecs(1));
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    const QPersistentModelIndex kept = list.indexOf(first.id());
    QCOMPARE(kept.row(), 2);
    first.setLastActivity(QDateTime::currentDateTime().addSecs(2));
    QCOMPARE(kept.row(), 1);
    store.remove(second.id());
    QCOMPARE(rowsOf(list), (QStringList{"Today", "first"}));
    store.remove(first.id());
    QCOMPARE(list.rowCount(), 0);
    QCOMPARE(reset.count(), 0);
}

void ConversationTest::listTellsWhatIsGoingOn()
{
    ConversationStore store;
    ConversationList list(store);
    Conversation& conversation = store.create();
    conversation.addUserMessage("question");
    const auto activity = [&] {
        return list.indexOf(conversation.id())
            .data(ConversationList::ActivityRole)
            .value<ConversationList::Activity>();
    };
    QCOMPARE(activity(), ConversationList::Activity::Idle);
    conversation.openReply(ReplyId{1});
    QCOMPARE(activity(), ConversationList::Activity::Queued);
    QSignalSpy changed(&list, &QAbstractItemModel::dataChanged);
    ReplyFigures figures;
    figures.tokensPerSecond = 92.4;
    conversation.appendReplyText(ReplyId{1}, "x", figures);
    QCOMPARE(activity(), ConversationList::Activity::Generating);
    QVERIFY(list.indexOf(conversation.id()).data(ConversationList::DetailRole).toString().startsWith("92"));
    QVERIFY(changed.count() > 0);
}

void ConversationTest::waitingReplyTellsItsPlaceAndAPausedOneSaysSo()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage(QStringLiteral("Hello"));
    conversation.openReply(ReplyId{1});
    const auto line = [&] { return StatsLine(*conversation.openReply()).text(); };
    QCOMPARE(line(), QStringLiteral("Waiting"));
    conversation.replyWaits(ReplyId{1}, {3, 4.2});
    QVERIFY2(line().contains("No. 3 in queue") && line().contains("about 4 s"), qPrintable(line()));
    conversation.replyStarted(ReplyId{1}, {});
    QVERIFY(line().startsWith("Reading"));
    conversation.replyPaused(ReplyId{1}, true);
    QVERIFY2(line().startsWith("Paused"), qPrintable(line()));
    conversation.replyWaits(ReplyId{1}, {1, 1.0}); // it waits again, but it has begun
    QVERIFY(line().startsWith("Paused"));
    conversation.replyPaused(ReplyId{1}, false);
    conversation.appendReplyText(ReplyId{1}, QStringLiteral("Hi"), {1, 0, 0.1});
    QVERIFY(line().startsWith("Generating"));
}

QTEST_MAIN(ConversationTest)
#include "conversation_test.moc"
