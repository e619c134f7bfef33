// SPDX-License-Identifier: GPL-3.0-or-later
// The real window and model: replies are recorded while the panel of token probabilities is open, and a
// branch begins at a token.
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
            QSKIP("no model on this machine");
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
        QString start;
        for (const TokenDetail& each : details.mid(0, kAt))
            start += each.added;
        start += list.alternative(list.current()).text;
        const MessageId before = real.last().id;
        QTest::keyClick(&list, Qt::Key_Return);
        QVERIFY(real.last().id != before);
        QVERIFY(real.waitForTheEnd());
        QVERIFY2(real.last().text.startsWith(start), qPrintable(real.last().text));
        QVERIFY(real.last().text.size() > start.size());
        QVERIFY(real.last().start.cachedTokens > 0);
        QTRY_VERIFY(!view.tokenRect({1, int(real.last().tokenDetails.size()) - 2}).isEmpty());
        QString whole;
        for (const TokenDetail& each : real.last().tokenDetails)
            whole += each.added;
        QCOMPARE(whole, real.last().text);
    }
};

QTEST_MAIN(TokenBranchTest)
#include "token_branch_test.moc"
