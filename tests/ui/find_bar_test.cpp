// SPDX-License-Identifier: GPL-3.0-or-later
// Finding text in a chat, also in messages that were never on screen.
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/chat/conversation_store.h"
#include "ui/chat/find_bar.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

class FindBarTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void goesThroughMatchesAndAround();
    void findsWhatMarksInterrupt();
    void matchesCaseWhenAsked();
    void marksMatchesInSightAndTheCurrentOneStronger();
    void unfoldsAThoughtThatHasTheMatch();
    void findsInAReplyThatIsWritten();
    void saysWhenThereIsNone();
    void escapeClosesAndGivesTheFocusBack();
    void beginsWithWhatIsSelected();
    void looksAgainWhenMessagesAreOthers();
    void fitsANarrowPane();

private:
    void chat(int pairs);
    void exchange(const QString& question, const QString& answer, bool ends = true);
    void type(const QString& text);
    QString count() const { return m_view->findChild<FindBar*>()->findChild<QLabel*>()->text(); }
    int pixels(const QColor& colour) const;

    Theme m_theme;
    std::unique_ptr<ConversationStore> m_store;
    std::unique_ptr<MessageView> m_view;
    Conversation* m_conversation = nullptr;
    quint64 m_replies = 0;
};

void FindBarTest::init()
{
    m_theme.applyTo(*qApp);
    m_theme.setChoice(ThemeChoice::Light);
    m_store = std::make_unique<ConversationStore>();
    m_conversation = &m_store->create();
    m_view = std::make_unique<MessageView>(m_theme);
    m_view->resize(700, 400);
    m_view->setConversation(m_conversation);
    m_view->show();
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
}

void FindBarTest::cleanup()
{
    m_view.reset();
    m_store.reset();
}

void FindBarTest::exchange(const QString& question, const QString& answer, bool ends)
{
    m_conversation->addUserMessage(question);
    m_conversation->openReply(ReplyId{++m_replies});
    m_conversation->appendReplyText(m_conversation->openReply()->reply, answer, {});
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    if (ends)
        m_conversation->endReply(m_conversation->openReply()->reply, end);
}

void FindBarTest::chat(int pairs)
{
    for (int i = 0; i < pairs; ++i)
        exchange(QString("Question %1").arg(i), QString("Answer. ").repeated(80));
}

/// Opens the bar and types into it, without what was there.
void FindBarTest::type(const QString& text)
{
    m_view->openFind();
    QWidget* edit = m_view->findChild<QLineEdit*>();
    QTRY_VERIFY(edit->hasFocus());
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, text);
    QTRY_VERIFY(!m_view->finder().isSearching());
    QCoreApplication::processEvents();
}

int FindBarTest::pixels(const QColor& colour) const
{
    const QImage image = m_view->viewport()->grab().toImage();
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            found += (image.pixel(x, y) & 0xFFFFFF) == (colour.rgb() & 0xFFFFFF) ? 1 : 0;
    return found;
}

