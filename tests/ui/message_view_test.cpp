// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

#include "ui/chat/conversation_store.h"
#include "ui/chat/markdown/block_text.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

class MessageViewTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void followsTheEndOnlyWhileItIsInSight();
    void copiesWhatIsSelected();
    void tabReachesTheCopyButtonOfCode();
    void streamingPaintsTheSameAsTheWholeText();
    void repaintsInTheOtherTheme();
    void staysResponsiveWithAHugeLine();
    void keepsItsPlaceWhenTheWidthChanges();
    void opensAThousandMessagesAndKeepsFew();
    void scrollingBackKeepsWhatIsInSight();
    void otherMessagesFromAPlaceOnReplaceTheOld();
    void dragsASelectionOverMessages();
    void dragBeyondTheEdgeScrolls();
    void selectsAllMessages();
    void copiesALongChatWithoutLayingItOut();
    void doubleClickSelectsAWordAndTripleClickAParagraph();
    void shiftClickExtendsTheSelection();
    void copiedTextIsWhatIsLaidOut();
    void shiftAndArrowsExtendTheSelection();
    void shiftAndArrowsGoOverBlocksAndMessages();
    void keysWithoutAPlaceSelectNothing();
    void aParagraphThatIsCutGoesOnInItsLine();

private:
    void fillChat(int pairs);
    QPoint pointOf(const QString& word);
    void stream(const QString& text, int piece);
    void end();

    Theme m_theme;
    std::unique_ptr<ConversationStore> m_store;
    std::unique_ptr<MessageView> m_view;
    Conversation* m_conversation = nullptr;
};

void MessageViewTest::init()
{
    m_theme.applyTo(*qApp);
    m_theme.setChoice(ThemeChoice::Light);
    m_store = std::make_unique<ConversationStore>();
    m_conversation = &m_store->create();
    m_view = std::make_unique<MessageView>(m_theme);
    m_view->resize(700, 400);
    m_view->setConversation(m_conversation);
    m_view->show();
    m_conversation->addUserMessage("A question");
    m_conversation->openReply(ReplyId{1});
}

void MessageViewTest::cleanup()
{
    m_view.reset();
    m_store.reset();
}

void MessageViewTest::stream(const QString& text, int piece)
{
    ReplyFigures figures;
    figures.tokens = 2;
    for (qsizetype at = 0; at < text.size(); at += piece)
        m_conversation->appendReplyText(m_conversation->openReply()->reply, text.mid(at, piece), figures);
}

void MessageViewTest::end()
{
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    m_conversation->endReply(m_conversation->openReply()->reply, end);
}

void MessageViewTest::followsTheEndOnlyWhileItIsInSight()
{
    auto* jump = m_view->findChild<QPushButton*>();
    QScrollBar* bar = m_view->verticalScrollBar();
    stream(QString("A paragraph.\n\n").repeated(60), 20);
    QVERIFY(bar->maximum() > 0);
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(!jump->isVisible());
    bar->setValue(100);
    QVERIFY(!m_view->isAtEnd());
    QVERIFY(jump->isVisible());
    stream(QString("More of it.\n\n").repeated(40), 20);
    QCOMPARE(bar->value(), 100);
    QTest::mouseClick(jump, Qt::LeftButton);
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(!jump->isVisible());
    stream("The end.", 3);
    QCOMPARE(bar->value(), bar->maximum());
}

void MessageViewTest::copiesWhatIsSelected()
{
    stream("Some **bold** text.\n\n- one\n- two\n\n```py\nx = 1\n\ny = 2\n```\n\n| a | b |\n|---|---|\n| 1 | "
           "2 |",
           4);
    end();
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(),
             QString("A question\n\nSome bold text.\n\n- one\n- two\n\nx = 1\n\ny = 2\n\na\tb\n1\t2"));
}

void MessageViewTest::shiftAndArrowsExtendTheSelection()
{
    stream("One two three four.\nAnother line here.", 9);
    end();
    const QPoint three = pointOf("three");
    const auto place = [&] { // not as the third of three clicks
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {three.x() + 90, three.y()});
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, three);
    };
    place();
    const auto press = [&](Qt::Key key, Qt::KeyboardModifiers keys) {
        QTest::keyClick(m_view.get(), key, keys | Qt::ShiftModifier);
        return m_view->selectedText();
    };
    const QString one = press(Qt::Key_Right, {});
    QCOMPARE(one.size(), 1);
    QCOMPARE(press(Qt::Key_Left, {}), QString());
    QVERIFY(press(Qt::Key_Right, Qt::ControlModifier).trimmed().size() > 1);
    QVERIFY(press(Qt::Key_End, {}).endsWith("four."));
    QVERIFY(press(Qt::Key_Home, {}).startsWith("One two"));
    QVERIFY(press(Qt::Key_Left, Qt::ControlModifier).size() >= 8);
    place();
    const QString down = press(Qt::Key_Down, {});
    QVERIFY2(down.contains("four.") && down.contains("Anoth"), qPrintable(down));
    QCOMPARE(press(Qt::Key_Up, {}), QString());
    press(Qt::Key_Down, {});
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), down);
}

