// SPDX-License-Identifier: GPL-3.0-or-later
// Where a window of its own opens, whatever was kept of its place.
#include <QTest>

#include "ui/profiler/page/window_place.h"

using namespace vitrine::ui;

class WindowPlaceTest : public QObject
{
    Q_OBJECT

private:
    const QList<QRect> m_screens{QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)};
    const QSize m_least{320, 200}, m_usual{800, 400};

    QRect placed(const QRect& place) const { return placeOn(m_screens, place, m_least, m_usual); }

private slots:
    void aPlaceComesBackAsItWas()
    {
        const QRect place(-40, 60, 700, 350);
        QCOMPARE(placeFromText(placeToText(place).split(QLatin1Char('/'))), place);
        QCOMPARE(placed({100, 60, 700, 350}), QRect(100, 60, 700, 350));
        QCOMPARE(placed({2000, 60, 700, 350}), QRect(2000, 60, 700, 350));
    }

    void whatIsNoPlaceIsNone_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "1/2/3", "1/2/3/4/5", "a/2/3/4", "1/2/0/4", "1/2/-3/4", "1/2/3/1e9",
                                 "99999999999/0/3/4", "-100001/0/3/4", "1/2/nan/4"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void whatIsNoPlaceIsNone()
    {
        QFETCH(QString, text);
        QVERIFY(placeFromText(text.split(QLatin1Char('/'))).isNull());
    }

    void aWindowIsNeverOutOfReach_data()
    {
        QTest::addColumn<QRect>("place");
        QTest::newRow("a screen that is gone") << QRect(5000, 100, 700, 350);
        QTest::newRow("above all screens") << QRect(100, -5000, 700, 350);
        QTest::newRow("title above the screen") << QRect(100, -300, 700, 350);
        QTest::newRow("a sliver at the left") << QRect(-699, 100, 700, 350);
        QTest::newRow("a sliver at the bottom") << QRect(100, 1079, 700, 350);
        QTest::newRow("larger than the screen") << QRect(10, 10, 90'000, 90'000);
        QTest::newRow("too small") << QRect(10, 10, 1, 1);
        QTest::newRow("never placed") << QRect();
    }
    void aWindowIsNeverOutOfReach()
    {
        QFETCH(QRect, place);
        const QRect found = placed(place);
        QVERIFY(found.width() >= m_least.width() && found.height() >= m_least.height());
        const QRect title(found.topLeft(), QSize(found.width(), 30));
        int reach = 0;
        bool below = false;
        for (const QRect& screen : m_screens) {
            reach = std::max(reach, (screen & title).width());
            below = below || (screen.intersects(title) && found.top() >= screen.top());
        }
        QVERIFY(below && found.width() <= 1920 && found.height() <= 1080);
        QVERIFY2(reach >= 60, qPrintable(QString::number(reach)));
    }

    void withoutAScreenThePlaceStays()
    {
        QCOMPARE(placeOn({}, {1, 2, 700, 350}, m_least, m_usual), QRect(1, 2, 700, 350));
        QCOMPARE(placeOn({}, {}, m_least, m_usual).size(), m_usual);
    }
};

QTEST_GUILESS_MAIN(WindowPlaceTest)
#include "window_place_test.moc"