void FindBarTest::goesThroughMatchesAndAround()
{
    exchange("A needle here", "none");
    chat(100);
    exchange("And a needle", "and a NEEDLE there");
    m_view->setConversation(m_conversation);
    type("needle");
    QTRY_COMPARE(count(), QString("2 of 3")); // the first from what is in sight on
    QWidget* edit = m_view->findChild<QLineEdit*>();
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(count(), QString("3 of 3"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(count(), QString("1 of 3"));
    QVERIFY(m_view->verticalScrollBar()->value() < 100);
    QVERIFY(pixels(lightTokens().findCurrent) > 20);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(count(), QString("3 of 3"));
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(count(), QString("2 of 3"));
    QVERIFY(pixels(lightTokens().findCurrent) > 20);
    QVERIFY(m_view->keptItems() < 100); // nothing was laid out for it
}

void FindBarTest::findsWhatMarksInterrupt()
{
    exchange("q", "some **bold words** in `code text`\n\n| cell one |\n|---|\n| cell two |");
    for (const char* text : {"some bold words in code", "cell two"}) {
        type(text);
        QTRY_COMPARE(count(), QString("1 of 1"));
    }
    type("**bold");
    QTRY_COMPARE(count(), QString("No match"));
}

void FindBarTest::matchesCaseWhenAsked()
{
    exchange("Word word WORD", "no");
    type("word");
    QTRY_COMPARE(count(), QString("1 of 3"));
    for (QToolButton* button : m_view->findChild<FindBar*>()->findChildren<QToolButton*>()) {
        QVERIFY(!button->accessibleName().isEmpty());
        if (button->isCheckable())
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(count(), QString("1 of 1"));
}

void FindBarTest::marksMatchesInSightAndTheCurrentOneStronger()
{
    exchange("mark mark", "mark");
    QCOMPARE(pixels(lightTokens().find), 0);
    type("mark");
    QTRY_VERIFY(pixels(lightTokens().findCurrent) > 50);
    QVERIFY(pixels(lightTokens().find) > pixels(lightTokens().findCurrent));
    m_view->closeFind();
    QCOMPARE(pixels(lightTokens().find) + pixels(lightTokens().findCurrent), 0);
}

void FindBarTest::unfoldsAThoughtThatHasTheMatch()
{
    exchange("q", "<think>\na hidden needle\n</think>\n\nanswer");
    m_view->selectAll();
    QVERIFY(!m_view->selectedText().contains("needle"));
    m_view->setFocus();
    type("needle");
    QTRY_COMPARE(count(), QString("1 of 1"));
    QVERIFY(pixels(lightTokens().findCurrent) > 20);
}

void FindBarTest::findsInAReplyThatIsWritten()
{
    exchange("needle", "text ", false);
    type("needle");
    QTRY_COMPARE(count(), QString("1 of 1"));
    m_conversation->appendReplyText(m_conversation->openReply()->reply, "with a needle", {});
    QTRY_COMPARE(count(), QString("1 of 2"));
}

void FindBarTest::saysWhenThereIsNone()
{
    exchange("a", "b");
    type("zzz");
    QTRY_COMPARE(count(), QString("No match"));
    m_view->findNext(); // nothing to go to
    m_view->findPrevious();
    QCOMPARE(m_view->currentMatch(), 0);
}

void FindBarTest::escapeClosesAndGivesTheFocusBack()
{
    exchange("a", "b");
    type("a");
    QTest::keyClick(m_view->findChild<QLineEdit*>(), Qt::Key_Escape);
    QVERIFY(m_view->findChild<FindBar*>()->isHidden());
    QVERIFY(m_view->hasFocus());
    QVERIFY(m_view->finder().matches().empty());
}

void FindBarTest::beginsWithWhatIsSelected()
{
    exchange("word", "a word in it");
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, {50, 40});
    QCOMPARE(m_view->selectedText(), QString("word"));
    m_view->openFind();
    QTRY_COMPARE(count(), QString("1 of 2"));
}

void FindBarTest::looksAgainWhenMessagesAreOthers()
{
    exchange("needle", "a needle");
    type("needle");
    QTRY_COMPARE(count(), QString("1 of 2"));
    m_view->onPathChanged(1); // the same messages, taken anew
    QTRY_COMPARE(count(), QString("1 of 2"));
    m_view->setConversation(&m_store->create());
    QVERIFY(m_view->findChild<FindBar*>()->isHidden());
    QVERIFY(m_view->finder().matches().empty());
}

void FindBarTest::fitsANarrowPane()
{
    exchange("needle", "a needle");
    m_view->resize(320, 400);
    type("needle");
    QTRY_COMPARE(count(), QString("1 of 2"));
    const auto* bar = m_view->findChild<FindBar*>();
    QVERIFY(m_view->rect().contains(bar->geometry()));
    for (const QWidget* part : bar->findChildren<QWidget*>())
        QVERIFY(bar->rect().contains(part->geometry().center()));
}

QTEST_MAIN(FindBarTest)
#include "find_bar_test.moc"