void MessageViewTest::shiftAndArrowsGoOverBlocksAndMessages()
{
    stream(QString("First.\n\n- item\n\n") + QString("A paragraph.\n\n").repeated(60) + "The end.", 200);
    end();
    m_view->verticalScrollBar()->setValue(0);
    const QPoint first = pointOf("First");
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {first.x() + 90, first.y()});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, first);
    for (int i = 0; i < 40; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY2(m_view->selectedText().startsWith("A question"), qPrintable(m_view->selectedText()));
    for (int i = 0; i < 200; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(m_view->selectedText().endsWith("The end.") ||
            m_view->selectedText().contains(QString("A paragraph.\n\n").repeated(50)));
    QVERIFY(m_view->verticalScrollBar()->value() > 0);
    QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ShiftModifier | Qt::ControlModifier);
    QVERIFY(m_view->selectedText().endsWith("The end."));
    QTest::keyClick(m_view.get(), Qt::Key_Home, Qt::ShiftModifier | Qt::ControlModifier);
    QVERIFY(m_view->selectedText().startsWith("A question"));
    QVERIFY(m_view->verticalScrollBar()->value() < 30);
}

void MessageViewTest::keysWithoutAPlaceSelectNothing()
{
    stream("Some text.", 4);
    end();
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(m_view->selectedText().isEmpty());
}

void MessageViewTest::aParagraphThatIsCutGoesOnInItsLine()
{
    const MessageStyle style(m_theme, false);
    for (const Role role : {Role::Assistant, Role::User}) {
        Message message;
        message.role = role;
        message.text = QString("Some words that are read. ").repeated(400);
        MessageItem item(message);
        item.setGeometry(style, 700, 1);
        item.layOut(0, 1e5);
        const std::vector<Block>& blocks = item.document().blocks();
        QVERIFY(blocks.size() > 1);
        for (std::size_t i = 1; i < blocks.size(); ++i) {
            const int length = int(blocks[i - 1].text.text.size());
            const QRectF before = item.rectOf({i - 1, {0, length - 1}}), after = item.rectOf({i, {0, 0}});
            QCOMPARE(after.top(), before.top());
            QVERIFY(after.left() > before.left() && after.left() < before.left() + 20);
            QCOMPARE(item.positionAt(after.center() + QPointF(30, 0)).block, i);
        }
        // A line less at each seam than the parts would have.
        Message whole = message;
        MessageItem narrow(whole);
        narrow.setGeometry(style, 700, 1);
        narrow.layOut(item.height() / 2, item.height() / 2 + 10); // the middle alone
        narrow.layOut(0, 1e5);
        QCOMPARE(narrow.height(), item.height());
    }
}

void MessageViewTest::tabReachesTheCopyButtonOfCode()
{
    stream("Look:\n\n```cpp\nint x;\nint y;\n```\n", 5);
    end();
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), QString("int x;\nint y;"));
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QVERIFY(QApplication::clipboard()->text().startsWith("Look:"));
}

void MessageViewTest::streamingPaintsTheSameAsTheWholeText()
{
    const QString text =
        "# Head\n\nText with `code` and *more*.\n\n1. one\n2. two\n\n```c\nint a;\nint b;\n```\n\n"
        "| a | b |\n|---|--:|\n| 1 | 2 |\n";
    stream(text, 3);
    end();
    const QImage streamed = m_view->viewport()->grab().toImage();
    MessageView fresh(m_theme);
    fresh.resize(m_view->size());
    fresh.setConversation(m_conversation);
    fresh.show();
    QCOMPARE(fresh.viewport()->grab().toImage(), streamed);
}

void MessageViewTest::repaintsInTheOtherTheme()
{
    stream("Text and `code`.\n\n```c\nint a;\n```\n", 5);
    end();
    const QImage light = m_view->viewport()->grab().toImage();
    m_theme.setChoice(ThemeChoice::Dark);
    const QImage dark = m_view->viewport()->grab().toImage();
    QVERIFY(light != dark);
    const QRgb card = darkTokens().codeBackground.rgb();
    int found = 0;
    for (int y = 0; y < dark.height(); ++y)
        for (int x = 0; x < dark.width(); ++x)
            found += (dark.pixel(x, y) & 0xFFFFFF) == (card & 0xFFFFFF) ? 1 : 0;
    QVERIFY(found > 1000);
    m_theme.setChoice(ThemeChoice::Light);
    QCOMPARE(m_view->viewport()->grab().toImage(), light);
}

