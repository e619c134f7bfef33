// SPDX-License-Identifier: GPL-3.0-or-later
// The line below turns that the model does not read any more.
#include <QApplication>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/message_view.h"
#include "ui/shell/main_window.h"

using namespace vitrine;
using namespace vitrine::ui;

class UnreadTurnsTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_theme.applyTo(*qApp);
        m_theme.setChoice(ThemeChoice::Light);
        m_language.setChoice(LanguageChoice::English);
        m_folder = std::make_unique<QTemporaryDir>();
        m_preferences = std::make_unique<Preferences>(m_folder->filePath("v.ini"));
        m_bridge = std::make_unique<EngineBridge>();
        m_window = std::make_unique<MainWindow>(*m_bridge, m_theme, m_language, *m_preferences);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_conversation = &m_window->session().store().create();
        for (int i = 0; i < 3; ++i)
            exchange(0);
        m_window->chatPage().openConversation(m_conversation->id());
        m_view = m_window->chatPage().focusedPane().findChild<MessageView*>();
        QCOMPARE(m_conversation->messages().size(), std::size_t(6));
    }

    void cleanup()
    {
        m_window.reset();
        m_bridge.reset();
        m_preferences.reset();
        m_folder.reset();
    }

    void noLineWhileEverythingIsRead()
    {
        QCOMPARE(m_view->unread(), UnreadTurns());
        QCOMPARE(lineRows(), 0);
    }

    void theLineStandsBelowTheOldestTurns()
    {
        choose(WhenFull::LeaveOutOldest);
        exchange(2);
        QCOMPARE(m_view->unread(), (UnreadTurns{0, 2}));
        QCOMPARE(lineRows(), 1);
    }

    void theLineMovesWithTheNextReply()
    {
        choose(WhenFull::LeaveOutOldest);
        exchange(2);
        m_view->verticalScrollBar()->setValue(0);
        const int before = firstRow();
        exchange(4);
        QCOMPARE(m_view->unread(), (UnreadTurns{0, 4}));
        m_view->verticalScrollBar()->setValue(0);
        QVERIFY(firstRow() > before + 40);
    }

    void withTheStartKeptTheLineStandsBelowWhatFollowsIt()
    {
        choose(WhenFull::KeepStartAndLatest);
        exchange(2);
        QCOMPARE(m_view->unread(), (UnreadTurns{2, 2}));
        QCOMPARE(lineRows(), 1);
    }

    void anotherBranchHasItsOwnLine()
    {
        choose(WhenFull::LeaveOutOldest);
        const MessageId fork = m_conversation->messages().back().id;
        exchange(2);
        const MessageId limited = m_conversation->messages().back().id;
        m_conversation->addUserMessageAfter(fork, "Another question");
        QCOMPARE(m_view->unread(), UnreadTurns());
        m_conversation->choose(limited);
        QCOMPARE(m_view->unread(), (UnreadTurns{0, 2}));
    }

    void aReplyThatReadsEverythingTakesTheLineAway()
    {
        choose(WhenFull::LeaveOutOldest);
        exchange(2);
        exchange(0);
        QCOMPARE(m_view->unread(), UnreadTurns());
        QCOMPARE(lineRows(), 0);
    }

    void whatIsInSightStaysWhereItIs()
    {
        for (int i = 0; i < 10; ++i)
            exchange(0);
        QTest::keyClick(m_view, Qt::Key_PageUp);
        QVERIFY(!m_view->isAtEnd());
        const QImage before = m_view->viewport()->grab().toImage();
        m_view->setUnread({0, 2});
        QCOMPARE(m_view->viewport()->grab().toImage(), before);
        m_view->setUnread({});
        QCOMPARE(m_view->viewport()->grab().toImage(), before);
    }

private:
    void exchange(quint32 leftOut)
    {
        const ReplyId reply{++m_lastReply};
        m_conversation->addUserMessage("A question");
        const MessageId message =
            m_conversation->openReplyAfter(m_conversation->tree().leaf(), reply, "model", true);
        m_conversation->setLeftOut(message, leftOut);
        m_conversation->replyStarted(reply, {});
        m_conversation->appendReplyText(reply, "A reply.", {2, 0, 0});
        m_conversation->endReply(reply, {});
    }

    void choose(WhenFull choice)
    {
        ConversationSettings settings = m_conversation->settings();
        settings.whenFull = choice;
        m_conversation->setSettings(settings);
    }

    /// Rows that hold the line: it begins at the left edge of the text.
    std::vector<int> rows() const
    {
        const QImage image = m_view->viewport()->grab().toImage();
        const QRgb colour = m_theme.tokens().borderStrong.rgb() & 0xFFFFFF;
        std::vector<int> found;
        for (int y = 0; y < image.height(); ++y) {
            int dots = 0;
            for (int x = 0; x < image.width(); ++x)
                dots += (image.pixel(x, y) & 0xFFFFFF) == colour ? 1 : 0;
            if (dots > 200)
                found.push_back(y);
        }
        return found;
    }
    int lineRows() const { return int(rows().size()); }
    int firstRow() const { return rows().empty() ? -1 : rows().front(); }

    Theme m_theme;
    Language m_language;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<MainWindow> m_window;
    Conversation* m_conversation = nullptr;
    MessageView* m_view = nullptr;
    quint64 m_lastReply = 0;
};

QTEST_MAIN(UnreadTurnsTest)
#include "unread_turns_test.moc"
