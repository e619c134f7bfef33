// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed and attached but not sent stays with its chat: in other chats, in other panes, after a
// start. Files dropped on a pane go to its message.
#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include "ui/chat/attach_overlay.h"
#include "ui/chat/attachment_strip.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/conversation_saver.h"
#include "ui/chat/note_row.h"
#include "ui/shell/main_window.h"

using namespace vitrine::ui;

class DraftsTest : public QObject
{
    Q_OBJECT

private:
    struct Start
    {
        Start(Theme& theme, const QTemporaryDir& dir) : preferences(dir.filePath("v.ini"))
        {
            language.setChoice(LanguageChoice::English);
            window =
                std::make_unique<MainWindow>(bridge, theme, language, preferences, dir.filePath("chats.db"));
            window->resize(1440, 900);
            window->show();
            (void)QTest::qWaitForWindowActive(window.get());
        }

        ChatPane& pane() const { return window->chatPage().focusedPane(); }
        QPlainTextEdit* edit() const { return pane().findChild<QPlainTextEdit*>("composerText"); }

        Preferences preferences;
        Language language;
        EngineBridge bridge;
        std::unique_ptr<MainWindow> window;
    };

    Theme m_theme;

    static bool drop(QWidget& on, const QList<QUrl>& urls)
    {
        QMimeData data;
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &enter);
        const bool shown = on.findChild<AttachOverlay*>()->isVisible();
        QDropEvent let(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &let);
        return shown && enter.isAccepted() && !on.findChild<AttachOverlay*>()->isVisible();
    }

    static QString write(const QTemporaryDir& dir, const QString& name, const QByteArray& bytes)
    {
        QFile file(dir.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName()
                                                                                    : QString();
    }

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void aDraftStaysWithItsChat()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        QTest::keyClicks(start.edit(), "half a question");
        start.pane().composer().setAttachments({{"a.txt", "alpha", 5}});
        const ConversationId first = start.window->chatPage().currentConversation();
        Conversation& second = start.window->session().store().create();
        start.window->chatPage().openConversation(second.id());
        QVERIFY(start.edit()->toPlainText().isEmpty());
        QVERIFY(start.pane().composer().attachments().isEmpty());
        start.window->chatPage().openConversation(first);
        QCOMPARE(start.edit()->toPlainText(), QString("half a question"));
        QVERIFY(start.edit()->textCursor().atEnd());
        QCOMPARE(start.pane().composer().attachments().size(), 1);
        QTest::keyClicks(start.edit(), "!"); // typing goes on at once
        QCOMPARE(start.edit()->toPlainText(), QString("half a question!"));
    }

    void aDraftGoesFromPaneToPane()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        QTest::keyClicks(start.edit(), "here");
        const ConversationId id = start.window->chatPage().currentConversation();
        ChatPage& page = start.window->chatPage();
        page.newPane();
        ChatPane* left = page.panes().front();
        Conversation* conversation = left->conversation();
        QCOMPARE(conversation->id(), id);
        left->setConversation(&start.window->session().store().create());
        page.panes().back()->setConversation(conversation);
        QCOMPARE(page.panes().back()->composer().text(), QString("here"));
        QVERIFY(page.panes().front()->composer().text().isEmpty());
    }

    void aDraftIsThereAfterAStart()
    {
        QTemporaryDir dir;
        ConversationId id;
        {
            Start start(m_theme, dir);
            QTest::keyClicks(start.edit(), "to be sent tomorrow");
            start.pane().composer().attachFiles({write(dir, "a.txt", "alpha")});
            QTRY_COMPARE(start.pane().composer().attachments().size(), 1);
            id = start.window->chatPage().currentConversation();
        }
        Start again(m_theme, dir);
        QTRY_VERIFY(again.window->session().store().find(id) != nullptr);
        again.window->chatPage().openConversation(id);
        QCOMPARE(again.edit()->toPlainText(), QString("to be sent tomorrow"));
        QVERIFY(again.edit()->textCursor().atEnd());
        QCOMPARE(again.pane().composer().attachments(), (QList<Attachment>{{"a.txt", "alpha", 5}}));
    }

    void aFileThatIsBeingReadArrivesInItsOwnDraft()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        Conversation* first = start.pane().conversation();
        Conversation& second = start.window->session().store().create();
        start.pane().composer().attachFiles({write(dir, "a.txt", QByteArray(4'000'000 / 4, 'a'))});
        start.window->chatPage().openConversation(second.id());
        QVERIFY(!start.pane().composer().attachmentStrip().isReading());
        QTRY_COMPARE(first->draftAttachments().size(), 1);
        QCOMPARE(first->draftAttachments().first().name, QString("a.txt"));
        QVERIFY(second.draftAttachments().isEmpty());
        QVERIFY(start.pane().composer().attachments().isEmpty());
        start.window->chatPage().openConversation(first->id());
        QCOMPARE(start.pane().composer().attachments().size(), 1);
    }

    void aPaneThatComesBackGoesOnWaitingForIt()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        Conversation* first = start.pane().conversation();
        Conversation& second = start.window->session().store().create();
        start.pane().composer().attachFiles({write(dir, "a.txt", "alpha")});
        start.window->chatPage().openConversation(second.id());
        start.window->chatPage().openConversation(first->id());
        QVERIFY(start.pane().composer().attachmentStrip().isReading());
        QTRY_COMPARE(start.pane().composer().attachments().size(), 1);
        QCOMPARE(first->draftAttachments().size(), 1);
    }

    void aFileThatIsBeingReadOutlivesAChangeOfLanguage()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        start.pane().composer().attachFiles({write(dir, "a.txt", "alpha")});
        start.language.setChoice(LanguageChoice::SimplifiedChinese); // builds the panes anew
        QTRY_COMPARE(start.pane().composer().attachments().size(), 1);
        start.language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
        QCOMPARE(start.pane().composer().attachments().size(), 1);
    }

    void whyAFileDidNotArriveIsSaidOnReturn()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        Conversation* first = start.pane().conversation();
        Conversation& second = start.window->session().store().create();
        start.pane().composer().attachFiles({write(dir, "empty.txt", "")});
        start.window->chatPage().openConversation(second.id());
        const auto said = [&start] {
            QStringList notes;
            for (const NoteRow* row : start.pane().findChildren<NoteRow*>())
                notes << row->text();
            return notes.join(' ');
        };
        QTRY_VERIFY([&] { // not before it was read
            start.window->chatPage().openConversation(first->id());
            const bool told = said().contains("empty.txt is empty");
            if (!told)
                start.window->chatPage().openConversation(second.id());
            return told;
        }());
        QVERIFY(first->draftAttachments().isEmpty());
    }

    void largeFilesOfADraftAreThereAfterAStart()
    {
        QTemporaryDir dir;
        ConversationId id;
        const QList<Attachment> large{{"large.txt", QString(3'000'000, 'x'), 3'000'000, "2 pages left out"},
                                      {"more.txt", QString(900'000, 'y'), 900'000}};
        {
            Start start(m_theme, dir);
            QTest::keyClicks(start.edit(), "see above");
            start.pane().composer().setAttachments(large);
            id = start.window->chatPage().currentConversation();
        }
        {
            Start again(m_theme, dir);
            QTRY_VERIFY(again.window->session().store().find(id) != nullptr);
            again.window->chatPage().openConversation(id);
            QCOMPARE(again.edit()->toPlainText(), QString("see above"));
            QVERIFY(again.pane().composer().attachments() == large);
            QTest::keyClicks(again.edit(), "!"); // the text is saved, the files stay as they are
        }
        {
            Start third(m_theme, dir);
            QTRY_VERIFY(third.window->session().store().find(id) != nullptr);
            third.window->chatPage().openConversation(id);
            QVERIFY(third.pane().composer().attachments() == large);
            third.pane().composer().setAttachments({});
        }
        Start last(m_theme, dir);
        QTRY_VERIFY(last.window->session().store().find(id) != nullptr);
        QVERIFY(last.window->session().store().find(id)->draftAttachments().isEmpty());
    }

    void moreThanCanBeKeptIsSaid()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        const QString text(ConversationSaver::kMostDraftCharacters + 1, 'x');
        start.pane().conversation()->setDraftAttachments({{"y.txt", text, text.size()}});
        const auto told = [&start] {
            for (const NoteRow* row : start.pane().findChildren<NoteRow*>()) {
                if (row->text().contains("too much to keep"))
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(told());
    }

    void settingsAreThereAfterAStart()
    {
        QTemporaryDir dir;
        ConversationId id;
        ConversationSettings settings;
        settings.systemPrompt = "Be brief.";
        settings.sampling.set(SamplingField::TopK, 12);
        settings.whenFull = WhenFull::KeepStartAndLatest;
        {
            Start start(m_theme, dir);
            QTest::keyClicks(start.edit(), "x");
            start.pane().conversation()->setSettings(settings);
            id = start.window->chatPage().currentConversation();
            start.window->session().presets().save({"Mine", settings.sampling, std::nullopt});
        }
        Start again(m_theme, dir);
        QTRY_VERIFY(again.window->session().store().find(id) != nullptr);
        QCOMPARE(again.window->session().store().find(id)->settings(), settings);
        QCOMPARE(again.window->session().presets().own().size(), 1);
    }

    void draftsOfEveryKindComeBackFromTheirText()
    {
        const Draft plain{"text", {}};
        QCOMPARE(draftToString(plain), QString("text"));
        for (const Draft& draft :
             {plain, Draft{}, Draft{"", {{"a", "b", 1}}}, Draft{"x\n\"y\"", {{"a", "b", 1}}}})
            QCOMPARE(draftFromString(draftToString(draft)), draft);
        const Draft skipped{"", {{"a", "b", 1, "3 pages left out"}}};
        QCOMPARE(draftFromString(draftToString(skipped)), skipped);
        const Draft huge{"text", {{"a", QString(kMostDraftedCharacters, 'x'), 1}}};
        QCOMPARE(draftFromString(draftToString(huge)), (Draft{"text", {}}));
        QVERIFY(draftFromString(QString(QChar(1)) + "{broken").isEmpty());
    }

    void filesDroppedOnAPaneAreAttached()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        const QList<QUrl> urls{QUrl::fromLocalFile(write(dir, "a.txt", "alpha")),
                               QUrl::fromLocalFile(write(dir, "b.md", "beta"))};
        QVERIFY(drop(start.pane(), urls));
        QTRY_COMPARE(start.pane().composer().attachments().size(), 2);
        QCOMPARE(start.pane().conversation()->draftAttachments().size(), 2);
        QVERIFY(start.edit()->hasFocus());
    }

    void modelsAndFoldersAreNotAttached()
    {
        QTemporaryDir dir;
        Start start(m_theme, dir);
        QVERIFY(!drop(start.pane(), {QUrl::fromLocalFile(dir.path())}));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile("/tmp/model.gguf"), QUrl::fromLocalFile("/tmp/a.txt")});
        QVERIFY(AttachOverlay::filesIn(&data).isEmpty());
        QVERIFY(start.pane().composer().attachments().isEmpty());
    }
};

QTEST_MAIN(DraftsTest)
#include "drafts_test.moc"
