// SPDX-License-Identifier: GPL-3.0-or-later
// Chats exported and imported through the window's parts, with a real file of conversations underneath.
#include <QApplication>
#include <QDropEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include "ui/chat/chat_page.h"
#include "ui/chat/conversation_saver.h"
#include "ui/exchange/window/exchange_controller.h"
#include "ui/exchange/window/exchange_dialogs.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/sidebar.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

ReplyEnd ended()
{
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    return end;
}

void fill(Conversation& conversation, const QString& question)
{
    static quint64 s_reply = 0;
    conversation.addUserMessage(question, {{"a.txt", "attached", 8}});
    const ReplyId reply{++s_reply};
    conversation.openReply(reply, "model");
    conversation.appendReplyText(reply, "answer to " + question, {});
    conversation.endReply(reply, ended());
    conversation.addVersion(conversation.messages()[0].id, question + " again");
}

QStringList textsOf(const ConversationStore& store)
{
    QStringList texts;
    for (const Conversation* conversation : store.byRecency())
        for (const Message* message : conversation->tree().all())
            texts << message->text;
    texts.sort();
    return texts;
}

QList<ConversationId> idsOf(const ConversationStore& store)
{
    QList<ConversationId> ids;
    for (const Conversation* conversation : store.byRecency())
        ids << conversation->id();
    return ids;
}

} // namespace

class ExchangeTest : public QObject
{
    Q_OBJECT

private:
    /// What a window has of it, with or without a file underneath.
    struct Desk
    {
        explicit Desk(Theme& theme, const QString& file = {})
            : notices(theme), controller(store, theme, notices, window)
        {
            if (file.isEmpty())
                return;
            archive = std::make_unique<ChatArchive>(file);
            saver = std::make_unique<ConversationSaver>(store, *archive);
            controller.setSaver(saver.get());
        }
        ConversationStore store;
        std::unique_ptr<ChatArchive> archive;
        std::unique_ptr<ConversationSaver> saver;
        QWidget window;
        NoticeBar notices;
        ExchangeController controller;
    };

    QString path(const QString& name) const { return m_folder.filePath(name); }

    Theme m_theme;
    QTemporaryDir m_folder;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void chatsComeBackInAnotherWindow()
    {
        Desk from(m_theme), to(m_theme);
        for (const char* question : {"one", "two", "three"})
            fill(from.store.create(), question);
        const FolderId folder = from.store.createFolder("Work");
        from.store.byRecency().front()->setFolder(folder);
        QSignalSpy exported(&from.controller, &ExchangeController::exported);
        from.controller.exportTo(idsOf(from.store), ChatFormat::Json, path("three.json"));
        QVERIFY(exported.wait());
        QVERIFY(from.notices.message().contains("3 chats exported"));
        QSignalSpy imported(&to.controller, &ExchangeController::imported);
        to.controller.importFiles({path("three.json")});
        QVERIFY(imported.wait());
        QCOMPARE(textsOf(to.store), textsOf(from.store));
        QCOMPARE(to.store.folders().size(), 1U);
        QCOMPARE(to.store.folders().front().name, "Work");
        for (const Conversation* conversation : to.store.byRecency()) {
            conversation->tree().checkInvariants();
            QVERIFY(from.store.find(conversation->id()) == nullptr); // under new ids
            QCOMPARE(conversation->messages().size(), 1U);           // the branch that was shown
            QCOMPARE(conversation->messages()[0].attachments.size(), 1);
        }
    }

