// SPDX-License-Identifier: GPL-3.0-or-later
// What a query of the palette means.
#include <QTest>

#include "ui/shell/palette/fuzzy_match.h"

using namespace vitrine::ui;

class PaletteMatchTest : public QObject
{
    Q_OBJECT

private slots:
    void queriesMeanTexts_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        QTest::addColumn<QList<int>>("positions");
        QTest::newRow("start") << "pre"
                               << "Prefix tree" << true << QList<int>{0, 1, 2};
        QTest::newRow("word") << "TREE"
                              << "Prefix tree" << true << QList<int>{7, 8, 9, 10};
        QTest::newRow("inside") << "ref"
                                << "Prefix tree" << true << QList<int>{1, 2, 3};
        QTest::newRow("initials") << "nc"
                                  << "New chat" << true << QList<int>{0, 4};
        QTest::newRow("mixed") << "nech"
                               << "New chat" << true << QList<int>{0, 1, 4, 5};
        QTest::newRow("figures") << "qw4"
                                 << "Qwen3-4B" << true << QList<int>{0, 1, 6};
        QTest::newRow("capitals") << "sl"
                                  << "SmolLM2" << true << QList<int>{0, 4};
        QTest::newRow("two words") << "tree pre"
                                   << "Prefix tree" << true << QList<int>{0, 1, 2, 7, 8, 9, 10};
        QTest::newRow("strewn") << "pet"
                                << "Prefix tree" << false << QList<int>{};
        QTest::newRow("one missing") << "pre chat"
                                     << "Prefix tree" << false << QList<int>{};
        QTest::newRow("longer") << "prefix trees"
                                << "Prefix tree" << false << QList<int>{};
        QTest::newRow("empty") << ""
                               << "Prefix tree" << true << QList<int>{};
        QTest::newRow("chinese") << "对话"
                                 << "新对话" << true << QList<int>{1, 2};
        QTest::newRow("no text") << "a"
                                 << "" << false << QList<int>{};
    }

    void queriesMeanTexts()
    {
        QFETCH(QString, query);
        QFETCH(QString, text);
        const auto match = fuzzyMatch(query, text);
        QTEST(match.has_value(), "matches");
        QTEST(match ? match->positions : QList<int>(), "positions");
    }

    void closerMatchesScoreMore()
    {
        const int start = fuzzyMatch("set", "Settings")->score;
        const int word = fuzzyMatch("set", "Open settings")->score;
        const int initials = fuzzyMatch("os", "Open settings")->score;
        const int inside = fuzzyMatch("set", "Reset")->score;
        QVERIFY(start > word && word > initials && initials > inside);
    }

    void hugeTextsAndQueriesAreBounded()
    {
        const QString text = QString("ab ").repeated(100'000);
        QVERIFY(fuzzyMatch("aaab", text));
        QVERIFY(!fuzzyMatch(QString(10'000, 'a'), text));
        QVERIFY(!fuzzyMatch("zz", text + "zz")); // far behind what is looked at
    }
};

QTEST_APPLESS_MAIN(PaletteMatchTest)
#include "palette_match_test.moc"
