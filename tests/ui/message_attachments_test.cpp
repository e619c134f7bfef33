// SPDX-License-Identifier: GPL-3.0-or-later
// What is attached to a turn: chips in the messages, and the dialog that shows the text.
#include <QApplication>
#include <QClipboard>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

#include "ui/chat/attachment_dialog.h"
#include "ui/chat/conversation_store.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

class MessageAttachmentsTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_theme.applyTo(*qApp);
        m_theme.setChoice(ThemeChoice::Light);
        m_store = std::make_unique<ConversationStore>();
        m_conversation = &m_store->create();
        m_view = std::make_unique<MessageView>(m_theme);
        m_view->resize(700, 400);
        m_view->setConversation(m_conversation);
        m_view->show();
    }

    void cleanup()
    {
        m_view.reset();
        m_store.reset();
    }

    void tabReachesAChipAndReturnShowsItsText()
    {
        m_conversation->addUserMessage("Sum it up", {{"notes.txt", "First\nSecond", 12}});
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Tab);
        QVERIFY(m_view->accessibleDescription().contains("notes.txt"));
        QVERIFY(m_view->accessibleDescription().contains("12 B"));
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        const AttachmentDialog* shown = dialog();
        QVERIFY(shown != nullptr);
        QCOMPARE(shown->windowTitle(), QString("notes.txt"));
        const auto* text = shown->findChild<QPlainTextEdit*>();
        QCOMPARE(text->toPlainText(), QString("First\nSecond"));
        QVERIFY(text->isReadOnly());
        QTest::mouseClick(shown->findChild<QPushButton*>("copyAttachment"), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), QString("First\nSecond"));
    }

    void aClickShowsTheOneThatWasMeant()
    {
        m_conversation->addUserMessage("Compare", {{"one.txt", "1", 1}, {"two.txt", "2", 1}});
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {60, 40});
        QVERIFY(dialog() != nullptr);
        QCOMPARE(dialog()->windowTitle(), QString("one.txt"));
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(dialog() == nullptr);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {300, 40});
        QVERIFY(dialog() != nullptr);
        QCOMPARE(dialog()->windowTitle(), QString("two.txt"));
    }

    void aMessageOfAttachmentsAloneIsShown()
    {
        m_conversation->addUserMessage({}, {{"notes.txt", "First", 5}});
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Tab);
        QTest::keyClick(m_view.get(), Qt::Key_Space);
        QVERIFY(dialog() != nullptr);
    }

    void chipsTakeRowsWhereTheyDoNotFit()
    {
        QList<Attachment> many;
        for (int i = 0; i < 30; ++i)
            many.append({QString("A file with a rather long name number %1.txt").arg(i), "text", 4});
        m_conversation->addUserMessage("Look", many);
        QVERIFY(m_view->verticalScrollBar()->maximum() > 0);
        m_view->setNarrow(true);
        m_view->resize(300, 400);
        QVERIFY(m_view->verticalScrollBar()->maximum() > 30 * 30 - 400);
    }

    void attachmentsAreNotPartOfWhatIsCopied()
    {
        m_conversation->addUserMessage("Sum it up", {{"notes.txt", "First", 5}});
        m_view->selectAll();
        QCOMPARE(m_view->selectedText(), QString("Sum it up"));
    }

    void longLinesAreShownInParts()
    {
        QCOMPARE(withShortLines("abcdefg\nxy\n", 3), QString("abc\ndef\ng\nxy\n"));
        QCOMPARE(withShortLines("abc\nabc", 3), QString("abc\nabc"));
        QCOMPARE(withShortLines({}, 3), QString());
    }

private:
    AttachmentDialog* dialog() const
    {
        for (AttachmentDialog* each : m_view->findChildren<AttachmentDialog*>()) {
            if (each->isVisible())
                return each;
        }
        return nullptr;
    }

    Theme m_theme;
    std::unique_ptr<ConversationStore> m_store;
    std::unique_ptr<MessageView> m_view;
    Conversation* m_conversation = nullptr;
};

QTEST_MAIN(MessageAttachmentsTest)
#include "message_attachments_test.moc"
