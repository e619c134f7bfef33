// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QImage>
#include <QInputMethodEvent>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include "ui/chat/attachment_chip.h"
#include "ui/chat/attachment_limits.h"
#include "ui/chat/attachment_strip.h"
#include "ui/chat/composer.h"
#include "ui/chat/elided_label.h"
#include "ui/chat/note_row.h"
#include "ui/theme/theme.h"

using namespace vitrine::ui;

class ComposerTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void enterSendsAndShiftEnterBreaksTheLine();
    void sendIsOffWithAReasonWhileItCannot();
    void escapeStopsOnlyWhileGenerating();
    void upRecallsOnlyWhenEmpty();
    void growsWithItsTextUpToALimit();
    void unfinishedInputOfAnInputMethodIsNotSent();
    void filesBecomeChipsAndGoWithTheMessage();
    void attachmentsCanBeSentWithoutText();
    void nothingIsSentWhileAFileIsRead();
    void chipsAreRemovedWithTheKeysAndTheMouse();
    void whatIsRefusedIsSaid();
    void aLongPasteBecomesAnAttachmentAndBackAgain();
    void shortPastesAreText();
    void aGiganticPasteIsRefused();
    void pastedFilesAreAttachedAndPicturesRefused();
    void tooManyAttachmentsAreRefused();
    void manyChipsTakeSeveralRows();
    void ctrlEnterSendsWhereThatIsChosen();
    void everyKeyCanBeAnother();
    void withoutKeysTheHintPromisesNone();

private:
    QString write(const QString& name, const QByteArray& bytes) const;
    QList<AttachmentChip*> chips() const;
    void paste(const QString& text);
    QString hint() const;

    QTemporaryDir m_dir;
    Theme m_theme;
    std::unique_ptr<Composer> m_composer;
    QPlainTextEdit* m_edit = nullptr;
    QPushButton* m_send = nullptr;
};

void ComposerTest::init()
{
    m_theme.applyTo(*qApp);
    m_composer = std::make_unique<Composer>(m_theme);
    m_composer->resize(500, 100);
    m_composer->show();
    m_edit = m_composer->findChild<QPlainTextEdit*>("composerText");
    m_send = m_composer->findChild<QPushButton*>("sendButton");
    m_edit->setFocus();
}

void ComposerTest::enterSendsAndShiftEnterBreaksTheLine()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QTest::keyClicks(m_edit, "one");
    QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(m_edit, "two");
    QCOMPARE(sent.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), QString("one\ntwo"));
}

void ComposerTest::sendIsOffWithAReasonWhileItCannot()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QVERIFY(!m_send->isEnabled());
    QVERIFY(!m_send->toolTip().isEmpty());
    QTest::keyClicks(m_edit, "   ");
    QVERIFY(!m_send->isEnabled());
    QTest::keyClicks(m_edit, "text");
    QVERIFY(m_send->isEnabled());
    m_composer->setReasonNotToSend("Open a model first.");
    QVERIFY(!m_send->isEnabled());
    QCOMPARE(m_send->toolTip(), QString("Open a model first."));
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 0);
    QCOMPARE(m_composer->text(), QString("   text"));
}

void ComposerTest::escapeStopsOnlyWhileGenerating()
{
    QSignalSpy stopped(m_composer.get(), &Composer::stopRequested);
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QCOMPARE(stopped.count(), 0);
    m_composer->setGenerating(true);
    QVERIFY(!m_send->isVisible());
    QTest::keyClicks(m_edit, "next question");
    QTest::keyClick(m_edit, Qt::Key_Return); // cannot be sent yet
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QCOMPARE(stopped.count(), 1);
    QCOMPARE(m_composer->text(), QString("next question"));
}

void ComposerTest::upRecallsOnlyWhenEmpty()
{
    QSignalSpy recalled(m_composer.get(), &Composer::recallRequested);
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(recalled.count(), 1);
    QTest::keyClicks(m_edit, "x");
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(recalled.count(), 1);
}

void ComposerTest::growsWithItsTextUpToALimit()
{
    const int one = m_edit->height();
    m_composer->setText("a\nb\nc");
    const int three = m_edit->height();
    QVERIFY(three > 2 * one);
    m_composer->setText(QString("line\n").repeated(100));
    QVERIFY(m_edit->height() < 10 * one);
    m_composer->setText({});
    QCOMPARE(m_edit->height(), one);
}

void ComposerTest::unfinishedInputOfAnInputMethodIsNotSent()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QTest::keyClicks(m_edit, "x");
    QInputMethodEvent composing(QString::fromUtf8("ni hao"), {});
    QApplication::sendEvent(m_edit, &composing);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 0);
    QInputMethodEvent commit;
    commit.setCommitString(QString::fromUtf8("你好"));
    QApplication::sendEvent(m_edit, &commit);
    QVERIFY(m_composer->text().contains(QString::fromUtf8("你好")));
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
}

