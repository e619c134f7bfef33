// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations come back at the next start as they were left.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/conversation_saver.h"

using namespace vitrine::ui;
using namespace vitrine;

namespace {

constexpr int kPatience = 60'000;

/// One start of the program, as far as conversations go.
struct Start
{
    explicit Start(const QString& path) : archive(path), saver(store, archive)
    {
        opened = QTest::qWaitFor([this] { return saver.hasOpened(); }, kPatience);
    }
    Conversation& loaded(std::size_t index)
    {
        Conversation& conversation = *store.byRecency().at(index);
        store.ensureLoaded(conversation.id());
        if (!QTest::qWaitFor([&] { return conversation.isLoaded(); }, kPatience))
            qWarning("not loaded");
        return conversation;
    }

    ConversationStore store;
    ChatArchive archive;
    ConversationSaver saver;
    bool opened = false;
};

void ask(Conversation& conversation, const QString& question, const QString& answer, quint64 reply)
{
    conversation.addUserMessage(question);
    conversation.openReply(ReplyId{reply}, "model");
    ReplyStart start;
    start.promptTokens = 12;
    start.cachedTokens = 4;
    conversation.replyStarted(ReplyId{reply}, start);
    conversation.appendReplyText(ReplyId{reply}, answer, {7, 30.5, 0.25});
}

void end(Conversation& conversation, quint64 reply)
{
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    conversation.endReply(ReplyId{reply}, end);
}

QStringList texts(const Conversation& conversation)
{
    QStringList result;
    for (const Message& message : conversation.messages())
        result << message.text;
    return result;
}

} // namespace

class ConversationSaverTest : public QObject
{
    Q_OBJECT

private:
    QString path() const { return m_folder->filePath("chats.db"); }
    std::unique_ptr<QTemporaryDir> m_folder;

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void everythingOfAConversationComesBack();
    void theShownBranchComesBack();
    void anEmptyChatIsNotKeptButADraftIs();
    void aRunningReplyIsInterruptedAndCanGoOn();
    void aDeletedConversationComesBackOnlyByUndo();
    void removedTurnsComeBackOnlyByUndo();
    void tokenDetailsComeBackWhenTheyAreAskedFor();
    void aContinuedReplyKeepsTheDetailsOfItsBeginning();
    void aReplyWithoutDetailsIsAnsweredToo();
    void foldersComeBackInTheirOrder();
    void whatIsSaidBeforeTheFileIsOpenIsKept();
    void huesGoOnWhereTheyWere();
};

void ConversationSaverTest::everythingOfAConversationComesBack()
{
    Message reply;
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "Question", "Answer", 1);
        end(conversation, 1);
        ConversationSettings settings;
        settings.systemPrompt = "Be brief.";
        settings.sampling = samplingOf(SamplingPreset::Creative);
        conversation.setSettings(settings);
        conversation.setDraft("half a tho");
        conversation.setTitle("A title");
        conversation.setPinned(true);
        reply = conversation.messages().back();
    }
    Start second(path());
    Conversation& conversation = second.loaded(0);
    QCOMPARE(texts(conversation), (QStringList{"Question", "Answer"}));
    QCOMPARE(conversation.title(), QString("A title"));
    QCOMPARE(conversation.draft(), QString("half a tho"));
    QCOMPARE(conversation.settings().systemPrompt, QString("Be brief."));
    QCOMPARE(conversation.settings().sampling, samplingOf(SamplingPreset::Creative));
    QVERIFY(conversation.isPinned());
    QCOMPARE(conversation.contextUsed(), 19U);
    const Message& back = conversation.messages().back();
    QCOMPARE(recordOf(back, conversation.id()), recordOf(reply, conversation.id()));
    QCOMPARE(back.start.cachedTokens, 4U);
    QCOMPARE(back.figures.tokensPerSecond, 30.5);
}

