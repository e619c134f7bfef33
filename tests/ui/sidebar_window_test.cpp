// SPDX-License-Identifier: GPL-3.0-or-later
// The sidebar in its window, over a real file of chats: what it removes, brings back, opens and remembers.
#include <QApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/message_view.h"
#include "ui/shell/conversation_view.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/search_field.h"
#include "ui/shell/search_panel.h"
#include "ui/shell/sidebar.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 30'000;

} // namespace

class SidebarWindowTest : public QObject
{
    Q_OBJECT

private:
    /// A window over a file that may be opened again.
    struct Fixture
    {
        Fixture(Theme& theme, const QTemporaryDir& dir, bool waits = true)
            : preferences(dir.filePath(QStringLiteral("v.ini")))
        {
            language.setChoice(LanguageChoice::English);
            window = std::make_unique<MainWindow>(bridge, theme, language, preferences,
                                                  dir.filePath(QStringLiteral("chats.db")));
            QSignalSpy restored(&store(), &ConversationStore::restored);
            window->resize(1440, 900);
            window->show();
            window->activateWindow();
            if (!waits)
                return; // nothing of the file has come yet
            active = QTest::qWaitForWindowActive(window.get());
            if (restored.isEmpty())
                restored.wait(kPatience);
        }
        ~Fixture() { window->close(); }
        ConversationStore& store() const { return window->session().store(); }
        ChatPage& page() const { return window->chatPage(); }
        ConversationView& list() const { return window->sidebar().list(); }
        const Conversation& shown(std::size_t pane = 0) const
        {
            return *page().panes()[pane]->conversation();
        }
        /// A chat with so many questions and answers, found by its title.
        Conversation& add(const QString& title, int turns)
        {
            Conversation& conversation = store().create();
            for (int i = 0; i < turns; ++i) {
                conversation.addUserMessage(i == 0 ? title : QStringLiteral("question %1").arg(i));
                conversation.openReply(ReplyId{quint64(1000 + i)});
                conversation.appendReplyText(
                    ReplyId{quint64(1000 + i)},
                    QStringLiteral("answer %1 to %2\n\n").arg(i).arg(title).repeated(9), {});
                ReplyEnd end;
                end.reason = engine::FinishReason::Stop;
                conversation.endReply(ReplyId{quint64(1000 + i)}, end);
            }
            return conversation;
        }
        Conversation* find(const QString& title) const
        {
            for (Conversation* each : store().byRecency()) {
                if (each->title() == title)
                    return each;
            }
            return nullptr;
        }
        void select(ConversationId id) const
        {
            list().setFocus();
            list().setCurrentIndex(
                list().model()->index(qobject_cast<ConversationList*>(list().model())->indexOf(id).row(), 0));
        }