void MessageViewTest::staysResponsiveWithAHugeLine()
{
    stream(QString("lorem ipsum ").repeated(90'000), 1 << 16); // 1 MB on one line
    stream("\n\n" + QString(1'000'000, 'x') + "\n\n", 1 << 18);
    stream("```\n" + QString("a line of code\n").repeated(60'000) + "```\n", 1 << 18);
    end();
    m_view->grab();
    m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum() / 2);
    m_view->grab();
    m_view->verticalScrollBar()->setValue(0);
    m_view->grab();
    m_view->scrollToEnd();
    QVERIFY(m_view->isAtEnd());
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum());
}

/// Questions and answers of several paragraphs, on top of the open ones of init().
void MessageViewTest::fillChat(int pairs)
{
    stream("First answer.", 100);
    end();
    ReplyFigures figures;
    figures.tokens = 9;
    for (int i = 0; i < pairs; ++i) {
        m_conversation->addUserMessage(QString("Question number %1").arg(i));
        m_conversation->openReply(ReplyId{quint64(i) + 10});
        m_conversation->appendReplyText(m_conversation->openReply()->reply,
                                        QString("Answer **number %1**.\n\n- one\n- two\n\n").arg(i) +
                                            QString("More text. ").repeated(60),
                                        figures);
        end();
    }
}

/// In the window: where the selection begins when `word` is found there.
QPoint MessageViewTest::pointOf(const QString& word)
{
    const QRect whole = m_view->viewport()->rect();
    for (int y = 2; y < whole.height(); y += 6) {
        for (int x = 2; x < whole.width(); x += 12) {
            QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, {x, y});
            if (m_view->selectedText() == word)
                return {x, y};
        }
    }
    return {-1, -1};
}

void MessageViewTest::opensAThousandMessagesAndKeepsFew()
{
    fillChat(500);
    m_view->setConversation(m_conversation);
    QVERIFY(m_view->keptItems() < 20);
    QScrollBar* bar = m_view->verticalScrollBar();
    QCOMPARE(bar->value(), bar->maximum());
    for (int i = 0; i < 300; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
    QVERIFY(bar->value() < bar->maximum());
    QVERIFY(m_view->keptItems() <= 200);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(bar->value(), 0);
    m_view->selectAll();
    QVERIFY(m_view->selectedText().startsWith("A question\n\nFirst answer.\n\nQuestion number 0\n\n"));
}

void MessageViewTest::scrollingBackKeepsWhatIsInSight()
{
    fillChat(60);
    m_view->setConversation(m_conversation);
    QScrollBar* bar = m_view->verticalScrollBar();
    bar->setValue(bar->maximum() / 2);
    for (int i = 0; i < 200 && bar->value() > 200; ++i) {
        const QImage before = m_view->viewport()->grab().toImage();
        bar->setValue(bar->value() - 10);
        const QImage after = m_view->viewport()->grab().toImage();
        // Whatever heights turned out to be: the picture moved by 10 pixels.
        QCOMPARE(after.copy(0, 10, after.width(), after.height() - 70),
                 before.copy(0, 0, before.width(), before.height() - 70));
    }
}

void MessageViewTest::otherMessagesFromAPlaceOnReplaceTheOld()
{
    fillChat(3);
    m_view->selectAll();
    IdSource ids;
    auto other = std::make_unique<Conversation>(ids, 0);
    other->addUserMessage("A question");
    MessageView view(m_theme);
    view.resize(m_view->size());
    view.setConversation(other.get());
    view.show();
    other->addUserMessage("Another one");
    view.onPathChanged(1); // the same again
    view.selectAll();
    QCOMPARE(view.selectedText(), QString("A question\n\nAnother one"));
    m_view->onPathChanged(2);
    QCOMPARE(m_view->selectedText(), QString()); // it reached into what was replaced
    m_view->selectAll();
    QVERIFY(m_view->selectedText().contains("Question number 2"));
}

void MessageViewTest::dragsASelectionOverMessages()
{
    stream("The reply.\n\nIts end.", 5);
    end();
    const QPoint from = pointOf("question");
    const QPoint to = pointOf("Its");
    QVERIFY(from.y() > 0 && to.y() > from.y());
    QTest::qWait(QApplication::doubleClickInterval() + 20);
    QWidget* port = m_view->viewport();
    QTest::mousePress(port, Qt::LeftButton, {}, {2, from.y()});
    QTest::mouseMove(port, {port->width() / 2, to.y() - 20});
    QTest::mouseMove(port, {port->width() - 2, to.y()});
    QTest::mouseRelease(port, Qt::LeftButton, {}, {port->width() - 2, to.y()});
    QCOMPARE(m_view->selectedText(), QString("A question\n\nThe reply.\n\nIts end."));
    QTest::mousePress(port, Qt::LeftButton, {}, {2, from.y()});
    QTest::mouseMove(port, {2, port->height() - 4}); // below all text
    QTest::mouseRelease(port, Qt::LeftButton, {}, {2, port->height() - 4});
    QCOMPARE(m_view->selectedText(), QString("A question\n\nThe reply.\n\nIts end."));
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), m_view->selectedText());
}

