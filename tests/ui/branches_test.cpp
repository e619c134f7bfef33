// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing of a conversation's branches, and going from one to another in it.
#include <QAbstractItemModelTester>
#include <QListView>
#include <QTest>

#include "ui/chat/branches/branch_model.h"
#include "ui/chat/branches/branches_dialog.h"
#include "ui/chat/conversation_store.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

Message message(qint64 id, qint64 parent)
{
    Message made;
    made.id = MessageId{id};
    made.parent = MessageId{parent};
    return made;
}

/// "id@lane", a line a row; "<" where a branch leaves, "*" where it is shown.
QString drawn(const MessageTree& tree)
{
    QStringList rows;
    for (const BranchRow& row : branchRows(tree))
        rows << QString("%1@%2%3%4")
                    .arg(row.id.value)
                    .arg(row.lane)
                    .arg(row.leaves ? "<" : "", row.shown ? "*" : "");
    return rows.join(' ');
}

void answer(Conversation& conversation, quint64 reply, const QString& text)
{
    ReplyStart start;
    start.promptTokens = 100;
    start.cachedTokens = quint32(reply > 1 ? 64 : 0);
    conversation.replyStarted(ReplyId{reply}, start);
    conversation.appendReplyText(ReplyId{reply}, text, {1, 0, 0});
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    conversation.endReply(ReplyId{reply}, end);
}

} // namespace

class BranchesTest : public QObject
{
    Q_OBJECT

private slots:
    void theShownBranchGoesStraightOn();
    void lanesLeftOfABranchPassBy();
    void aVeryLongChatIsDrawn();
    void enterShowsTheChosenBranch();
    void theSummarySaysWhatWasShared();
};

void BranchesTest::theShownBranchGoesStraightOn()
{
    MessageTree tree;
    for (const auto& [id, parent] : {std::pair{1, 0}, {2, 1}, {3, 2}, {4, 1}, {5, 0}})
        tree.add(message(id, parent));
    QCOMPARE(drawn(tree), QString("1@0* 4@1< 2@0* 3@0* 5@0"));
    tree.choose(MessageId{4});
    QCOMPARE(drawn(tree), QString("1@0* 2@1< 3@1 4@0* 5@0"));
    tree.choose(MessageId{5});
    QCOMPARE(drawn(tree), QString("5@0* 1@0 2@1< 3@1 4@0"));
}

void BranchesTest::lanesLeftOfABranchPassBy()
{
    MessageTree tree;
    for (const auto& [id, parent] : {std::pair{1, 0}, {2, 1}, {3, 1}, {4, 3}, {5, 3}})
        tree.add(message(id, parent));
    QCOMPARE(drawn(tree), QString("1@0* 3@1< 4@2< 5@1 2@0*"));
    const auto rows = branchRows(tree);
    QCOMPARE(rows[1].passing, quint64(1));
    QCOMPARE(rows[2].passing, quint64(3));
    QCOMPARE(rows[3].passing, quint64(1));
    QVERIFY(rows[3].lane == 1 && !rows[3].continues && rows[1].continues && rows[0].isFirst);
}

void BranchesTest::aVeryLongChatIsDrawn()
{
    MessageTree tree;
    for (qint64 id = 1; id <= 50'000; ++id)
        tree.add(message(id, id - 1));
    for (qint64 id = 60'000; id < 60'100; ++id)
        tree.add(message(id, id == 60'000 ? 7 : id - 1));
    const auto rows = branchRows(tree);
    QCOMPARE(rows.size(), tree.size());
    QCOMPARE(rows[7].id, MessageId{60'000});
    QCOMPARE(rows.back().id, MessageId{50'000});
}

void BranchesTest::enterShowsTheChosenBranch()
{
    Theme theme;
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage("Question");
    conversation.openReply(ReplyId{1});
    answer(conversation, 1, "First");
    const MessageId question = conversation.messages()[0].id;
    conversation.openReplyAfter(question, ReplyId{2}, {}, true);
    answer(conversation, 2, "Second");
    BranchModel model(conversation);
    QAbstractItemModelTester tester(&model);
    BranchesDialog dialog(conversation, theme);
    dialog.show();
    auto* list = dialog.findChild<QListView*>();
    QTRY_VERIFY(list->isVisible());
    QCOMPARE(list->currentIndex().data().toString(), QString("Second"));
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(list->currentIndex().data().toString(), QString("First"));
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(conversation.messages().back().text, QString("First"));
    QVERIFY(!dialog.isVisible());
    conversation.remove(conversation.messages().back().id);
    QCOMPARE(model.rowCount(), 2);
}

void BranchesTest::theSummarySaysWhatWasShared()
{
    ConversationStore store;
    Conversation& conversation = store.create();
    conversation.addUserMessage("Question");
    conversation.openReply(ReplyId{1});
    answer(conversation, 1, "First");
    BranchModel model(conversation);
    QCOMPARE(model.summary(), QString("1 branch · 2 turns"));
    conversation.openReplyAfter(conversation.messages()[0].id, ReplyId{2}, {}, true);
    answer(conversation, 2, "Second");
    QVERIFY2(model.summary().startsWith("2 branches · 3 turns · 64 prompt tokens"),
             qPrintable(model.summary()));
}

QTEST_MAIN(BranchesTest)
#include "branches_test.moc"
