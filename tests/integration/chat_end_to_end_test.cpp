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
    QTRY_VERIFY(real.window.chatPage().hasSecondPane());
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

QTEST_MAIN(ChatEndToEndTest)
#include "chat_end_to_end_test.moc"
