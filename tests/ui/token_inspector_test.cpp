// SPDX-License-Identifier: GPL-3.0-or-later
// The panel of token probabilities over replies with invented details, with keys and the mouse.
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/tokens/alternative_list.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/tokens/token_popover.h"
#include "ui/chat/tokens/token_text.h"
#include "ui/chat/tokens/uncertain_row.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

TokenDetail token(qint32 id, const QString& text, float probability, QList<TokenAlternative> others = {})
{
    TokenDetail detail;
    detail.id = id;
    detail.text = detail.added = text;
    detail.probability = probability;
    detail.alternatives = {{id, text, probability}};
    detail.alternatives += others;
    return detail;
}

QList<TokenDetail> reply()
{
    return {token(1, "Use", 0.95F), token(2, " a", 0.7F),
            token(3, " partial", 0.41F,
                  {{7, " composite", 0.24F},
                   {8, "<end>", 0.1F, engine::SamplerCut::None, false},
                   {9, " BRIN", 0.03F, engine::SamplerCut::TopP, true, 0.9F}}),
            token(4, " index", 0.1F), token(5, ".\n\nSo", 0.5F)};
}

} // namespace

class TokenInspectorTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        explicit Fixture(Theme& theme) : session(bridge, store), page(session, theme)
        {
            page.resize(1200, 800);
            page.show();
            page.activateWindow();
            (void)QTest::qWaitForWindowActive(&page);
        }

        ChatPane& pane() const { return page.focusedPane(); }
        TokenPanel& panel() const { return pane().tokensPanel(); }
        TokenText& text() const { return panel().text(); }
        AlternativeList& list() const { return panel().popover().alternatives(); }
        Conversation& chat() const { return *pane().conversation(); }

        ReplyId begin()
        {
            chat().addUserMessage("Why is it slow?");
            const ReplyId id = bridge.newReplyId();
            chat().openReply(id, "Model");
            chat().replyStarted(id, {});
            return id;
        }
        void append(ReplyId id, const QList<TokenDetail>& tokens)
        {
            QString added;
            QList<qint32> ids;
            for (const TokenDetail& each : tokens) {
                added += each.added;
                ids.append(each.id);
            }
            chat().appendReplyText(id, added, {});
            chat().appendReplyTokens(id, ids, tokens);
        }
        void end(ReplyId id) { chat().endReply(id, {}); }
        /// A whole reply, its panel open.
        void answer(const QList<TokenDetail>& tokens)
        {
            const ReplyId id = begin();
            append(id, tokens);
            end(id);
            pane().setTokensShown(true);
        }
        void press(Qt::Key key, Qt::KeyboardModifiers keys = {}) const
        {
            QTest::keyClick(QApplication::activePopupWidget() ? static_cast<QWidget*>(&list()) : &text(), key,
                            keys);
        }

        EngineBridge bridge;
        ConversationStore store;
        ChatSession session;
        ChatPage page;
    };

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void figuresSayHowSureTheReplyWas()
    {
        const TokenFigures figures = figuresOf({token(1, "a", 0.5F), token(2, "b", 0.125F)});
        QCOMPARE(figures.tokens, qsizetype(2));
        QVERIFY(qFuzzyCompare(figures.mean, 0.3125));
        QVERIFY(qFuzzyCompare(figures.perplexity, 4.0)); // one bit and three
        QCOMPARE(surpriseBits(0), 32.0);
        QCOMPARE(tintStep(0.95F), 0);
        QCOMPARE(tintStep(0.6F), 1);
        QCOMPARE(tintStep(0.59F), 2);
        QCOMPARE(tintStep(0.01F), 4);
    }

    void theHeaderButtonOpensAndClosesThePanel()
    {
        Fixture f(m_theme);
        auto* button = f.pane().findChild<QToolButton*>("chatTokens");
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(f.pane().areTokensShown());
        f.pane().setSettingsShown(true); // one at a time
        QVERIFY(!f.pane().areTokensShown());
        QVERIFY(!button->isChecked());
    }

    void everyTokenHasItsPlaceInTheText()
    {
        Fixture f(m_theme);
        f.answer(reply());
        QCOMPARE(f.text().count(), 5);
        for (int i = 1; i < f.text().count(); ++i)
            QVERIFY(f.text().tokenRect(i).left() > f.text().tokenRect(i - 1).left());
        QTest::mouseClick(&f.text(), Qt::LeftButton, {}, f.text().tokenRect(3).center());
        QCOMPARE(f.text().current(), 3);
        QVERIFY(f.panel().popover().isVisible());
    }

    void keysStepThroughTokensAndAlternatives()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.text().setFocus();
        f.press(Qt::Key_Tab);
        f.press(Qt::Key_Right);
        f.press(Qt::Key_Right);
        f.press(Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(f.text().current(), 2);
        QVERIFY2(f.text().accessibleName().contains("partial"), qPrintable(f.text().accessibleName()));
        f.press(Qt::Key_Down);
        QVERIFY(f.panel().popover().isVisible());
        QCOMPARE(f.list().count(), 4);
        QCOMPARE(f.list().current(), 1); // the first that is another
        QCOMPARE(f.list().divider(3), QString("cut by top-p 0.90"));
        f.press(Qt::Key_Down);
        QCOMPARE(f.list().alternative(f.list().current()).id, 8);
        f.press(Qt::Key_Right);
        QCOMPARE(f.text().current(), 3);
        QCOMPARE(f.list().count(), 1);
        f.press(Qt::Key_Escape);
        QVERIFY(!f.panel().popover().isVisible());
        QVERIFY(f.pane().areTokensShown());
    }

    void onlyAnotherWholeTextBeginsABranch()
    {
        AlternativeList list(m_theme);
        list.resize(380, 200);
        list.show();
        list.setToken(reply()[2]);
        QSignalSpy asked(&list, &AlternativeList::branchRequested);
        QTest::keyClick(&list, Qt::Key_Return);
        QCOMPARE(asked.count(), 1);
        QTest::mouseClick(&list, Qt::LeftButton, {},
                          list.rowRect(3).center()); // cut, but a person may want it
        QCOMPARE(asked.count(), 2);
        QTest::mouseClick(&list, Qt::LeftButton, {}, list.rowRect(0).center()); // the chosen one
        QTest::mouseClick(&list, Qt::LeftButton, {}, list.rowRect(2).center()); // no text
        list.setBranching(false);
        QTest::mouseClick(&list, Qt::LeftButton, {}, list.rowRect(1).center());
        QCOMPARE(asked.count(), 2);
    }

    void withoutAModelThePopoverSaysWhyThereIsNoBranch()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.text().setFocus();
        f.press(Qt::Key_Return);
        QVERIFY(f.panel().popover().findChild<QLabel*>("tokenNote")->text().contains("Open a model"));
        f.press(Qt::Key_Return);
        QCOMPARE(f.chat().messages().size(), std::size_t(2));
    }

    void aReplyThatIsBeingWrittenIsFollowed()
    {
        Fixture f(m_theme);
        const ReplyId id = f.begin();
        f.pane().setTokensShown(true);
        f.append(id, reply().mid(0, 2));
        QTRY_COMPARE(f.text().count(), 2);
        f.text().setCurrent(1);
        f.append(id, reply().mid(2));
        QTRY_COMPARE(f.text().count(), 5);
        QCOMPARE(f.text().current(), 1);
        f.end(id);
    }

    void aReplyWithoutDetailsSaysSo()
    {
        Fixture f(m_theme);
        const ReplyId id = f.begin();
        f.chat().appendReplyText(id, "Because.", {});
        f.end(id);
        f.pane().setTokensShown(true);
        QVERIFY(!f.text().isVisible());
        QVERIFY(f.panel().findChild<QLabel*>("tokenWhy")->text().startsWith("Nothing was recorded"));
        QVERIFY(f.panel().findChild<QPushButton*>("tokenRegenerate")->isVisible());
    }

    void theLeastCertainTokenIsAClickAway()
    {
        Fixture f(m_theme);
        f.answer(reply());
        const auto rows = f.panel().findChildren<UncertainRow*>();
        QCOMPARE(rows.first()->token(), 3);
        QTest::mouseClick(rows.first(), Qt::LeftButton);
        QCOMPARE(f.text().current(), 3);
        QVERIFY(f.text().hasFocus());
    }

    void detailsOfABranchNameTheTokenThatStandsThere()
    {
        const QList<TokenDetail> details = detailsUpTo(reply(), {1, 2, 7});
        QCOMPARE(details.size(), qsizetype(3));
        QCOMPARE(details.last().added, QString(" composite"));
        QCOMPARE(details.last().probability, 0.24F);
        QCOMPARE(details.last().alternatives.size(), qsizetype(4));
    }
};

QTEST_MAIN(TokenInspectorTest)
#include "token_inspector_test.moc"
