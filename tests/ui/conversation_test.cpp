// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include "ui/chat/chat_session.h"
#include "ui/chat/conversation_organizer.h"
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
    void questionsInARowAreOneInTheHistory();
    void historyLeavesOutWhatFailed();
    void listGroupsByDateNewestFirst();
    void listMovesRowsInsteadOfResetting();
    void listTellsWhatIsGoingOn();
    void listHasThePinnedAndTheFoldersFirst();
    void listMovesManyAtOnceWithoutLosingTheSelection();
    void listStaysQuickWithThousands();
    void foldersAreSorted();
    void whatIsPutBackIsShownFromWhereTheBranchesPart();
    void whatIsPutBackStaysOffAReplyThatGoesOn();
};

/// The turn above was continued meanwhile: an open reply has no turn after it.
void ConversationTest::whatIsPutBackStaysOffAReplyThatGoesOn()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage("First");
    conversation.openReply(ReplyId{1});
    conversation.appendReplyText(ReplyId{1}, "Half", {2, 0, 0});
    conversation.endReply(ReplyId{1}, ended(engine::FinishReason::Cancelled));
    const MessageId reply = conversation.tree().leaf();
    conversation.addUserMessage("Second");
    conversation.openReply(ReplyId{2});
    conversation.appendReplyText(ReplyId{2}, "Answer", {});
    conversation.endReply(ReplyId{2}, ended(engine::FinishReason::Stop));
    const std::vector<Message> removed = conversation.remove(conversation.messages()[2].id);
    conversation.reopenReply(reply, ReplyId{3});
    conversation.appendReplyText(ReplyId{3}, " and more", {3, 0, 0});

    QSignalSpy touched(&conversation, &Conversation::messageTouched);
    conversation.putBack(removed);
    conversation.tree().checkInvariants();
    QVERIFY(conversation.tree().children(reply).empty());
    QVERIFY(conversation.reply(ReplyId{3})->isOpen());
    const MessagePath shown = conversation.messages();
    QCOMPARE(shown.size(), std::size_t{4});
    QCOMPARE(shown[1].text, QString("Half"));
    QVERIFY(shown[1].id != reply);
    QVERIFY(shown[1].state == MessageState::Stopped);
    QCOMPARE(shown[2].text, QString("Second"));
    QCOMPARE(shown[3].text, QString("Answer"));
    QCOMPARE(conversation.tree().versions(reply).count, 2);
    QSet<qint64> saved;
    for (const QList<QVariant>& each : touched)
        saved.insert(each[0].value<MessageId>().value);
    QVERIFY(saved.contains(shown[1].id.value) && saved.contains(shown[3].id.value));

    conversation.appendReplyText(ReplyId{3}, ".", {4, 0, 0});
    conversation.endReply(ReplyId{3}, ended(engine::FinishReason::Stop));
    QCOMPARE(conversation.tree().find(reply)->text, QString("Half and more."));
}

/// Removed on one branch, brought back while another is shown.
void ConversationTest::whatIsPutBackIsShownFromWhereTheBranchesPart()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage("First");
    const MessageId first = conversation.tree().leaf();
    conversation.openReply(ReplyId{1});
    conversation.endReply(ReplyId{1}, ended(engine::FinishReason::Stop));
    conversation.addUserMessage("Second");
    const std::vector<Message> removed = conversation.remove(conversation.tree().leaf());
    conversation.addVersion(first, "Another beginning");
    QSignalSpy changes(&conversation, &Conversation::pathChanged);
    conversation.putBack(removed);
    QCOMPARE(conversation.messages().size(), std::size_t{3});
    QCOMPARE(conversation.messages()[0].text, QString("First"));
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes[0][0].toInt(), 0);
}

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

void ConversationTest::questionsInARowAreOneInTheHistory()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage("One");
    conversation.openReply(ReplyId{1});
    conversation.appendReplyText(ReplyId{1}, "Answer", {});
    conversation.endReply(ReplyId{1}, ended(engine::FinishReason::Stop));
    conversation.remove(conversation.messages().back().id);
    conversation.addUserMessage("Two");
    const std::vector<engine::ChatMessage> history = historyOf(conversation);
    QCOMPARE(history.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(history[0].content), QString("One\n\nTwo"));
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

