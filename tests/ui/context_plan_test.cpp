// SPDX-License-Identifier: GPL-3.0-or-later
// What a reply is given when a conversation does not fit the context, and what a person is told about it.
#include <QApplication>
#include <QLabel>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>

#include "engine/engine.h"
#include "ui/chat/chat_session.h"
#include "ui/chat/context_gauge.h"
#include "ui/chat/context_plan.h"
#include "ui/chat/context_popover.h"
#include "ui/chat/token_estimate.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

class ContextPlanTest : public QObject
{
    Q_OBJECT

private:
    /// A conversation of questions and replies of so many tokens each, each counted as the engine would.
    struct Chat
    {
        explicit Chat(int exchanges, quint32 replyTokens = 200) : conversation(ids, 0)
        {
            for (int i = 0; i < exchanges; ++i)
                exchange(replyTokens);
        }

        void exchange(quint32 replyTokens, quint32 leftOut = 0)
        {
            conversation.addUserMessage(question);
            const ReplyId reply{++last};
            const MessageId message =
                conversation.openReplyAfter(conversation.tree().leaf(), reply, "model", true);
            conversation.setLeftOut(message, leftOut);
            conversation.replyStarted(reply, {});
            conversation.appendReplyText(reply, "A reply.", {replyTokens, 0, 0});
            conversation.endReply(reply, {});
        }

        void set(WhenFull choice, double maxTokens = 100)
        {
            ConversationSettings settings = conversation.settings();
            settings.whenFull = choice;
            settings.sampling.set(SamplingField::MaxTokens, maxTokens);
            conversation.setSettings(settings);
        }

        ContextPlan plan(quint32 limit)
        {
            return planContext(conversation, conversation.tree().leaf(), limit);
        }

        IdSource ids;
        quint64 last = 0;
        const QString question = "What is it, and why?";
        Conversation conversation;
    };

private slots:
    void everythingIsGivenWhileItFits()
    {
        Chat chat(5);
        for (const WhenFull choice :
             {WhenFull::Stop, WhenFull::KeepStartAndLatest, WhenFull::LeaveOutOldest}) {
            chat.set(choice);
            const ContextPlan plan = chat.plan(4096);
            QVERIFY(plan.leftOut.empty());
            QVERIFY(!plan.full);
            QVERIFY(plan.tokens > 1000 && plan.tokens < 1200);
        }
    }

    void withStopNothingIsLeftOutHoweverMuchItIs()
    {
        Chat chat(40);
        chat.set(WhenFull::Stop);
        const ContextPlan plan = chat.plan(2048);
        QVERIFY(plan.leftOut.empty());
        QVERIFY(plan.full);
    }

    void theOldestQuestionsGoWithTheirReplies()
    {
        Chat chat(20);
        chat.set(WhenFull::LeaveOutOldest);
        chat.conversation.addUserMessage("And now?");
        const ContextPlan plan = chat.plan(2048);
        QVERIFY(!plan.leftOut.empty());
        QCOMPARE(plan.leftOut.size() % 2, 0u);
        const MessagePath path = chat.conversation.messages();
        for (std::size_t i = 0; i < plan.leftOut.size(); ++i)
            QCOMPARE(plan.leftOut[i], path[i].id);
        QVERIFY(plan.tokens + 100 <= 2048 * 3 / 4); // room for a few more questions
        const auto history = historyOf(chat.conversation, chat.conversation.tree().leaf(), plan.leftOut);
        QCOMPARE(history.front().role, std::string("user"));
        QCOMPARE(history.back().content, std::string("And now?"));
        QCOMPARE(history.size(), path.size() - plan.leftOut.size());
    }

    void theInstructionsStay()
    {
        Chat chat(30);
        ConversationSettings settings = chat.conversation.settings();
        settings.systemPrompt = "Be brief.";
        chat.conversation.setSettings(settings);
        chat.set(WhenFull::LeaveOutOldest);
        const ContextPlan plan = chat.plan(1024);
        const auto history = historyOf(chat.conversation, chat.conversation.tree().leaf(), plan.leftOut);
        QCOMPARE(history.front().role, std::string("system"));
        QCOMPARE(history.front().content, std::string("Be brief."));
    }

    void whatWasLeftOutStaysOutSoThatThePromptBeginsTheSameWay()
    {
        Chat chat(20);
        chat.set(WhenFull::LeaveOutOldest);
        const std::vector<MessageId> first = chat.plan(2048).leftOut;
        chat.exchange(50, quint32(first.size()));
        QCOMPARE(chat.plan(2048).leftOut, first);
    }

    void theStartIsKeptWithTheLatest()
    {
        Chat chat(20);
        chat.set(WhenFull::KeepStartAndLatest);
        const ContextPlan plan = chat.plan(2048);
        const MessagePath path = chat.conversation.messages();
        QVERIFY(!plan.leftOut.empty());
        QCOMPARE(plan.leftOut.front(), path[2].id);
    }

