// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "ui/chat/conversation_list.h"
#include "ui/chat/removed_conversations.h"

using namespace vitrine;
using namespace vitrine::ui;

class RemovedConversationsTest : public QObject
{
    Q_OBJECT

private slots:
    void removedComeBackStepByStep();
    void removedReplyEndsAsStopped();
    void removedFolderComesBackWithItsChats();
};

void RemovedConversationsTest::removedComeBackStepByStep()
{
    EngineBridge bridge;
    ConversationStore store;
    ConversationList list(store);
    ChatSession session(bridge, store);
    RemovedConversations removed(session);
    QList<ConversationId> ids;
    for (const char* title : {"a", "b", "c"}) {
        Conversation& conversation = store.create();
        conversation.addUserMessage(title);
        ids << conversation.id();
    }
    QCOMPARE(removed.remove({ids[0], ids[1], ids[1], ConversationId{5}}), 2);
    QCOMPARE(removed.remove({ids[2]}), 1);
    QCOMPARE(removed.remove({ids[2]}), 0);
    QCOMPARE(store.size(), 0U);
    QCOMPARE(removed.undo(), QList{ids[2]});
    QCOMPARE(store.size(), 1U);
    QCOMPARE(removed.undo(), (QList{ids[0], ids[1]}));
    QVERIFY(!removed.canUndo());
    QCOMPARE(store.find(ids[0])->messages()[0].text, QString("a"));
    QVERIFY(list.indexOf(ids[0]).isValid());
    QVERIFY(removed.undo().isEmpty());
}

void RemovedConversationsTest::removedReplyEndsAsStopped()
{
    EngineBridge bridge;
    ConversationStore store;
    ChatSession session(bridge, store);
    RemovedConversations removed(session);
    Conversation& conversation = store.create();
    const ConversationId id = conversation.id();
    conversation.addUserMessage("question");
    conversation.openReply(ReplyId{1});
    conversation.openReplyAfter(conversation.messages()[0].id, ReplyId{2}, {}, false);
    conversation.appendReplyText(ReplyId{1}, "so far", {});
    removed.remove({id});
    removed.undo();
    QVERIFY(!store.find(id)->isGenerating());
    for (const Message* message : store.find(id)->tree().all())
        QCOMPARE(message->state,
                 message->role == Role::User ? MessageState::Complete : MessageState::Stopped);
    QCOMPARE(store.find(id)->messages().back().text, QString("so far"));
}

void RemovedConversationsTest::removedFolderComesBackWithItsChats()
{
    EngineBridge bridge;
    ConversationStore store;
    ChatSession session(bridge, store);
    RemovedConversations removed(session);
    store.createFolder("before");
    const FolderId folder = store.createFolder("folder");
    store.createFolder("after");
    const ConversationId a = store.create().id(), b = store.create().id();
    store.find(a)->setFolder(folder);
    store.find(b)->setFolder(folder);
    removed.remove({b});
    QVERIFY(removed.removeFolder(folder));
    QCOMPARE(store.find(a)->folder(), FolderId{});
    removed.undo();
    QCOMPARE(store.folders()[1].name, QString("folder")); // where it stood
    QCOMPARE(store.find(a)->folder(), store.folders()[1].id);
    removed.undo();
    QCOMPARE(store.find(b)->folder(), store.folders()[1].id);
    QVERIFY(!removed.removeFolder(FolderId{}));
}

QTEST_MAIN(RemovedConversationsTest)
#include "removed_conversations_test.moc"