void ConversationTest::listHasThePinnedAndTheFoldersFirst()
{
    ConversationStore store;
    ConversationList list(store);
    const QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto add = [&](const QString& title) -> Conversation& {
        Conversation& conversation = store.create();
        conversation.addUserMessage(title);
        conversation.setLastActivity(QDateTime::currentDateTime().addSecs(qint64(store.size())));
        return conversation;
    };
    Conversation &a = add("a"), &b = add("b"), &c = add("c");
    const FolderId folder = store.createFolder("folder");
    a.setFolder(folder);
    b.setPinned(true);
    QCOMPARE(rowsOf(list), (QStringList{"Pinned", "b", "folder", "a", "Today", "c"}));
    c.setFolder(folder);
    QCOMPARE(rowsOf(list), (QStringList{"Pinned", "b", "folder", "c", "a"}));
    QCOMPARE(list.indexOf(folder).data(ConversationList::CountRole).toInt(), 2);
    b.setFolder(folder); // pinned it stays where it is
    QCOMPARE(list.indexOf(folder).data(ConversationList::CountRole).toInt(), 2);
    ConversationOrganizer(list).setCollapsed(folder, true);
    QCOMPARE(rowsOf(list), (QStringList{"Pinned", "b", "folder"}));
    QVERIFY(!list.indexOf(a.id()).isValid());
    QCOMPARE(list.groupOf(list.indexOf(folder)), (ChatGroup{ChatGroup::Place::Folder, folder}));
    QCOMPARE(list.groupOf(list.indexOf(b.id())).place, ChatGroup::Place::Pinned);
    store.removeFolder(folder);
    QCOMPARE(rowsOf(list), (QStringList{"Pinned", "b", "Today", "c", "a"}));
    a.setFolder(FolderId{12345}); // one that is not there (any more)
    QVERIFY(list.indexOf(a.id()).isValid());
}

void ConversationTest::listMovesManyAtOnceWithoutLosingTheSelection()
{
    ConversationStore store;
    ConversationList list(store);
    const QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<ConversationId> even;
    for (int i = 0; i < 40; ++i) {
        const ConversationId id = store.create().id();
        if (i % 2 == 0)
            even << id;
    }
    QItemSelectionModel selection(&list);
    for (const ConversationId id : even)
        selection.select(list.indexOf(id), QItemSelectionModel::Select);
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    ConversationOrganizer organizer(list);
    organizer.setPinned(even, true);
    const FolderId folder = store.createFolder("folder");
    organizer.moveTo(even, folder);
    organizer.moveTo(even, FolderId{});
    QCOMPARE(list.rowCount(), 42);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(selection.selectedIndexes().size(), even.size());
    for (const ConversationId id : even)
        QVERIFY(selection.isSelected(list.indexOf(id)));
}

/// A reply that streams costs its own row where that says something new, a conversation that changes at most
/// one move.
void ConversationTest::listStaysQuickWithThousands()
{
    ConversationStore store;
    ConversationList list(store);
    ArchiveContents contents;
    for (int i = 0; i < 5000; ++i) {
        ConversationRecord record;
        record.id = i + 1;
        record.title = QString::number(i);
        record.lastActivity = QDateTime::currentMSecsSinceEpoch() - qint64(i) * 3'600'000;
        contents.conversations << record;
    }
    store.restore(contents);
    Conversation& oldest = *store.find(ConversationId{5000});
    QSignalSpy moved(&list, &QAbstractItemModel::rowsMoved), removed(&list, &QAbstractItemModel::rowsRemoved),
        inserted(&list, &QAbstractItemModel::rowsInserted),
        laidOut(&list, &QAbstractItemModel::layoutChanged), changed(&list, &QAbstractItemModel::dataChanged);
    oldest.addUserMessage("again");
    QCOMPARE(moved.size(), 1);
    oldest.openReply(ReplyId{1});
    changed.clear();
    for (int i = 0; i < 1000; ++i)
        oldest.appendReplyText(ReplyId{1}, "x", {});
    QCOMPARE(changed.size(), 1); // only once does the row say something new
    QCOMPARE(moved.size() + removed.size() + inserted.size() + laidOut.size(), 1);
    QList<ConversationId> all;
    for (int i = 1; i < 5000; ++i)
        all << ConversationId{i};
    const FolderId folder = store.createFolder("all");
    inserted.clear();
    ConversationOrganizer(list).moveTo(all, folder);
    QVERIFY(moved.size() + inserted.size() + laidOut.size() < 5);
}

void ConversationTest::foldersAreSorted()
{
    ConversationStore store;
    ConversationList list(store);
    ConversationOrganizer organizer(list);
    const FolderId a = store.createFolder("a"), b = store.createFolder("b"), c = store.createFolder("c");
    organizer.moveFolder(c, a);
    QCOMPARE(rowsOf(list), (QStringList{"c", "a", "b"}));
    organizer.moveFolder(c, FolderId{});
    QCOMPARE(rowsOf(list), (QStringList{"a", "b", "c"}));
    organizer.shiftFolder(a, 1);
    QCOMPARE(rowsOf(list), (QStringList{"b", "a", "c"}));
    organizer.shiftFolder(a, 1);
    organizer.shiftFolder(a, 1); // it is the last
    QCOMPARE(rowsOf(list), (QStringList{"b", "c", "a"}));
    organizer.shiftFolder(a, -1);
    QCOMPARE(rowsOf(list), (QStringList{"b", "a", "c"}));
    QVERIFY(!organizer.canShiftFolder(b, -1));
    QVERIFY(!organizer.canShiftFolder(FolderId{}, 1));
}

QTEST_MAIN(ConversationTest)
#include "conversation_test.moc"