    void theLastQuestionIsGivenHoweverLongItIs()
    {
        Chat chat(3);
        chat.set(WhenFull::LeaveOutOldest);
        chat.conversation.addUserMessage("Read this", {{"long.txt", QString(40'000, 'x'), 40'000}});
        const ContextPlan plan = chat.plan(2048);
        QCOMPARE(plan.leftOut.size(), 6u);
        QVERIFY(plan.full);
    }

    void aConversationOfOneTurnOrNoneIsNoTrouble()
    {
        Chat chat(0);
        chat.set(WhenFull::LeaveOutOldest);
        QVERIFY(chat.plan(2048).leftOut.empty());
        chat.conversation.addUserMessage("x");
        QVERIFY(chat.plan(16).leftOut.empty());
    }

    void estimatesFollowWhatTheModelCounted()
    {
        Chat chat(4);
        chat.conversation.addUserMessage(QString("word ").repeated(400));
        const ReplyId reply{99};
        chat.conversation.openReplyAfter(chat.conversation.tree().leaf(), reply, "model", true);
        const quint32 before = chat.plan(100'000).tokens;
        ReplyStart start;
        start.promptTokens = 3 * before;
        chat.conversation.replyStarted(reply, start);
        QVERIFY(chat.plan(100'000).tokens > 2 * before);
    }

    void chineseCountsMoreThanEnglish()
    {
        QVERIFY(estimateTokens(QString::fromUtf8("你好世界你好世界")) > estimateTokens(u"12345678"));
        QCOMPARE(estimateTokens(QStringView()), 0u);
        QCOMPARE(rounded(2411), 2400u);
        QCOMPARE(rounded(95), 95u);
        QCOMPARE(rounded(1996), 2000u);
    }

    void theSmallerOfContextAndCacheIsTheLimit()
    {
        engine::ModelSummary model;
        model.contextLength = 8192;
        model.kv = {100, 16};
        QCOMPARE(contextLimit(model), 1600u);
        model.kv.blocks = 10'000;
        QCOMPARE(contextLimit(model), 8192u);
    }

    void whatWasLeftOutIsKept()
    {
        Chat chat(1);
        chat.exchange(50, 6);
        const MessagePath path = chat.conversation.messages();
        const Message kept = messageOf(recordOf(path.back(), chat.conversation.id()));
        QCOMPARE(kept.leftOut, 6u);
        QCOMPARE(messageOf(recordOf(path[1], chat.conversation.id())).leftOut, 0u);
    }

    void theForecastSaysWhatHappensNext()
    {
        ContextUse use{4096, 1000, 900, 0, 2048, WhenFull::Stop, false};
        QVERIFY(forecast(use).contains("still fits"));
        use.used = 4000;
        QVERIFY(forecast(use).contains("96"));
        use.whenFull = WhenFull::LeaveOutOldest;
        use.leftOut = 6;
        QVERIFY(forecast(use).contains("The 6 oldest"));
        use.whenFull = WhenFull::KeepStartAndLatest;
        QVERIFY(forecast(use).contains("6 turns after the first"));
    }

    void thePopoverTakesAChoiceWithKeysAndMouse()
    {
        Theme theme;
        theme.applyTo(*qApp);
        QWidget window;
        window.show();
        ContextPopover popover(theme, &window);
        QSignalSpy chosen(&popover, &ContextPopover::whenFullChosen);
        popover.setUse({4096, 1000, 900, 0, 2048, WhenFull::Stop, false});
        popover.openBelow(window);
        QVERIFY(popover.isVisible());
        const auto choices = popover.findChildren<QRadioButton*>();
        QCOMPARE(choices.size(), 3);
        QVERIFY(choices[0]->isChecked());
        QTest::mouseClick(choices[2], Qt::LeftButton, {}, QPoint(8, choices[2]->height() / 2));
        QCOMPARE(chosen.takeFirst().first().value<WhenFull>(), WhenFull::LeaveOutOldest);
        choices[2]->setFocus();
        QTest::keyClick(choices[2], Qt::Key_Up);
        QCOMPARE(chosen.takeFirst().first().value<WhenFull>(), WhenFull::KeepStartAndLatest);
        QTest::keyClick(&popover, Qt::Key_Escape);
        QVERIFY(!popover.isVisible());
    }

    void theGaugeIsAButtonThatWarnsNearTheEnd()
    {
        Theme theme;
        ContextGauge gauge(theme);
        QSignalSpy clicked(&gauge, &ContextGauge::clicked);
        gauge.setTokens(100, 1000);
        gauge.show();
        QVERIFY(!gauge.toolTip().contains("nearly full"));
        gauge.setTokens(950, 1000);
        QVERIFY(gauge.toolTip().contains("nearly full"));
        QTest::keyClick(&gauge, Qt::Key_Space);
        QTest::mouseClick(&gauge, Qt::LeftButton);
        QCOMPARE(clicked.count(), 2);
    }
};

QTEST_MAIN(ContextPlanTest)
#include "context_plan_test.moc"
