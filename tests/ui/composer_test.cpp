// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QInputMethodEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "ui/chat/composer.h"
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
    void ctrlEnterSendsWhereThatIsChosen();

private:
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

void ComposerTest::ctrlEnterSendsWhereThatIsChosen()
{
    m_composer->setCtrlEnterSends(true);
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
    QVERIFY(m_send->toolTip().contains("Ctrl+Enter"));
    bool hinted = false;
    for (const QLabel* label : m_composer->findChildren<QLabel*>())
        hinted = hinted || label->text().contains("Ctrl+Enter sends");
    QVERIFY(hinted);
    m_composer->setCtrlEnterSends(false);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 2);
}

QTEST_MAIN(ComposerTest)
#include "composer_test.moc"
