// SPDX-License-Identifier: GPL-3.0-or-later
// A person types a question into the real window, the answer streams, the live charts move.
#include <QSignalSpy>
#include <QTest>

#include "tests/integration/support/real_window.h"

using namespace vitrine;
using namespace vitrine::ui;

class ChatEndToEndTest : public QObject
{
    Q_OBJECT

private slots:
    void answersATypedQuestionAndTheChartsGetItsSteps();
    void followUpReusesTheConversationsPrefix();
    void twoPanesGenerateAtOnceAndSwitchingAbortsNothing();
    void comparedPanesAreAskedTheSame();
    void repliesAreWrittenAnewBesideEachOther();
};

void ChatEndToEndTest::answersATypedQuestionAndTheChartsGetItsSteps()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.window.session().store().find(real.conversation().id())->setPreset(SamplingPreset::Precise);
    engine::RequestId request;
    quint64 stepsOfRequest = 0;
    quint32 decoded = 0;
    QStringList deltas;
    QObject::connect(&real.bridge, &EngineBridge::replyStarted, this,
                     [&](ReplyId, const ReplyStart& start) { request = start.request; });
    QObject::connect(&real.bridge, &EngineBridge::replyText, this,
                     [&](ReplyId, const QString& delta) { deltas << delta; });
    QList<engine::StepRecord> steps;
    QObject::connect(&real.bridge, &EngineBridge::stepsRecorded, this,
                     [&](const QList<engine::StepRecord>& some) { steps << some; });

    real.ask("Please tell me in one short sentence: what is the capital of France?");
    QVERIFY(real.composerText()->toPlainText().isEmpty());
    QCOMPARE(real.conversation().messages().size(), 2U);
    QVERIFY(real.waitForTheEnd());
    QVERIFY2(real.last().text.contains("Paris"), qPrintable(real.last().text));
    QCOMPARE(real.last().state, MessageState::Complete);
    QCOMPARE(deltas.join(QString()), real.last().text);
    QVERIFY(deltas.size() > 1); // it streamed

    QTRY_COMPARE_WITH_TIMEOUT(real.bridge.status().running, 0U, kPatience);
    for (const engine::StepRecord& step : steps) {
        for (quint32 row = 0; row < step.rowCount; ++row) {
            stepsOfRequest += step.rows[row].request == request ? 1 : 0;
            decoded += step.rows[row].request == request ? step.rows[row].decodeTokens : 0;
        }
    }
    QVERIFY(stepsOfRequest > 1);
    QVERIFY(decoded + 1 >= real.last().figures.tokens); // all but the token the prefill gave
    QCOMPARE(real.window.liveDock().recordedSteps(), quint64(steps.size()));
    QVERIFY(real.window.liveDock().newest() != nullptr);
    real.window.setLiveShown(true);
    QTRY_VERIFY_WITH_TIMEOUT(real.window.liveDock().shownView().anyStep, kPatience);
}

void ChatEndToEndTest::followUpReusesTheConversationsPrefix()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.ask("Name three colours.");
    QVERIFY(real.waitForTheEnd());
    const quint32 firstPrompt = real.last().start.promptTokens;
    real.ask("Which of them is the brightest?");
    QCOMPARE(real.conversation().messages().size(), 4U);
    QVERIFY(real.waitForTheEnd());
    QVERIFY(real.last().start.promptTokens > firstPrompt); // the whole history went along
    QVERIFY(real.last().start.cachedTokens >= firstPrompt / 16 * 16);
    QVERIFY(!real.last().text.isEmpty());
}

void ChatEndToEndTest::twoPanesGenerateAtOnceAndSwitchingAbortsNothing()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.ask("Tell me a long story about a lighthouse.");
    const ConversationId first = real.conversation().id();
    QTest::keyClick(&real.window, Qt::Key_Backslash, Qt::ControlModifier);
    QTRY_VERIFY(real.window.chatPage().panes().size() == 2);
    real.ask("Tell me a long story about a train.");
    const ConversationId second = real.conversation().id();
    QVERIFY(first != second);
    QTRY_COMPARE_WITH_TIMEOUT(real.bridge.status().running, 2U, kPatience);
    QTest::keyClick(&real.window, Qt::Key_N, Qt::ControlModifier); // another chat in this pane
    QTRY_VERIFY(real.conversation().isEmpty());
    const Conversation* hidden = real.window.session().store().find(second);
    const quint32 before = hidden->messages().back().figures.tokens;
    QTRY_VERIFY_WITH_TIMEOUT(hidden->openReply() == nullptr || hidden->openReply()->figures.tokens > before,
                             kPatience);
    QVERIFY(hidden->messages().back().state != MessageState::Stopped);
    for (const ConversationId id : {first, second}) {
        real.window.session().stop(id);
        const Conversation* conversation = real.window.session().store().find(id);
        QTRY_VERIFY_WITH_TIMEOUT(conversation->openReply() == nullptr, kPatience);
        QVERIFY(!conversation->messages().back().text.isEmpty()); // what was said stays
    }
}

void ChatEndToEndTest::comparedPanesAreAskedTheSame()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.window.chatPage().newPane();
    real.window.chatPage().newPane();
    real.window.chatPage().setComparing(true);
    const auto& panes = real.window.chatPage().panes();
    panes[0]->conversation()->setPreset(SamplingPreset::Precise);
    panes[2]->composer().setText("my own draft");
    panes[1]->composer().focusText();
    real.ask("Name one colour.");
    for (const ChatPane* pane : panes) {
        const Conversation& conversation = *pane->conversation();
        QCOMPARE(conversation.messages()[0].text, QString("Name one colour."));
        QTRY_VERIFY_WITH_TIMEOUT(!conversation.isGenerating(), kPatience);
        QVERIFY(!conversation.messages().back().text.isEmpty());
    }
    QCOMPARE(panes[2]->composer().text(), QString("my own draft"));
    real.window.chatPage().setComparing(false);
    real.ask("And another.");
    QCOMPARE(panes[1]->conversation()->messages().size(), 4U);
    QCOMPARE(panes[0]->conversation()->messages().size(), 2U);
    QVERIFY(real.waitForTheEnd());
}

void ChatEndToEndTest::repliesAreWrittenAnewBesideEachOther()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    real.ask("Tell me a short joke.");
    QVERIFY(real.waitForTheEnd());
    ChatSession& session = real.window.session();
    const Conversation& conversation = real.conversation();
    const MessageId first = conversation.messages().back().id;
    QVERIFY(session.regenerate(conversation.id(), first, 3));
    QCOMPARE(conversation.tree().versions(conversation.messages().back().id), (VersionPosition{2, 4}));
    QTRY_VERIFY_WITH_TIMEOUT(!conversation.isGenerating(), kPatience);
    for (const MessageId version : conversation.tree().children(conversation.messages()[0].id)) {
        const Message* reply = conversation.tree().find(version);
        QCOMPARE(reply->state, MessageState::Complete);
        QVERIFY(!reply->text.isEmpty());
    }
    // Another question in place of the first: the old branch stays, and both share their beginning.
    QVERIFY(session.sendVersion(conversation.id(), conversation.messages()[0].id, "Tell me a short poem."));
    QCOMPARE(conversation.messages()[0].text, QString("Tell me a short poem."));
    QVERIFY(real.waitForTheEnd());
    QVERIFY(conversation.messages().back().start.cachedTokens > 0);
    QCOMPARE(conversation.tree().size(), 7U);
}

QTEST_MAIN(ChatEndToEndTest)
#include "chat_end_to_end_test.moc"
