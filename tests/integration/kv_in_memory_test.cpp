// SPDX-License-Identifier: GPL-3.0-or-later
// The real window and model: the sidebar says whose KV is in memory, the gauge how many tokens a message will
// have before it is sent.
#include "tests/integration/support/real_window.h"
#include "ui/chat/context_gauge.h"
#include "ui/chat/conversation_list.h"
#include "ui/shell/conversation_view.h"
#include "ui/shell/sidebar.h"

using namespace vitrine::ui;

namespace {

void shorten(RealWindow& real)
{
    Conversation& conversation = *real.window.chatPage().focusedPane().conversation();
    ConversationSettings settings = conversation.settings();
    settings.sampling.set(SamplingField::MaxTokens, 24);
    conversation.setSettings(settings);
}

QModelIndex rowOf(const RealWindow& real, ConversationId id)
{
    return qobject_cast<ConversationList*>(real.window.findChild<ConversationView*>()->model())->indexOf(id);
}

int kv(const RealWindow& real, ConversationId id)
{
    return rowOf(real, id).data(ConversationList::KvRole).toInt();
}

} // namespace

class KvInMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void dotsFollowTheCache()
    {
        RealWindow real;
        QVERIFY(real.openDefaultModel());
        shorten(real);
        const ConversationId id = real.conversation().id();
        real.ask("Tell me about the sea.");
        QVERIFY(real.waitForTheEnd());
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, id), ConversationList::kKvWhole, kPatience);
        const vitrine::engine::KvResidency& there = real.conversation().residency();
        QCOMPARE(there.tokens, real.last().start.promptTokens + real.last().figures.tokens);
        const QString tip = rowOf(real, id).data(Qt::ToolTipRole).toString();
        QVERIFY2(
            tip.contains(QString("%1 of %2 tokens in the KV cache").arg(there.resident).arg(there.tokens)),
            qPrintable(tip));
        QVERIFY(tip.endsWith(rowOf(real, id).data(Qt::AccessibleDescriptionRole).toString()));
        real.bridge.putToSleep();
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, id), 0, kPatience);
        QVERIFY(rowOf(real, id).data(Qt::ToolTipRole).toString().contains("Not in the KV cache"));
        real.ask("And the land?"); // wakes the model, and all is read again
        QVERIFY(real.waitForTheEnd());
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, id), ConversationList::kKvWhole, kPatience);
    }

    void anotherBranchHasItsOwnDot()
    {
        RealWindow real;
        QVERIFY(real.openDefaultModel());
        shorten(real);
        Conversation& chat = *real.window.chatPage().focusedPane().conversation();
        real.ask("Tell me about the sea.");
        QVERIFY(real.waitForTheEnd());
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, chat.id()), ConversationList::kKvWhole, kPatience);
        const quint32 before = chat.residency().tokens;
        const MessageId first = real.last().id;
        chat.addUserMessageAfter({}, "Something that was never asked.");
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, chat.id()), 0, kPatience); // nothing of this branch was computed
        chat.choose(first);
        QTRY_COMPARE_WITH_TIMEOUT(kv(real, chat.id()), ConversationList::kKvWhole, kPatience);
        QCOMPARE(chat.residency().tokens, before);
    }

    void gaugeSaysBeforehandWhatAMessageWillHave()
    {
        RealWindow real;
        QVERIFY(real.openDefaultModel());
        shorten(real);
        real.ask("Tell me about the sea.");
        QVERIFY(real.waitForTheEnd());
        auto* gauge = real.window.chatPage().focusedPane().findChild<ContextGauge*>();
        const QString written =
            QLocale().toString(real.last().start.promptTokens + real.last().figures.tokens);
        QVERIFY2(gauge->accessibleName().startsWith(written + " of "), qPrintable(gauge->accessibleName()));

        real.composerText()->setFocus();
        QTest::keyClicks(real.composerText(), "Which fish live in the deep water near Kyoto");
        QVERIFY2(gauge->accessibleName().startsWith("About "), qPrintable(gauge->accessibleName()));
        QTRY_VERIFY_WITH_TIMEOUT(!gauge->accessibleName().startsWith("About "), kPatience);
        const QString exact = gauge->accessibleName().section(' ', 0, 0);
        QVERIFY(exact != written);
        QTest::keyClick(real.composerText(), Qt::Key_Return);
        QVERIFY(real.waitForTheEnd());
        QCOMPARE(QLocale().toString(real.last().start.promptTokens), exact);
    }
};

QTEST_MAIN(KvInMemoryTest)
#include "kv_in_memory_test.moc"
