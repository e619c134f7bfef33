// SPDX-License-Identifier: GPL-3.0-or-later
// The real window and model: replies are recorded while the panel of token probabilities is open, and a
// branch begins at a token.
#include <QLabel>
#include <QRegularExpression>
#include <QToolButton>

#include "tests/integration/support/real_window.h"
#include "ui/chat/message_view.h"
#include "ui/chat/tokens/alternative_list.h"
#include "ui/chat/tokens/token_inspector.h"
#include "ui/chat/tokens/token_popover.h"

using namespace vitrine::ui;

class TokenBranchTest : public QObject
{
    Q_OBJECT

private slots:
    void aBranchBeginsAtATokenAndReadsTheRestFromTheCache()
    {
        RealWindow real;
        if (!real.openDefaultModel())
            QFAIL("the default model is missing: run ./installer/test");
        ChatPane& pane = real.window.chatPage().focusedPane();
        ConversationSettings settings = pane.conversation()->settings();
        settings.sampling.set(SamplingField::MaxTokens, 24);
        pane.conversation()->setSettings(settings);
        QTest::keyClick(&real.window, Qt::Key_T, Qt::ControlModifier);
        QVERIFY(pane.areTokensShown());
        real.ask("Tell me about the sea.");
        QVERIFY(real.waitForTheEnd());
        const QList<TokenDetail> details = real.last().tokenDetails;
        QVERIFY(details.size() > 8);
        MessageView& view = pane.messages();
        constexpr int kAt = 6;
        QTRY_VERIFY(!view.tokenRect({1, kAt}).isEmpty());
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.tokenRect({1, kAt}).center());
        QVERIFY(pane.inspector().isPinned());
        AlternativeList& list = pane.inspector().popover().alternatives();
        while (list.current() + 1 < list.count() &&
               (list.isChosen(list.current()) || !list.alternative(list.current()).isText))
            QTest::keyClick(&list, Qt::Key_Down);
        QString beginning;
        for (const TokenDetail& each : details.mid(0, kAt))
            beginning += each.added;
        beginning += list.alternative(list.current()).text;
        auto* note = pane.inspector().popover().findChild<QLabel*>("tokenNote");
        QTRY_VERIFY_WITH_TIMEOUT(note->text().startsWith("A branch reuses "), kPatience);
        static const QRegularExpression figures("reuses (\\d+) KV blocks? and computes (\\d+) tokens?\\.");
        const QRegularExpressionMatch cost = figures.match(note->text());
        QVERIFY2(cost.hasMatch(), qPrintable(note->text()));
        const MessageId before = real.last().id;
        QTest::keyClick(&list, Qt::Key_Return);
        QVERIFY(real.last().id != before);
        QVERIFY(real.waitForTheEnd());
        QVERIFY2(real.last().text.startsWith(beginning), qPrintable(real.last().text));
        QVERIFY(real.last().text.size() > beginning.size());
        // What was said beforehand is what happened.
        const ReplyStart& start = real.last().start;
        QVERIFY(start.cachedTokens > 0);
        QCOMPARE(start.cachedTokens, cost.captured(1).toUInt() * real.bridge.model()->kv.blockSize);
        QCOMPARE(start.promptTokens - start.cachedTokens, cost.captured(2).toUInt());
        QTRY_VERIFY(!view.tokenRect({1, int(real.last().tokenDetails.size()) - 2}).isEmpty());
        QString whole;
        for (const TokenDetail& each : real.last().tokenDetails)
            whole += each.added;
        QCOMPARE(whole, real.last().text);
    }
};

QTEST_MAIN(TokenBranchTest)
#include "token_branch_test.moc"
