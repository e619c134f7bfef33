// SPDX-License-Identifier: GPL-3.0-or-later
// The real window with a small KV cache: what happens when a chat no longer fits, as it was chosen; and what
// is attached is read.
#include <QSignalSpy>

#include "tests/integration/support/real_window.h"
#include "ui/chat/note_row.h"
#include "ui/chat/pane_context.h"

using namespace vitrine;
using namespace vitrine::ui;

class ContextFullTest : public QObject
{
    Q_OBJECT

private:
    static constexpr quint32 kMebibytes = 8; // some hundred tokens

    static bool open(RealWindow& real)
    {
        SchedulingChoice small;
        small.kvMebibytes = kMebibytes;
        small.deterministic = true;
        real.bridge.setScheduling(small);
        return real.openDefaultModel();
    }

    static void choose(RealWindow& real, WhenFull choice, double maxTokens)
    {
        Conversation* conversation = real.window.session().store().find(real.conversation().id());
        ConversationSettings settings = conversation->settings();
        settings.sampling = samplingOf(SamplingPreset::Deterministic);
        settings.sampling.set(SamplingField::MaxTokens, maxTokens);
        settings.whenFull = choice;
        conversation->setSettings(settings);
    }

    static QString note(const RealWindow& real)
    {
        return real.window.chatPage().focusedPane().composer().contextNote().text();
    }

private slots:
    void stopEndsTheReplyAndSaysSo()
    {
        RealWindow real;
        if (!open(real))
            QFAIL("the default model is missing: ./installer/test brings it");
        const quint32 limit = real.window.session().contextLimit();
        QVERIFY(limit > 100 && limit < 3000);
        choose(real, WhenFull::Stop, 100'000);
        for (int i = 0; i < 20; ++i) { // a model that ends by itself fills the context a question later
            real.composerText()->setPlainText("Count from one to ten thousand, a number a line.");
            QTest::keyClick(real.composerText(), Qt::Key_Return);
            QVERIFY(real.waitForTheEnd());
            if (real.last().state != MessageState::Complete)
                break;
        }
        QCOMPARE(real.last().state, MessageState::CutOff);
        QVERIFY(real.last().contextFull);
        QVERIFY2(note(real).contains("full"), qPrintable(note(real)));
    }

    void theOldestTurnsAreLeftOutAndThatIsSaid()
    {
        RealWindow real;
        if (!open(real))
            QFAIL("the default model is missing: ./installer/test brings it");
        choose(real, WhenFull::LeaveOutOldest, 24);
        const QString story = QString("The cat sat on the mat and looked at the rain. ").repeated(6);
        for (int i = 0; i < 12 && real.conversation().messages().size() < 24; ++i) {
            real.composerText()->setPlainText(story + QString::number(i));
            QTest::keyClick(real.composerText(), Qt::Key_Return);
            QVERIFY(real.waitForTheEnd());
            QVERIFY2(real.last().state != MessageState::Failed, qPrintable(real.last().error));
        }
        QVERIFY(real.last().leftOut > 0);
        QVERIFY(real.last().start.promptTokens + 24 <= real.window.session().contextLimit());
        QVERIFY2(note(real).contains("oldest turns are no longer read"), qPrintable(note(real)));
        const ContextUse use = real.window.chatPage().focusedPane().context().use();
        QCOMPARE(use.leftOut, real.last().leftOut);
        QVERIFY(use.used <= use.total);
    }

    void aReplyGoesOnPastTheContextWithTheStartAndTheLatest()
    {
        RealWindow real;
        if (!open(real))
            QFAIL("the default model is missing: ./installer/test brings it");
        const quint32 limit = real.window.session().contextLimit();
        choose(real, WhenFull::KeepStartAndLatest, limit + 64);
        real.composerText()->setPlainText("Count from one to ten thousand, a number a line.");
        QTest::keyClick(real.composerText(), Qt::Key_Return);
        QVERIFY(real.waitForTheEnd());
        QVERIFY2(real.last().state != MessageState::Failed, qPrintable(real.last().error));
        if (real.last().state == MessageState::Complete)
            QSKIP("the model ended by itself");
        QVERIFY(real.last().start.promptTokens + real.last().figures.tokens > limit);
    }

    void whatIsAttachedIsRead()
    {
        RealWindow real;
        if (!open(real))
            QFAIL("the default model is missing: ./installer/test brings it");
        choose(real, WhenFull::Stop, 8);
        real.composerText()->setPlainText("Hello");
        QTest::keyClick(real.composerText(), Qt::Key_Return);
        QVERIFY(real.waitForTheEnd());
        const quint32 without = real.last().start.promptTokens;
        real.window.chatPage().newChat();
        choose(real, WhenFull::Stop, 8);
        real.window.chatPage().focusedPane().composer().setAttachments(
            {{"notes.txt", QString("word ").repeated(100), 500}});
        real.composerText()->setPlainText("Hello");
        QTest::keyClick(real.composerText(), Qt::Key_Return);
        QVERIFY(real.waitForTheEnd());
        QVERIFY(real.last().start.promptTokens > without + 90);
        QCOMPARE(real.conversation().messages()[0].attachments.size(), 1);
        QVERIFY(real.window.chatPage().focusedPane().composer().attachments().isEmpty());
    }

    void aFixedSeedGivesTheSameReplyAgain()
    {
        RealWindow real;
        if (!open(real))
            QFAIL("the default model is missing: ./installer/test brings it");
        real.window.session().setFixedSeed({});
        QStringList replies;
        for (int i = 0; i < 2; ++i) {
            choose(real, WhenFull::Stop, 24);
            Conversation* conversation = real.window.session().store().find(real.conversation().id());
            ConversationSettings settings = conversation->settings();
            settings.sampling.set(SamplingField::Temperature, 1.0);
            settings.sampling.seed = 7;
            conversation->setSettings(settings);
            real.composerText()->setPlainText("Tell me something.");
            QTest::keyClick(real.composerText(), Qt::Key_Return);
            QVERIFY(real.waitForTheEnd());
            replies << real.last().text;
            real.window.chatPage().newChat();
        }
        QVERIFY(!replies.front().isEmpty());
        QCOMPARE(replies.front(), replies.back());
    }
};

QTEST_MAIN(ContextFullTest)
#include "context_full_test.moc"