void MessageViewTest::dragBeyondTheEdgeScrolls()
{
    fillChat(5);
    QScrollBar* bar = m_view->verticalScrollBar();
    bar->setValue(0);
    QWidget* port = m_view->viewport();
    QTest::mousePress(port, Qt::LeftButton, {}, {40, 20});
    QTest::mouseMove(port, {60, port->height() + 60});
    QTRY_COMPARE(bar->value(), bar->maximum());
    QTest::mouseRelease(port, Qt::LeftButton, {}, {60, port->height() + 60});
    QVERIFY(m_view->selectedText().contains("Question number 4"));
    const int rested = bar->value();
    QTest::qWait(60);
    QCOMPARE(bar->value(), rested);
}

void MessageViewTest::selectsAllMessages()
{
    stream("The reply", 3);
    end();
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QString("A question\n\nThe reply"));
}

void MessageViewTest::copiesALongChatWithoutLayingItOut()
{
    fillChat(1000);
    m_view->setConversation(m_conversation);
    m_view->setFocus();
    QApplication::clipboard()->clear();
    QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY(QApplication::clipboard()->text().contains("Question number 999"));
    QVERIFY(QApplication::clipboard()->text().contains("Answer number 0.\n\n- one\n- two"));
    QVERIFY(m_view->keptItems() < 20);
}

void MessageViewTest::doubleClickSelectsAWordAndTripleClickAParagraph()
{
    stream("Some plain words here.\n\nOther text.", 7);
    end();
    const QPoint at = pointOf("plain");
    QVERIFY(at.x() > 0);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QString("plain"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(m_view->selectedText(), QString("Some plain words here."));
}

void MessageViewTest::shiftClickExtendsTheSelection()
{
    stream("One two three.\n\nFour five.", 7);
    end();
    const QPoint first = pointOf("two");
    const QPoint last = pointOf("five");
    QTest::qWait(QApplication::doubleClickInterval() + 20);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {2, first.y()});
    QCOMPARE(m_view->selectedText(), QString());
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier,
                      {m_view->viewport()->width() - 2, last.y()});
    QCOMPARE(m_view->selectedText(), QString("One two three.\n\nFour five."));
}

/// Copying and finding go by pieceTexts(), painting by layouts: both must agree.
void MessageViewTest::copiedTextIsWhatIsLaidOut()
{
    const QString text =
        "# Head *x*\n\ntext `code`\n\n1. a\n   - b\n   ```\n   c\n   d\n   ```\n> quote\n> - e\n\n"
        "| f | g |\n|---|---|\n| h | i |\n\n$$\nx\ny\n$$\n![alt](/none.png)\n![remote](http://x/y.png)\n---\n"
        "```py\nz\n\n```";
    const MessageStyle style(m_theme, false);
    const std::vector<Block> blocks = parseBlocks(text, false);
    QVERIFY(blocks.size() > 8);
    for (const Block& block : blocks) {
        BlockLayout layout;
        layout.update(block, style, 500);
        QStringList laidOut, copied;
        for (const TextPiece& piece : layout.pieces())
            laidOut << piece.layout->text();
        for (const PieceText& piece : pieceTexts(block))
            copied << piece.text;
        QCOMPARE(laidOut, copied);
    }
}

void MessageViewTest::keepsItsPlaceWhenTheWidthChanges()
{
    stream(QString("A paragraph of some length that is going to wrap.\n\n").repeated(80), 200);
    end();
    m_view->resize(420, 400);
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum()); // was at the end
    m_view->setNarrow(true);
    QCOMPARE(m_view->verticalScrollBar()->value(), m_view->verticalScrollBar()->maximum());
}

QTEST_MAIN(MessageViewTest)
#include "message_view_test.moc"