    void whatIsThereAlreadyIsNotDoubledAlsoWhenItIsNotLoaded()
    {
        const QString file = path("chats.db"), json = path("again.json");
        {
            Desk desk(m_theme, file);
            QTRY_VERIFY(desk.saver->hasOpened());
            fill(desk.store.create(), "kept");
            QSignalSpy exported(&desk.controller, &ExchangeController::exported);
            desk.controller.exportTo(idsOf(desk.store), ChatFormat::Json, json);
            QVERIFY(exported.wait());
        }
        Desk desk(m_theme, file);
        QTRY_VERIFY(desk.saver->hasOpened());
        QCOMPARE(desk.store.size(), 1U);
        QVERIFY(!desk.store.byRecency().front()->isLoaded());
        QSignalSpy failed(&desk.controller, &ExchangeController::failed);
        desk.controller.importFiles({json});
        QVERIFY(failed.wait());
        QCOMPARE(desk.store.size(), 1U);
        QVERIFY2(desk.notices.message().startsWith("All these chats are here already"),
                 qPrintable(desk.notices.message()));
        desk.store.byRecency().front()->addVersion(desk.store.byRecency().front()->messages()[0].id,
                                                   "went on");
        QSignalSpy imported(&desk.controller, &ExchangeController::imported);
        desk.controller.importFiles({json});
        QVERIFY(imported.wait());
        QCOMPARE(desk.store.size(), 2U);
    }

    void aChatThatIsNotLoadedIsExportedWhole()
    {
        const QString file = path("unloaded.db");
        QStringList texts;
        {
            Desk desk(m_theme, file);
            fill(desk.store.create(), "stored");
            texts = textsOf(desk.store);
        }
        Desk desk(m_theme, file);
        QTRY_COMPARE(desk.store.size(), 1U);
        QSignalSpy exported(&desk.controller, &ExchangeController::exported);
        desk.controller.exportTo(idsOf(desk.store), ChatFormat::Json, path("stored.json"));
        QVERIFY(exported.wait());
        ExchangeProgress progress;
        const ImportResult result = readChats(path("stored.json"), progress);
        QCOMPARE(result.contents.chats.front().messages.size(), texts.size());
    }

    void anImportIsKeptAndCanBeUndone()
    {
        const QString file = path("undo.db");
        {
            Desk from(m_theme);
            fill(from.store.create(), "imported");
            fill(from.store.create(), "goes on");
            for (Conversation* conversation : from.store.byRecency())
                conversation->setFolder(from.store.folders().empty() ? from.store.createFolder("F")
                                                                     : from.store.folders().front().id);
            QSignalSpy exported(&from.controller, &ExchangeController::exported);
            from.controller.exportTo(idsOf(from.store), ChatFormat::Json, path("undo.json"));
            QVERIFY(exported.wait());
        }
        {
            Desk desk(m_theme, file);
            QTRY_VERIFY(desk.saver->hasOpened());
            QSignalSpy imported(&desk.controller, &ExchangeController::imported);
            QSignalSpy leaving(&desk.controller, &ExchangeController::leaving);
            desk.controller.importFiles({path("undo.json")});
            QVERIFY(imported.wait());
            QCOMPARE(desk.store.size(), 2U);
            for (Conversation* conversation : desk.store.byRecency())
                if (conversation->title() == "goes on")
                    conversation->addVersion(conversation->messages()[0].id, "more");
            desk.notices.findChild<QPushButton*>()->click();
            QTRY_VERIFY(desk.notices.message().contains("1 imported chat removed"));
            QCOMPARE(leaving.size(), 1);
            QCOMPARE(desk.store.size(), 1U); // the one that went on stays
            QCOMPARE(desk.store.folders().size(), 1U);
        }
        Desk desk(m_theme, file);
        QTRY_VERIFY(desk.saver->hasOpened());
        QCOMPARE(desk.store.size(), 1U);
        QCOMPARE(desk.store.byRecency().front()->title(), "goes on");
    }