void ConversationSaverTest::theShownBranchComesBack()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "one", "two", 1);
        end(conversation, 1);
        conversation.addVersion(conversation.messages()[0].id, "uno");
        ask(conversation, "", "", 2);
        end(conversation, 2);
        conversation.choose(conversation.tree().children({})[0]);
        QCOMPARE(texts(conversation), (QStringList{"one", "two"}));
    }
    Start second(path());
    Conversation& conversation = second.loaded(0);
    QCOMPARE(texts(conversation), (QStringList{"one", "two"}));
    conversation.choose(conversation.tree().version(conversation.messages()[0].id, 1));
    QCOMPARE(texts(conversation).first(), QString("uno"));
}

void ConversationSaverTest::anEmptyChatIsNotKeptButADraftIs()
{
    {
        Start first(path());
        first.store.create();
        first.store.create().setDraft("to be sent");
    }
    Start second(path());
    QCOMPARE(second.store.size(), 1U);
    QCOMPARE(second.store.byRecency()[0]->draft(), QString("to be sent"));
    QVERIFY(second.store.byRecency()[0]->isLoaded());
}

void ConversationSaverTest::aRunningReplyIsInterruptedAndCanGoOn()
{
    {
        Start first(path());
        ask(first.store.create(), "question", "half an ans", 1);
    }
    {
        Start second(path());
        Conversation& conversation = second.loaded(0);
        const Message reply = conversation.messages().back();
        QCOMPARE(reply.state, MessageState::Interrupted);
        QVERIFY(reply.canContinue());
        conversation.reopenReply(reply.id, ReplyId{9});
        conversation.appendReplyText(ReplyId{9}, "wer", {3, 10, 0.1});
        end(conversation, 9);
        QCOMPARE(conversation.messages().back().figures.tokens, 10U);
    }
    Start third(path());
    Conversation& conversation = third.loaded(0);
    QCOMPARE(texts(conversation).last(), QString("half an answer"));
    QCOMPARE(conversation.messages().back().state, MessageState::Complete);
}

void ConversationSaverTest::aDeletedConversationComesBackOnlyByUndo()
{
    {
        Start first(path());
        for (int i = 0; i < 2; ++i) {
            Conversation& conversation = first.store.create();
            ask(conversation, "keep", "it", 1);
            end(conversation, 1);
        }
        first.store.remove(first.store.byRecency()[0]->id());
    }
    {
        Start second(path());
        QCOMPARE(second.store.size(), 1U);
        auto removed = second.store.remove(second.store.byRecency()[0]->id()); // its messages not even read
        QTest::qWait(2 * ConversationSaver::kEvery);
        second.store.putBack(std::move(removed));
    }
    Start third(path());
    QCOMPARE(third.store.size(), 1U);
    QCOMPARE(texts(third.loaded(0)), (QStringList{"keep", "it"}));
}

void ConversationSaverTest::removedTurnsComeBackOnlyByUndo()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "one", "two", 1);
        end(conversation, 1);
        ask(conversation, "three", "four", 2);
        end(conversation, 2);
        QTest::qWait(2 * ConversationSaver::kEvery);
        const auto removed = conversation.remove(conversation.messages()[2].id);
        QTest::qWait(2 * ConversationSaver::kEvery);
        conversation.putBack(removed);
        conversation.remove(conversation.messages()[3].id);
    }
    Start second(path());
    QCOMPARE(texts(second.loaded(0)), (QStringList{"one", "two", "three"}));
}

namespace {

QList<TokenDetail> details(const QStringList& texts)
{
    QList<TokenDetail> result;
    for (const QString& text : texts)
        result.append(
            {qint32(text.size()), text, text, 0.5F, {{qint32(text.size()), text, 0.5F}, {99, "x", 0.25F}}});
    return result;
}

QString joined(const Message& message)
{
    QString text;
    for (const TokenDetail& each : message.tokenDetails)
        text += each.added;
    return text;
}

const Message& recalled(Conversation& conversation, std::size_t index)
{
    const Message& message = conversation.messages()[index];
    QSignalSpy answered(&conversation, &Conversation::tokensRecalled);
    conversation.wantTokens(message.id);
    conversation.wantTokens(message.id); // asked for once
    if (!QTest::qWaitFor([&] { return answered.count() > 0; }, kPatience))
        qWarning("not answered");
    return message;
}

} // namespace

