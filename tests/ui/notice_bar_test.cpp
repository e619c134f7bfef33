// SPDX-License-Identifier: GPL-3.0-or-later
// The line of notices above the page.
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "ui/shell/notice_bar.h"
#include "ui/theme/theme.h"

using namespace vitrine::ui;

class NoticeBarTest : public QObject
{
    Q_OBJECT

private slots:
    void theActionIsDoneOnceAndTheNoticeGoes();
    void aWarningComesBackBehindAnUndo();
    void aWarningThatIsOverDoesNotComeBack();
    void aNoticeGoesByItself();
};

void NoticeBarTest::theActionIsDoneOnceAndTheNoticeGoes()
{
    Theme theme;
    NoticeBar bar(theme);
    int done = 0;
    bar.show({Notice::Tone::Plain, "Deleted", {}, "Undo", [&done] { ++done; }, 0});
    QVERIFY(bar.message().startsWith("Deleted"));
    QTest::mouseClick(bar.findChild<QPushButton*>(), Qt::LeftButton);
    QCOMPARE(done, 1);
    QVERIFY(bar.message().isEmpty());
}

void NoticeBarTest::aWarningComesBackBehindAnUndo()
{
    Theme theme;
    NoticeBar bar(theme);
    bar.show({Notice::Tone::Warning, "Not saved", "Disk full", {}});
    bar.show({Notice::Tone::Plain, "Deleted", {}, "Undo", [] {}, 0});
    bar.show({Notice::Tone::Plain, "Deleted too", {}, "Undo", [] {}, 0});
    QVERIFY(bar.message().startsWith("Deleted too"));
    QTest::mouseClick(bar.findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(bar.message().startsWith("Not saved"));
    QTest::mouseClick(bar.findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(bar.message().isEmpty());
}

void NoticeBarTest::aWarningThatIsOverDoesNotComeBack()
{
    Theme theme;
    NoticeBar bar(theme);
    bar.show({Notice::Tone::Warning, "Not saved", {}, {}});
    bar.show({Notice::Tone::Plain, "Deleted", {}, {}});
    bar.withdrawWarning();
    QVERIFY(bar.message().startsWith("Deleted"));
    bar.dismiss();
    QVERIFY(bar.message().isEmpty());
}

void NoticeBarTest::aNoticeGoesByItself()
{
    Theme theme;
    NoticeBar bar(theme);
    bar.show({Notice::Tone::Plain, "Deleted", {}, {}, {}, 10});
    QTRY_VERIFY(bar.message().isEmpty());
}

QTEST_MAIN(NoticeBarTest)
#include "notice_bar_test.moc"
