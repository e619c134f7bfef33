// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

#include "ui/chat/conversation_store.h"
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

private:
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
        m_conversation->appendReplyText(ReplyId{1}, text.mid(at, piece), figures);
}

void MessageViewTest::end()
{
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    m_conversation->endReply(ReplyId{1}, end);
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
             QString("Some bold text.\n\n- one\n- two\n\nx = 1\n\ny = 2\n\na\tb\n1\t2"));
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