QString ComposerTest::write(const QString& name, const QByteArray& bytes) const
{
    QFile file(m_dir.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
}

QList<AttachmentChip*> ComposerTest::chips() const
{
    QList<AttachmentChip*> shown;
    for (AttachmentChip* each : m_composer->findChildren<AttachmentChip*>()) {
        if (each->isVisible())
            shown.append(each);
    }
    return shown;
}

void ComposerTest::paste(const QString& text)
{
    QApplication::clipboard()->setText(text);
    QTest::keyClick(m_edit, Qt::Key_V, Qt::ControlModifier);
}

void ComposerTest::filesBecomeChipsAndGoWithTheMessage()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QSignalSpy edited(m_composer.get(), &Composer::attachmentsEdited);
    m_composer->attachFiles({write("a.txt", "alpha"), write("b.md", "# beta")});
    QCOMPARE(chips().size(), 2);
    QTRY_COMPARE(m_composer->attachments().size(), 2);
    QVERIFY(chips().front()->accessibleName().contains("a.txt"));
    QVERIFY(chips().front()->accessibleName().contains("tokens"));
    QVERIFY(edited.count() > 0);
    QTest::keyClicks(m_edit, "Compare them");
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    const auto attachments = sent.first().at(1).value<QList<Attachment>>();
    QCOMPARE(attachments, (QList<Attachment>{{"a.txt", "alpha", 5}, {"b.md", "# beta", 6}}));
    m_composer->setAttachments({});
    QVERIFY(chips().isEmpty());
}

void ComposerTest::attachmentsCanBeSentWithoutText()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    m_composer->setAttachments({{"a.txt", "alpha", 5}});
    QVERIFY(m_send->isEnabled());
    QTest::mouseClick(m_send, Qt::LeftButton);
    QCOMPARE(sent.count(), 1);
}

void ComposerTest::nothingIsSentWhileAFileIsRead()
{
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QTest::keyClicks(m_edit, "text");
    m_composer->attachFiles({write("a.txt", "alpha")});
    QTest::keyClick(m_edit, Qt::Key_Return); // before any answer can have been delivered
    QCOMPARE(sent.count(), 0);
    QVERIFY(!m_send->toolTip().isEmpty());
    QTRY_VERIFY(m_send->isEnabled());
}

void ComposerTest::chipsAreRemovedWithTheKeysAndTheMouse()
{
    m_composer->setAttachments({{"a.txt", "alpha", 5}, {"b.txt", "beta", 4}, {"c.txt", "gamma", 5}});
    (void)QTest::qWaitForWindowActive(m_composer.get());
    chips()[0]->setFocus();
    QTest::keyClick(chips()[0], Qt::Key_Right);
    QVERIFY(chips()[1]->hasFocus());
    QTest::keyClick(chips()[1], Qt::Key_Delete);
    QCOMPARE(m_composer->attachments().size(), 2);
    QVERIFY(chips()[1]->hasFocus()); // what followed
    QCOMPARE(m_composer->attachments().back().name, QString("c.txt"));
    QTest::mouseClick(chips()[1]->findChild<QToolButton*>(), Qt::LeftButton);
    QTest::keyClick(chips()[0], Qt::Key_Backspace);
    QVERIFY(m_composer->attachments().isEmpty());
    QVERIFY(m_edit->hasFocus());
    QVERIFY(!m_composer->attachmentStrip().isVisible());
}