    void severalFilesAreOneImportAndTellWhatWasLeftOut()
    {
        Desk desk(m_theme);
        const auto write = [this](const QString& name, const QByteArray& bytes) {
            QFile out(path(name));
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(bytes);
        };
        write("a.md", "## User\nhello there\n## Assistant\nhi");
        write("b.json", "[{\"mapping\":{}}]");
        write("c.json", "PK\x03\x04zip");
        QSignalSpy imported(&desk.controller, &ExchangeController::imported);
        desk.controller.importFiles({path("a.md"), path("b.json"), path("c.json"), path("none.json")});
        desk.controller.importFiles({path("a.md")}); // waits, and is known then
        QVERIFY(imported.wait());
        const QString message = desk.notices.message();
        QVERIFY2(message.startsWith("1 chat imported\n1 chat was left out."), qPrintable(message));
        QVERIFY(message.contains("b.json: Chat 1 (line 1)") &&
                message.contains("c.json: This is a zip archive"));
        QTRY_VERIFY(!desk.controller.isBusy());
        QCOMPARE(desk.store.size(), 1U);
        QCOMPARE(desk.store.byRecency().front()->title(), "a");
    }

    void aPlaceThatCannotBeWrittenToIsToldOf()
    {
        Desk desk(m_theme);
        fill(desk.store.create(), "x");
        for (const ChatFormat format : {ChatFormat::Json, ChatFormat::Markdown, ChatFormat::Pdf}) {
            QSignalSpy failed(&desk.controller, &ExchangeController::failed);
            desk.controller.exportTo(idsOf(desk.store), format, path("no/such/folder.x"));
            QVERIFY(failed.wait());
            QVERIFY(desk.notices.message().startsWith("The chats could not be exported"));
        }
    }

    void emptyChatsAreNotWritten()
    {
        Desk desk(m_theme);
        desk.store.create();
        QSignalSpy failed(&desk.controller, &ExchangeController::failed);
        desk.controller.exportTo(idsOf(desk.store), ChatFormat::Json, path("empty.json"));
        QVERIFY(failed.wait());
        QVERIFY(!QFile::exists(path("empty.json")));
    }

    void theEndingDecidesTheFormat()
    {
        const std::unique_ptr<QFileDialog> dialog(makeExportDialog("name", m_folder.path(), nullptr));
        QString typed = "/a/b.PDF";
        QCOMPARE(chosenFormat(*dialog, typed), ChatFormat::Pdf);
        QString without = "/a/b";
        QCOMPARE(chosenFormat(*dialog, without), ChatFormat::Json);
        QCOMPARE(without, "/a/b.json");
        dialog->selectNameFilter(dialog->nameFilters()[1]);
        QString markdown = "/a/v1.2";
        QCOMPARE(chosenFormat(*dialog, markdown), ChatFormat::Markdown);
        QCOMPARE(markdown, "/a/v1.2.md");
        QCOMPARE(fileNameFor("a/b: \"c\"?\n..."), "a b c");
        QCOMPARE(fileNameFor("../.."), "chat");
        QCOMPARE(fileNameFor(QString(500, 'x')).size(), 80);
    }

    void filesDroppedOnTheSidebarAreImported()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        Language language;
        language.setChoice(LanguageChoice::English);
        EngineBridge bridge;
        MainWindow window(bridge, m_theme, language, preferences);
        window.resize(1280, 800);
        window.show();
        QFile out(dir.filePath("dropped.md"));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("## User\ndropped");
        out.close();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(out.fileName()), QUrl("https://example.org/a.json")});
        QCOMPARE(DropOverlay::filesIn(&data, DropOverlay::Takes::Chats), QStringList{out.fileName()});
        QSignalSpy imported(&window.exchange(), &ExchangeController::imported);
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window.sidebar(), &enter);
        QVERIFY(enter.isAccepted());
        auto* overlay = window.sidebar().findChild<DropOverlay*>();
        QVERIFY(overlay->isVisible());
        QVERIFY(!overlay->grab().isNull());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(overlay, &drop);
        QVERIFY(imported.wait());
        QVERIFY(!overlay->isVisible());
        const auto ids = imported.front().front().value<QList<ConversationId>>();
        window.chatPage().openConversation(ids.front());
        window.notices().findChild<QPushButton*>()->click(); // undo while it is shown
        QTRY_VERIFY(window.chatPage().currentConversation() != ids.front());
        QVERIFY(window.session().store().find(ids.front()) == nullptr);
    }
};

QTEST_MAIN(ExchangeTest)
#include "exchange_test.moc"