void ConversationSaverTest::tokenDetailsComeBackWhenTheyAreAskedFor()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "one", "two three", 1);
        conversation.appendReplyTokens(ReplyId{1}, {3, 6}, details({"two", " three"}));
        end(conversation, 1);
    }
    {
        Start second(path());
        Conversation& conversation = second.loaded(0);
        QVERIFY(conversation.messages()[1].tokenDetails.isEmpty());
        const Message& reply = recalled(conversation, 1);
        QCOMPARE(joined(reply), QString("two three"));
        QCOMPARE(reply.tokenDetails[1].alternatives[1].text, QString("x"));
        QCOMPARE(reply.tokenDetails[1].probability, 0.5F);
        const auto removed = conversation.remove(reply.id);
        QTest::qWait(2 * ConversationSaver::kEvery);
        conversation.putBack(removed); // they are still there
    }
    Start third(path());
    QCOMPARE(joined(recalled(third.loaded(0), 1)), QString("two three"));
}

void ConversationSaverTest::aContinuedReplyKeepsTheDetailsOfItsBeginning()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "one", "two", 1);
        conversation.appendReplyTokens(ReplyId{1}, {3}, details({"two"}));
        ReplyEnd stopped;
        stopped.reason = engine::FinishReason::Cancelled;
        conversation.endReply(ReplyId{1}, stopped);
    }
    {
        Start second(path());
        Conversation& conversation = second.loaded(0);
        const MessageId reply = conversation.messages()[1].id;
        conversation.reopenReply(reply, ReplyId{5});
        conversation.appendReplyText(ReplyId{5}, " more", {});
        conversation.appendReplyTokens(ReplyId{5}, {5}, details({" more"}));
        QTRY_COMPARE_WITH_TIMEOUT(joined(conversation.messages()[1]), QString("two more"), kPatience);
        end(conversation, 5);
    }
    Start third(path());
    QCOMPARE(joined(recalled(third.loaded(0), 1)), QString("two more"));
}

void ConversationSaverTest::aReplyWithoutDetailsIsAnsweredToo()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        ask(conversation, "one", "two", 1);
        end(conversation, 1);
    }
    Start second(path());
    const Message& reply = recalled(second.loaded(0), 1);
    QVERIFY(reply.tokenDetails.isEmpty());
    QVERIFY(!reply.tokensUnread);
}

void ConversationSaverTest::foldersComeBackInTheirOrder()
{
    {
        Start first(path());
        Conversation& conversation = first.store.create();
        conversation.addUserMessage("inside");
        const FolderId thesis = first.store.createFolder("Thesis");
        const FolderId gone = first.store.createFolder("Gone");
        const FolderId home = first.store.createFolder("Home");
        conversation.setFolder(thesis);
        Folder folder = *first.store.find(home);
        folder.position = 0;
        folder.collapsed = true;
        first.store.setFolder(folder);
        first.store.removeFolder(gone);
    }
    Start second(path());
    const auto& folders = second.store.folders();
    QCOMPARE(folders.size(), 2U);
    QCOMPARE(folders[0].name, QString("Home"));
    QVERIFY(folders[0].collapsed);
    QCOMPARE(second.store.byRecency()[0]->folder(), folders[1].id);
}

void ConversationSaverTest::whatIsSaidBeforeTheFileIsOpenIsKept()
{
    {
        ConversationStore store;
        Conversation& early = store.create();
        early.addUserMessage("early");
        ChatArchive archive(path());
        ConversationSaver saver(store, archive);
    }
    Start second(path());
    QCOMPARE(second.store.size(), 1U);
    QCOMPARE(second.store.byRecency()[0]->title(), QString("early"));
}

void ConversationSaverTest::huesGoOnWhereTheyWere()
{
    {
        Start first(path());
        for (int i = 0; i < 3; ++i)
            first.store.create().addUserMessage(QString::number(i));
    }
    ConversationStore store;
    Conversation& early = store.create(); // before the file is open
    ChatArchive archive(path());
    ConversationSaver saver(store, archive);
    QVERIFY(QTest::qWaitFor([&] { return saver.hasOpened(); }, kPatience));
    QCOMPARE(early.number(), 3U);
    QCOMPARE(store.create().number(), 4U);
}

QTEST_GUILESS_MAIN(ConversationSaverTest)
#include "conversation_saver_test.moc"