void ComposerTest::whatIsRefusedIsSaid()
{
    QImage(4, 4, QImage::Format_RGB32).save(m_dir.filePath("image.png"));
    m_composer->attachFiles({m_dir.filePath("image.png")});
    QTRY_VERIFY(m_composer->note().text().contains("image.png is a picture"));
    QVERIFY(chips().isEmpty());
    QTest::mouseClick(m_composer->note().findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(!m_composer->note().isVisible());
}

void ComposerTest::aLongPasteBecomesAnAttachmentAndBackAgain()
{
    const QString text = QString("A long line of text.\n").repeated(300);
    QTest::keyClicks(m_edit, "Sum up: ");
    paste(text);
    QCOMPARE(m_composer->text(), QString("Sum up: "));
    QCOMPARE(m_composer->attachments().size(), 1);
    QCOMPARE(m_composer->attachments().front().text, text);
    paste(text + "more");
    QCOMPARE(m_composer->attachments().back().name, QString("Pasted text 2"));
    auto* keep = m_composer->note().findChild<QPushButton*>();
    QVERIFY(keep->isVisible());
    QTest::mouseClick(keep, Qt::LeftButton);
    QCOMPARE(m_composer->attachments().size(), 1);
    QCOMPARE(m_composer->text(), "Sum up: " + text + "more");
    QVERIFY(!m_composer->note().isVisible());
}

void ComposerTest::shortPastesAreText()
{
    paste("short\ntext");
    QCOMPARE(m_composer->text(), QString("short\ntext"));
    QVERIFY(m_composer->attachments().isEmpty());
}

void ComposerTest::aGiganticPasteIsRefused()
{
    paste(QString(50'000'000, 'x'));
    QVERIFY(m_composer->text().isEmpty());
    QVERIFY(m_composer->attachments().isEmpty());
    QVERIFY(m_composer->note().text().contains("50,000,000"));
    QApplication::clipboard()->clear();
}

void ComposerTest::pastedFilesAreAttachedAndPicturesRefused()
{
    auto* files = new QMimeData;
    files->setUrls({QUrl::fromLocalFile(write("a.txt", "alpha"))});
    QApplication::clipboard()->setMimeData(files);
    QTest::keyClick(m_edit, Qt::Key_V, Qt::ControlModifier);
    QTRY_COMPARE(m_composer->attachments().size(), 1);
    QVERIFY(m_composer->text().isEmpty());
    QApplication::clipboard()->setImage(QImage(4, 4, QImage::Format_RGB32));
    QTest::keyClick(m_edit, Qt::Key_V, Qt::ControlModifier);
    QVERIFY(m_composer->note().text().contains("picture"));
    QVERIFY(m_composer->text().isEmpty());
}

void ComposerTest::tooManyAttachmentsAreRefused()
{
    const QString path = write("a.txt", "alpha");
    m_composer->attachFiles(QStringList(int(kMostAttachments) + 1, path));
    QVERIFY(!m_composer->note().text().isEmpty());
    QTRY_COMPARE(m_composer->attachments().size(), kMostAttachments);
}

void ComposerTest::manyChipsTakeSeveralRows()
{
    const int one = m_composer->sizeHint().height();
    m_composer->setAttachments(QList<Attachment>(6, {"a file with a long name.txt", "alpha", 5}));
    QTRY_VERIFY(m_composer->sizeHint().height() > one);
    const QRect strip = m_composer->attachmentStrip().rect();
    QSet<int> rows;
    for (const AttachmentChip* chip : chips()) {
        QVERIFY(strip.contains(chip->geometry()));
        rows.insert(chip->y());
    }
    QVERIFY(rows.size() > 1);
}

QString ComposerTest::hint() const
{
    QStringList shown; // the only label that is not in a row of notes
    for (const ElidedLabel* label :
         m_composer->findChildren<ElidedLabel*>(QString(), Qt::FindDirectChildrenOnly))
        shown << label->fullText();
    return shown.join('|');
}

void ComposerTest::ctrlEnterSendsWhereThatIsChosen()
{
    ComposerKeys keys;
    keys.send = {QKeySequence(Qt::CTRL | Qt::Key_Return)};
    m_composer->setKeys(keys);
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QTest::keyClicks(m_edit, "one");
    QTest::keyClick(m_edit, Qt::Key_Return);
    QTest::keyClicks(m_edit, "two");
    QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(m_edit, "three");
    QCOMPARE(sent.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), QString("one\ntwo\nthree"));
    QCOMPARE(hint(), QString("Ctrl+Enter sends, Enter breaks the line"));
    m_composer->setKeys({});
    QCOMPARE(hint(), QString("Enter sends, Shift+Enter breaks the line"));
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 2);
}

void ComposerTest::everyKeyCanBeAnother()
{
    ComposerKeys keys;
    keys.send = {QKeySequence(Qt::Key_F9)};
    keys.newLine = {QKeySequence(Qt::ALT | Qt::Key_Return)};
    keys.stop = {QKeySequence(Qt::Key_F10)};
    keys.recall = {QKeySequence(Qt::CTRL | Qt::Key_Up)};
    m_composer->setKeys(keys);
    QSignalSpy sent(m_composer.get(), &Composer::sendRequested);
    QSignalSpy stopped(m_composer.get(), &Composer::stopRequested);
    QSignalSpy recalled(m_composer.get(), &Composer::recallRequested);
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(recalled.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(recalled.count(), 1);
    QTest::keyClicks(m_edit, "one");
    QTest::keyClick(m_edit, Qt::Key_Return, Qt::AltModifier);
    QTest::keyClicks(m_edit, "two");
    QTest::keyClick(m_edit, Qt::Key_Return); // nobody's now
    QCOMPARE(sent.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_F9);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), QString("one\ntwo\n"));
    QCOMPARE(hint(), QString("F9 sends, Enter breaks the line"));
    m_composer->setGenerating(true);
    QCOMPARE(hint(), QString("F10 stops and keeps the text"));
    QTest::keyClick(m_edit, Qt::Key_Escape);
    QCOMPARE(stopped.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_F10);
    QCOMPARE(stopped.count(), 1);
}

void ComposerTest::withoutKeysTheHintPromisesNone()
{
    ComposerKeys keys;
    keys.send.clear();
    keys.stop.clear();
    m_composer->setKeys(keys);
    QCOMPARE(hint(), QString("Enter breaks the line"));
    m_composer->setGenerating(true);
    QCOMPARE(hint(), QString());
}

QTEST_MAIN(ComposerTest)
#include "composer_test.moc"
