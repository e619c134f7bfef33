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
#include "ui/chat/message_view.h"
#include "ui/chat/tokens/alternative_list.h"
#include "ui/chat/tokens/surprise_chart.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/chat/tokens/token_inspector.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/tokens/token_popover.h"
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

/// Marks that vanish, an entity, a list, a table, code.
QList<TokenDetail> markedReply()
{
    QList<TokenDetail> tokens;
    const QStringList texts{"##",   " Head", "ing",      "\n\n", "A",           " **",    "bo",   "ld",
                            "**",   " `",    "co",       "de",   "`",           " &",     "amp;", " end",
                            "\n\n", "1",     ".",        " one", "\n",          "2",      ".",    " [",
                            "two",  "](",    "https://", "a.b",  ")",           " three", "\n\n", "|",
                            " a",   " |",    " b",       " |\n", "|---|---|\n", "| x",    " | y", " |\n\n",
                            "```",  "c",     "\n",       "int",  " main",       "();",    "\n",   "```"};
    for (const QString& text : texts)
        tokens.append(token(qint32(tokens.size()) + 1, text, 0.5F));
    return tokens;
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
        MessageView& view() const { return pane().messages(); }
        TokenPopover& popover() const { return pane().inspector().popover(); }
        AlternativeList& list() const { return popover().alternatives(); }
        QRect rectOf(int token) const { return view().tokenRect({1, token}); }
        int current() const { return view().currentToken().token; }
        void click(int token) const
        {
            QTest::mouseClick(view().viewport(), Qt::LeftButton, {}, rectOf(token).center());
        }
        void hover(const QPoint& point) const
        {
            QTest::mouseMove(view().viewport(), point + QPoint(1, 0));
            QTest::mouseMove(view().viewport(), point);
        }
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
        static void press(Qt::Key key, Qt::KeyboardModifiers keys = {})
        {
            QTest::keyClick(QApplication::focusWidget(), key, keys);
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

    void tokensAreTintedWhereTheyStandInTheChat()
    {
        Fixture f(m_theme);
        f.answer(reply());
        for (int i = 1; i < 4; ++i) {
            QVERIFY(f.rectOf(i).left() > f.rectOf(i - 1).left());
            QCOMPARE(f.rectOf(i).top(), f.rectOf(0).top());
        }
        QVERIFY(f.rectOf(4).left() > f.rectOf(3).left());
        const QImage tinted = f.view().viewport()->grab().toImage();
        const QPoint beneath(f.rectOf(3).width() / 2, f.rectOf(3).height() - 4); // its letters
        QCOMPARE(tinted.pixelColor(f.rectOf(3).topLeft() + beneath).name(),
                 m_theme.tokens().probability4.name());
        const QPoint at = f.rectOf(3).topLeft() + beneath;
        f.pane().setTokensShown(false);
        QVERIFY(f.rectOf(3).isEmpty());
        QVERIFY(f.view().viewport()->grab().toImage().pixelColor(at) != m_theme.tokens().probability4);
    }

    void marksOfMarkdownHaveNoTintAndMoveNothing()
    {
        Fixture f(m_theme);
        const QList<TokenDetail> tokens = markedReply();
        f.answer(tokens);
        const auto hit = [&](const QString& text) {
            for (int i = 0; i < tokens.size(); ++i) {
                if (tokens[i].added == text)
                    return f.rectOf(i);
            }
            return QRect();
        };
        // In a line, one beside the other.
        QVERIFY(hit("ing").left() >= hit(" Head").right() - 2);
        for (const auto& [left, right] :
             std::initializer_list<std::pair<const char*, const char*>>{{"A", "bo"},
                                                                        {"bo", "ld"},
                                                                        {"ld", "co"},
                                                                        {"co", "de"},
                                                                        {"de", " &"},
                                                                        {" &", " end"},
                                                                        {"two", " three"},
                                                                        {" a", " b"},
                                                                        {"| x", " | y"},
                                                                        {"int", " main"},
                                                                        {" main", "();"}}) {
            QVERIFY2(hit(left).right() <= hit(right).left() + 2, left);
            QVERIFY2(std::abs(hit(left).center().y() - hit(right).center().y()) < 4, left);
        }
        QVERIFY(hit(" one").bottom() < hit("two").top() + 2);
        QVERIFY(hit(" three").bottom() < hit(" a").top());
        QVERIFY(hit(" b").bottom() < hit("| x").top());
        QVERIFY(hit("| x").bottom() < hit("int").top());
        // What is a mark only: the pointer finds it nowhere.
        QSet<int> found;
        QObject::connect(&f.view(), &MessageView::tokenHovered, &f.page, [&](const TokenRef& ref) {
            if (ref.token >= 0)
                found.insert(ref.token);
        });
        for (int y = 60; y < f.view().viewport()->height(); y += 4) {
            for (int x = 0; x < f.view().viewport()->width(); x += 4)
                QTest::mouseMove(f.view().viewport(), {x, y});
        }
        for (int i = 0; i < tokens.size(); ++i) {
            static const QSet<QString> kMarks{" `",     " [",  "##", "\n\n", " **",  "**",
                                              "`",      "1",   ".",  "2",    "](",   "https://",
                                              "a.b",    ")",   "|",  " |",   " |\n", "|---|---|\n",
                                              " |\n\n", "```", "c",  "\n",   "amp;"};
            const QString added = tokens[i].added;
            QVERIFY2(found.contains(i) != kMarks.contains(added), qPrintable(added));
        }
    }

    void thePointerOverATokenOpensThePopoverBeneathIt()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.hover(f.rectOf(2).center());
        QTRY_VERIFY(f.popover().isVisible());
        QVERIFY(!f.pane().inspector().isPinned());
        QVERIFY(!f.list().hasFocus());
        const QPoint corner = f.popover().mapTo(&f.page, QPoint(0, 0));
        const QPoint token = f.view().viewport()->mapTo(&f.page, f.rectOf(2).bottomLeft());
        QCOMPARE(corner.y() - token.y() - 1, 6);
        f.hover({2, f.view().viewport()->height() - 2});
        QTRY_VERIFY(!f.popover().isVisible());
    }

    void aClickKeepsThePopoverAndOneBesideItClosesIt()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.click(2);
        QVERIFY(f.popover().isVisible());
        QVERIFY(f.pane().inspector().isPinned());
        QVERIFY(f.list().hasFocus());
        QCOMPARE(f.panel().current(), 2);
        f.hover({2, f.view().viewport()->height() - 2});
        QTest::qWait(200);
        QVERIFY(f.popover().isVisible());
        QTest::mouseClick(f.view().viewport(), Qt::LeftButton, {}, {2, f.view().viewport()->height() - 2});
        QVERIFY(!f.popover().isVisible());
    }

    void aDragOverTokensSelectsText()
    {
        Fixture f(m_theme);
        f.answer(reply());
        QTest::mousePress(f.view().viewport(), Qt::LeftButton, {}, f.rectOf(1).center());
        QTest::mouseMove(f.view().viewport(), f.rectOf(3).center());
        QTest::mouseRelease(f.view().viewport(), Qt::LeftButton, {}, f.rectOf(3).center());
        QVERIFY(f.view().selectedText().contains("partial"));
        QVERIFY(!f.popover().isVisible());
    }

    void thePopoverFlipsAboveWhereThereIsNoRoomBeneath()
    {
        Fixture f(m_theme);
        QList<TokenDetail> tokens;
        for (int i = 0; i < 60; ++i) {
            tokens.append(token(i + 1, "line\n\n", 0.5F));
            for (int other = 0; other < 7; ++other)
                tokens.last().alternatives.append({100 + other, QString::number(other), 0.01F});
        }
        f.answer(tokens);
        f.view().scrollToEnd();
        f.click(59);
        const QPoint corner = f.popover().mapTo(&f.page, QPoint(0, f.popover().height()));
        const QPoint token = f.view().viewport()->mapTo(&f.page, f.rectOf(59).topLeft());
        QCOMPARE(token.y() - corner.y(), 6);
        QVERIFY(f.popover().mapTo(&f.page, QPoint(0, 0)).y() >= 0);
    }

    void keysStepThroughTokensAndAlternatives()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.view().setFocus(Qt::TabFocusReason);
        QCOMPARE(f.current(), 0);
        f.press(Qt::Key_Tab);
        f.press(Qt::Key_Right);
        f.press(Qt::Key_Right);
        f.press(Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(f.current(), 2);
        QVERIFY2(f.view().accessibleDescription().contains("partial"),
                 qPrintable(f.view().accessibleDescription()));
        f.press(Qt::Key_Down);
        QVERIFY(f.popover().isVisible());
        QCOMPARE(f.list().count(), 4);
        QCOMPARE(f.list().current(), 1); // the first that is another
        QCOMPARE(f.list().divider(3), QString("cut by top-p 0.90"));
        f.press(Qt::Key_Down);
        QCOMPARE(f.list().alternative(f.list().current()).id, 8);
        f.press(Qt::Key_Tab);
        QCOMPARE(f.current(), 3);
        QVERIFY(f.popover().isVisible());
        QCOMPARE(f.list().count(), 1);
        f.press(Qt::Key_Escape);
        QVERIFY(!f.popover().isVisible());
        QVERIFY(f.view().hasFocus());
        QCOMPARE(f.current(), 3);
        f.press(Qt::Key_Escape); // leaves the tokens
        QCOMPARE(f.current(), -1);
        QVERIFY(f.pane().areTokensShown());
    }

    void tabLeavesBehindTheLastToken()
    {
        Fixture f(m_theme);
        f.answer(reply());
        f.view().setFocus(Qt::TabFocusReason);
        for (int i = 0; i < 5; ++i)
            f.press(Qt::Key_Tab);
        QCOMPARE(f.current(), -1);
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
        f.click(2);
        QVERIFY(f.popover().findChild<QLabel*>("tokenNote")->text().contains("Open a model"));
        f.press(Qt::Key_Return);
        QCOMPARE(f.chat().messages().size(), std::size_t(2));
    }

    void aReplyThatIsBeingWrittenIsFollowed()
    {
        Fixture f(m_theme);
        const ReplyId id = f.begin();
        f.pane().setTokensShown(true);
        f.append(id, reply().mid(0, 2));
        QVERIFY(!f.rectOf(1).isEmpty());
        f.click(1);
        f.append(id, reply().mid(2));
        QVERIFY(!f.rectOf(4).isEmpty());
        QCOMPARE(f.current(), 1);
        QVERIFY(f.popover().isVisible());
        f.end(id);
        QTRY_COMPARE(f.panel().findChild<QLabel*>("tokenCount")->text(), QString("5"));
    }

    void aReplyWithoutDetailsSaysSo()
    {
        Fixture f(m_theme);
        const ReplyId id = f.begin();
        f.chat().appendReplyText(id, "Because.", {});
        f.end(id);
        f.pane().setTokensShown(true);
        QVERIFY(f.rectOf(0).isEmpty());
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
        QCOMPARE(f.current(), 3);
        QVERIFY(f.popover().isVisible());
        QVERIFY(f.list().hasFocus());
    }

    void aClickInTheChartScrollsTheChatThere()
    {
        Fixture f(m_theme);
        QList<TokenDetail> tokens;
        for (int i = 0; i < 200; ++i)
            tokens.append(token(i + 1, "line\n\n", 0.5F));
        f.answer(tokens);
        f.view().scrollToEnd();
        QTest::mouseClick(&f.panel().chart(), Qt::LeftButton, {}, {3, 10});
        QVERIFY(f.current() >= 0 && f.current() < 10);
        QVERIFY(f.view().viewport()->rect().contains(f.rectOf(f.current())));
        QVERIFY(f.popover().isVisible());
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