        Preferences preferences;
        Language language;
        EngineBridge bridge;
        std::unique_ptr<MainWindow> window;
        bool active = false;
    };

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void aRemovedChatLeavesItsPaneAndComesBackByUndo()
    {
        const QTemporaryDir dir;
        Fixture f(m_theme, dir);
        const ConversationId id = f.add("first", 1).id();
        f.page().openConversation(id);
        f.select(id);
        QTest::keyClick(&f.list(), Qt::Key_Delete);
        QVERIFY(f.store().find(id) == nullptr);
        QVERIFY(f.shown().isEmpty());
        QVERIFY(f.list().hasFocus());
        QVERIFY2(f.window->notices().message().contains("first"), qPrintable(f.window->notices().message()));
        QTest::keyClick(&f.list(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(f.store().find(id) != nullptr);
        QCOMPARE(f.shown().id(), id);
        QVERIFY(f.window->notices().message().isEmpty());
    }

    void severalAreRemovedAsOneAndTheNoticeBringsThemBack()
    {
        const QTemporaryDir dir;
        Fixture f(m_theme, dir);
        const ConversationId a = f.add("a", 1).id(), b = f.add("b", 1).id();
        f.page().openConversation(a);
        f.page().newPane();
        f.page().openConversation(b);
        f.select(b);
        QTest::keyClick(&f.list(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&f.list(), Qt::Key_Delete);
        QVERIFY(f.find("a") == nullptr && f.find("b") == nullptr);
        QVERIFY(f.shown(0).isEmpty() && f.shown(1).isEmpty());
        QVERIFY(f.shown(0).id() != f.shown(1).id());
        QTest::mouseClick(f.window->notices().findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(f.find("a") != nullptr && f.find("b") != nullptr);
    }

    void whatIsRemovedIsGoneAtTheNextStart()
    {
        const QTemporaryDir dir;
        {
            Fixture f(m_theme, dir);
            f.add("stays", 1);
            f.select(f.add("goes", 1).id());
            QTest::keyClick(&f.list(), Qt::Key_Delete);
        }
        Fixture f(m_theme, dir);
        QTRY_VERIFY_WITH_TIMEOUT(f.find("stays") != nullptr, kPatience);
        QVERIFY(f.find("goes") == nullptr);
    }

    void whatWasShownIsShownAtTheNextStart()
    {
        const QTemporaryDir dir;
        {
            Fixture f(m_theme, dir);
            f.page().openConversation(f.add("left", 1).id());
            f.page().newPane();
            f.page().openConversation(f.add("right", 1).id());
            f.add("other", 1);
        }
        Fixture f(m_theme, dir);
        QTRY_VERIFY_WITH_TIMEOUT(f.page().panes().size() == 2, kPatience);
        QCOMPARE(f.shown(0).title(), QString("left"));
        QCOMPARE(f.shown(1).title(), QString("right"));
        QCOMPARE(f.store().size(), 3U); // no empty one is left behind
        QTRY_VERIFY_WITH_TIMEOUT(f.shown(0).isLoaded() && f.shown(1).isLoaded(), kPatience);
    }

    void whatIsTypedAlreadyIsNotTakenAway()
    {
        const QTemporaryDir dir;
        {
            Fixture f(m_theme, dir);
            f.page().openConversation(f.add("last", 1).id());
        }
        Fixture f(m_theme, dir, false);
        QTest::keyClicks(f.page().focusedPane().findChild<QPlainTextEdit*>("composerText"), "hello");
        QTRY_VERIFY_WITH_TIMEOUT(f.find("last") != nullptr, kPatience);
        QCOMPARE(f.page().focusedPane().composer().text(), QString("hello"));
        QVERIFY(f.shown().isEmpty());
    }

    void aFoundMessageIsShownOnWhateverBranchItIs()
    {
        const QTemporaryDir dir;
        {
            Fixture f(m_theme, dir);
            Conversation& chat = f.add("recipes", 30);
            const MessageId question = chat.messages()[20].id;
            chat.addVersion(question, "the other wording, about zanthoxylum");
            chat.choose(question);
            f.page().openConversation(f.add("another", 1).id());
        }
        Fixture f(m_theme, dir);
        QTRY_VERIFY_WITH_TIMEOUT(f.find("recipes") != nullptr, kPatience);
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        auto* field = f.window->sidebar().findChild<SearchField*>();
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, "Zanthoxylum");
        const auto* found = f.window->sidebar().searchPanel().list().model();
        QTRY_COMPARE_WITH_TIMEOUT(found->rowCount(), 2, kPatience);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(f.shown().isLoaded() && f.shown().title() == "recipes", kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(f.shown().messages().size(), std::size_t(21), kPatience);
        QVERIFY(f.shown().messages().back().text.contains("zanthoxylum"));
        field->clear();
        QTest::keyClicks(field, "question 4");
        QTRY_COMPARE_WITH_TIMEOUT(found->rowCount(), 4, kPatience); // also 14 and 24
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!f.page().focusedPane().messages().isAtEnd(), kPatience);
    }

    void newFolderByKeyIsNamedInTheSidebar()
    {
        const QTemporaryDir dir;
        Fixture f(m_theme, dir);
        f.window->setSidebarShown(false);
        QTest::keyClick(f.window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.window->sidebar().isVisible());
        QVERIFY(f.list().isEditing());
        QTest::keyClicks(f.window->focusWidget(), "Thesis");
        QTest::keyClick(f.window->focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(f.store().folders().front().name, QString("Thesis"));
        f.list().setFocus();
        QTest::keyClick(&f.list(), Qt::Key_Delete);
        QVERIFY(f.store().folders().empty());
        QVERIFY(f.window->notices().message().contains("Thesis"));
        QTest::keyClick(&f.list(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(f.store().folders().front().name, QString("Thesis"));
    }
};

QTEST_MAIN(SidebarWindowTest)
#include "sidebar_window_test.moc"
