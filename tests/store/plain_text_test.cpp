// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of Markdown where a stretch of it is shown as found.
#include <QTest>

#include "ui/store/plain_text.h"
#include "ui/store/text_search.h"

using namespace vitrine::ui;

class PlainTextTest : public QObject
{
    Q_OBJECT

private slots:
    void marksAreTakenOff_data()
    {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QString>("plain");
        QTest::newRow("bold") << "a **strong** word"
                              << "a strong word";
        QTest::newRow("italics") << "an *emphasised* and _slanted_ word"
                                 << "an emphasised and slanted word";
        QTest::newRow("struck") << "~~gone~~ but ~5"
                                << "gone but ~5";
        QTest::newRow("code") << "run `a * b_c` now"
                              << "run a * b_c now";
        QTest::newRow("open code") << "run `a now"
                                   << "run a now";
        QTest::newRow("heading") << "# One\ntext\n### Two"
                                 << "One text Two";
        QTest::newRow("no heading") << "issue #5, C#"
                                    << "issue #5, C#";
        QTest::newRow("list") << "- one\n* two\n+ three\n1. four"
                              << "one two three 1. four";
        QTest::newRow("quote") << "> said\n> again"
                               << "said again";
        QTest::newRow("fence") << "so:\n```python\nx = a ** b\n# note\n```\nthat"
                               << "so: x = a ** b # note that";
        QTest::newRow("link") << "see [the *page*](https://a.b/c_d) and ![a cat](cat.png)"
                              << "see the page and a cat";
        QTest::newRow("no link") << "a[1] (two)"
                                 << "a[1] (two)";
        QTest::newRow("table") << "| a | b |\n|---|--:|\n| 1 | 2 |"
                               << "a b 1 2 ";
        QTest::newRow("rule") << "one\n\n---\n\ntwo"
                              << "one two";
        QTest::newRow("escaped") << "2 \\* 3 \\# 4"
                                 << "2 * 3 # 4";
        QTest::newRow("arithmetic") << "5 * 3 * 2, 2**10, a*b*c, snake_case_name"
                                    << "5 * 3 * 2, 2**10, a*b*c, snake_case_name";
        QTest::newRow("chinese") << "## 标题\n**粗体**文字"
                                 << "标题 粗体文字";
        QTest::newRow("nothing but marks") << "****\n```"
                                           << "";
        QTest::newRow("empty") << ""
                               << "";
    }

    void marksAreTakenOff()
    {
        QFETCH(QString, markdown);
        const PlainText plain = withoutMarks(markdown, true);
        QTEST(plain.text, "plain");
        QCOMPARE(plain.origins.size(), plain.text.size());
        QVERIFY(std::is_sorted(plain.origins.begin(), plain.origins.end()));
    }

    void snippetsReadPlainlyAndKeepTheirMatch_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("snippet");
        QTest::addColumn<QString>("match");
        QTest::newRow("bold") << "Then **Kyoto** was `planned`."
                              << "kyoto"
                              << "Then Kyoto was planned."
                              << "Kyoto";
        QTest::newRow("heading") << "## Kyoto\n- temples"
                                 << "temples"
                                 << "Kyoto temples"
                                 << "temples";
        QTest::newRow("across a mark") << "un**believ**able"
                                       << "believ"
                                       << "unbelievable"
                                       << "believ";
        QTest::newRow("marks alone") << "write **bold** so"
                                     << "**"
                                     << "write **bold** so"
                                     << "**";
        QTest::newRow("an address") << "see [here](https://kyoto.jp)"
                                    << "kyoto.jp"
                                    << "see [here](https://kyoto.jp)"
                                    << "kyoto.jp";
    }

    void snippetsReadPlainlyAndKeepTheirMatch()
    {
        QFETCH(QString, text);
        QFETCH(QString, query);
        const SearchHit hit = TextSearch(query).snippet(text);
        QTEST(hit.snippet, "snippet");
        QTEST(hit.snippet.mid(hit.matchStart, hit.matchLength), "match");
    }

    void snippetsOfLongTextsAreCutAroundTheMatch()
    {
        const QString text = QString("**many** words ").repeated(20'000) + "# zebra " +
                             QString("`more` words ").repeated(20'000);
        const SearchHit hit = TextSearch("zebra").snippet(text);
        QCOMPARE(hit.snippet.mid(hit.matchStart, hit.matchLength), QStringLiteral("zebra"));
        QVERIFY(hit.snippet.startsWith(QChar(0x2026)) && hit.snippet.endsWith(QChar(0x2026)));
        QVERIFY(hit.snippet.size() < 130);
        QVERIFY(!hit.snippet.contains('*') && !hit.snippet.contains('`'));
    }
};

QTEST_APPLESS_MAIN(PlainTextTest)
#include "plain_text_test.moc"
