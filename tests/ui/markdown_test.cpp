// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include <QTest>

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/markdown/message_document.h"
#include "ui/chat/markdown/source_map.h"

using namespace vitrine::ui;

namespace {

using Kind = Block::Kind;

std::vector<Block> parsed(const QString& text)
{
    return parseBlocks(text, false);
}

std::vector<Block> reply(const QString& text)
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(text);
    document.finish();
    return document.blocks();
}

InlineText spans(const QString& text)
{
    return parseInline(text, false);
}

QString grown(const QString& text, std::mt19937& random, std::vector<Block>& blocks)
{
    MessageDocument document(MessageDocument::Format::Markdown);
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype length = 1 + qsizetype(random() % 9);
        document.append(QStringView(text).mid(at, length));
        at += length;
    }
    document.finish();
    blocks = document.blocks();
    return document.source();
}

} // namespace

class MarkdownTest : public QObject
{
    Q_OBJECT

private slots:
    void findsTheBlocksOfAnAnswer();
    void nestsLists();
    void imagesInAListAreImages();
    void theSourceOfShownTextIsFound();
    void keepsTheNumbersOfAList();
    void alignsTableColumnsAndFillsShortRows();
    void headerCellsOfATableStayInPlace();
    void codeFenceKeepsEveryCharacter();
    void unclosedFenceIsCode();
    void emphasisCodeAndLinks_data();
    void emphasisCodeAndLinks();
    void beginsStylesBeforeTheirEndArrives();
    void hidesWhatIsNotDecidedYet();
    void growingTextEndsAsTheWholeText();
    void appendChangesOnlyTheLastBlock();
    void longTextIsCutIntoSmallBlocks();
    void hostileTextLosesNothing();
    void plainTextStaysAsTyped();
};

void MarkdownTest::findsTheBlocksOfAnAnswer()
{
    const std::vector<Block> blocks =
        parsed("# Title\nSome text\nthat goes on.\n\n- a\n- b\n\n> quote\n\n---\n"
               "```py\nx = 1\n```\n| a | b |\n|---|---|\n| 1 | 2 |\nend");
    const std::vector<Kind> expected{Kind::Heading,  Kind::Paragraph, Kind::ListItem,
                                     Kind::ListItem, Kind::Quote,     Kind::Rule,
                                     Kind::Code,     Kind::Table,     Kind::Paragraph};
    std::vector<Kind> kinds;
    for (const Block& block : blocks)
        kinds.push_back(block.kind);
    QCOMPARE(kinds, expected);
    QCOMPARE(blocks[1].text.text, QString("Some text%1that goes on.").arg(QChar(QChar::LineSeparator)));
    QCOMPARE(blocks[6].language, QString("py"));
    QCOMPARE(blocks[8].text.text, QString("end"));
}

void MarkdownTest::nestsLists()
{
    const std::vector<Block> blocks = parsed("1. one\n   - inner\n   - second\n\n     more of it\n2. two");
    QCOMPARE(blocks.size(), 2U);
    QCOMPARE(blocks[0].children.size(), 3);
    QCOMPARE(blocks[0].children[1].kind, Kind::ListItem);
    QCOMPARE(blocks[0].children[2].children.size(), 2);
    QCOMPARE(blocks[0].children[2].children[1].text.text, QString("more of it"));
}

void MarkdownTest::imagesInAListAreImages()
{
    const std::vector<Block> blocks = parsed("- A cat: ![cat](cat.png) and more\n"
                                             "- ![dog](dog.png)\n"
                                             "- No `![code](x.png)` here\n"
                                             "- ```\n  a ![b](c.png)\n  ```");
    QCOMPARE(blocks.size(), 4U);
    QCOMPARE(blocks[0].children.size(), 3);
    QCOMPARE(blocks[0].children[0].text.text, QString("A cat:"));
    QCOMPARE(blocks[0].children[1].kind, Kind::Image);
    QCOMPARE(blocks[0].children[1].target, QString("cat.png"));
    QCOMPARE(blocks[0].children[2].text.text, QString("and more"));
    QCOMPARE(blocks[1].children[0].kind, Kind::Image);
    QCOMPARE(blocks[2].children.size(), 1);
    QCOMPARE(blocks[2].children[0].text.text, QString("No ![code](x.png) here"));
    QCOMPARE(blocks[3].children[0].kind, Kind::Code);
    QCOMPARE(blocks[3].children[0].code, QString("a ![b](c.png)"));
    const Block nested = parsed("- outer\n  - inner ![a](b.png) end").front();
    QCOMPARE(nested.children.size(), 2);
    QCOMPARE(nested.children[1].children.size(), 3);
    QCOMPARE(nested.children[1].children[1].kind, Kind::Image);
}

/// Each shown character of a piece stands in the source where its run says, but for those that stand for
/// others.
void MarkdownTest::theSourceOfShownTextIsFound()
{
    const QString source =
        "# C# *and* 1. more #\n\nPlain **bold `co*de` x** &amp; \\*stars\\* 2 * 3, snake_case, ~~gone~~.\n"
        "  Second line [label](http://label.example/label \"a label\") after <https://b.example>!\n\n"
        "1. **1** one\n   - -5 `- x`\n   > quoted > more\n2. 2\n\n"
        "| a \\| b | `c|d` |\n|---|:-:|\n| | x |\n| **y** | a |\n\n"
        "- ```py\n  def f():\n\n      return 1\n  ```\n\n$$\nx^2\n$$\n\n> 1. in *quote*\n> 2. again\n\n"
        "🙂 **日本語**のテキスト。\n";
    int characters = 0, found = 0;
    for (const Block& block : parsed(source)) {
        const std::vector<PieceText> pieces = pieceTexts(block);
        const auto runs = sourceRuns(block, source);
        QCOMPARE(runs.size(), pieces.size());
        qsizetype last = block.begin;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            int here = 0;
            for (const SourceRun& run : runs[i])
                here += run.length;
            QVERIFY2(here == pieces[i].text.size(), qPrintable(pieces[i].text));
            characters += int(pieces[i].text.size());
            for (const SourceRun& run : runs[i]) {
                QVERIFY2(run.source >= last, qPrintable(pieces[i].text));
                last = run.source + run.length;
                QVERIFY(last <= block.end);
                for (int c = 0; c < run.length; ++c) {
                    const QChar shown = pieces[i].text[run.start + c], there = source[run.source + c];
                    const bool same = shown == there || there == '\n' || there == '&' ||
                                      (there == ' ' && shown == QChar(QChar::Nbsp));
                    QVERIFY2(same, qPrintable(pieces[i].text));
                    ++found;
                }
            }
        }
    }
    QCOMPARE(found, characters);
    const std::vector<Block> blocks = parsed("see [label](http://label.example/label \"a label\") after");
    const auto runs = sourceRuns(blocks[0], u"see [label](http://label.example/label \"a label\") after");
    QCOMPARE(runs[0].back().source, qsizetype(49));
    const auto items = sourceRuns(parsed("1. **1** one").front(), u"1. **1** one");
    QCOMPARE(items[0].front().source, qsizetype(5));
}

void MarkdownTest::keepsTheNumbersOfAList()
{
    const std::vector<Block> blocks = parsed("1. Do this:\n```sh\nls\n```\n2. Then that\n");
    QCOMPARE(blocks.size(), 3U);
    QCOMPARE(blocks[0].marker, QString("1."));
    QCOMPARE(blocks[1].code, QString("ls"));
    QCOMPARE(blocks[2].marker, QString("2."));
}

void MarkdownTest::alignsTableColumnsAndFillsShortRows()
{
    const std::vector<Block> blocks = parsed("a | b | c\n:-- | :-: | --:\n1 | `x|y` | 3\n4\\|5 | 6\n");
    QCOMPARE(blocks.size(), 1U);
    const QList<Block::Align> aligns{Block::Align::Left, Block::Align::Centre, Block::Align::Right};
    QCOMPARE(blocks[0].columns, aligns);
    QCOMPARE(blocks[0].rows[1][1].text, QString("x|y"));
    QCOMPARE(blocks[0].rows[2][0].text, QString("4|5"));
    QCOMPARE(blocks[0].rows[2].size(), 3);
}

void MarkdownTest::headerCellsOfATableStayInPlace()
{
    const std::vector<Block> blocks = parsed("| First | Second |\n|---|---|\n| 1 | 2 |");
    QCOMPARE(blocks[0].rows[0][0].text, QString("First"));
    QCOMPARE(blocks[0].rows[0][1].text, QString("Second"));
}

void MarkdownTest::codeFenceKeepsEveryCharacter()
{
    const std::vector<Block> blocks =
        parsed("~~~~c++ title\n\n  # not a heading\n```\n\ttab **x**\n~~~~\nafter");
    QCOMPARE(blocks[0].code, QString("\n  # not a heading\n```\n\ttab **x**"));
    QCOMPARE(blocks[0].language, QString("c++"));
    QCOMPARE(blocks[1].text.text, QString("after"));
}

void MarkdownTest::unclosedFenceIsCode()
{
    const std::vector<Block> blocks = parsed("```\nint main() {");
    QCOMPARE(blocks[0].kind, Kind::Code);
    QCOMPARE(blocks[0].code, QString("int main() {"));
}

void MarkdownTest::emphasisCodeAndLinks_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("styles"); // start, length, styles …
    QTest::newRow("bold") << "a **b** c"
                          << "a b c" << QList<int>{2, 1, kBold};
    QTest::newRow("italic") << "*a* _b_"
                            << "a b" << QList<int>{0, 1, kItalic, 2, 1, kItalic};
    QTest::newRow("both") << "***a***"
                          << "a" << QList<int>{0, 1, kBold | kItalic};
    QTest::newRow("nested") << "**a *b* c**"
                            << "a b c" << QList<int>{0, 2, kBold, 2, 1, kBold | kItalic, 3, 2, kBold};
    QTest::newRow("inside a word") << "snake_case_name 2*3*4"
                                   << "snake_case_name 234" << QList<int>{17, 1, kItalic};
    QTest::newRow("alone") << "2 * 3 ** 4"
                           << "2 * 3 ** 4" << QList<int>{};
    QTest::newRow("without its partner") << "a **b"
                                         << "a **b" << QList<int>{};
    QTest::newRow("code") << "`a*b*`"
                          << "a*b*" << QList<int>{0, 4, kCode};
    QTest::newRow("code with a tick") << "`` a`b ``"
                                      << "a`b" << QList<int>{0, 3, kCode};
    QTest::newRow("escaped") << "\\*a\\* \\\\"
                             << "*a* \\" << QList<int>{};
    QTest::newRow("struck") << "~~a~~ ~b~"
                            << "a ~b~" << QList<int>{0, 1, kStrike};
    QTest::newRow("link") << "[a *b*](http://x.y \"t\")"
                          << "a b" << QList<int>{0, 3, kLink};
    QTest::newRow("bare link") << "see https://x.y/z."
                               << "see https://x.y/z." << QList<int>{4, 13, kLink};
    QTest::newRow("entity") << "a &lt; b &nonsense;"
                            << "a < b &nonsense;" << QList<int>{};
    QTest::newRow("markup stays text") << "<script>alert(1)</script>"
                                       << "<script>alert(1)</script>" << QList<int>{};
}

void MarkdownTest::emphasisCodeAndLinks()
{
    QFETCH(QString, source);
    QFETCH(QString, text);
    QFETCH(QList<int>, styles);
    const InlineText result = spans(source);
    QCOMPARE(result.text, text);
    QList<int> found;
    for (const InlineSpan& span : result.spans)
        found << int(span.start) << int(span.length) << span.styles;
    QCOMPARE(found, styles);
}

void MarkdownTest::beginsStylesBeforeTheirEndArrives()
{
    QCOMPARE(parseInline(u"an **import", true).text, QString("an import"));
    QCOMPARE(parseInline(u"an **import", true).spans.first().styles, quint8(kBold));
    QCOMPARE(parseInline(u"call `ma", true).spans.first().styles, quint8(kCode));
}

void MarkdownTest::hidesWhatIsNotDecidedYet()
{
    QVERIFY(parseBlocks(u"text\n\n-", true).size() == 1);
    QVERIFY(parseBlocks(u"##", true).empty());
    QCOMPARE(parseBlocks(u"text\n``", true).front().text.text, QString("text"));
    QCOMPARE(parseBlocks(u"9. nine\n10", true).front().children.front().text.text, QString("nine"));
    QCOMPARE(parseBlocks(u"-", false).size(), 1U); // at the end it is what it is
}

void MarkdownTest::growingTextEndsAsTheWholeText()
{
    const unsigned seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    const QStringList parts{"# ",
                            "text ",
                            "**",
                            "*",
                            "_",
                            "`",
                            "```\n",
                            "```py\n",
                            "~~~\n",
                            "\n",
                            "\n\n",
                            "- ",
                            "  - ",
                            "1. ",
                            "12) ",
                            "> ",
                            "| a | b |\n",
                            "|---|:-:|\n",
                            "| 1 |\n",
                            "---\n",
                            "[x](http://y)",
                            "<b>",
                            "&amp;",
                            "\\",
                            QString::fromUtf8("漢字"),
                            QString::fromUtf8("🎉"),
                            "    ",
                            "word ",
                            "http://a.b ",
                            "!",
                            "[",
                            "$",
                            "$$",
                            "$$\n",
                            "\\[\n",
                            "\\]\n",
                            "![a](/b.png)\n",
                            "![a](",
                            "<think>",
                            "</think>",
                            "</thi",
                            "<thinking>\n"};
    for (int round = 0; round < 3000; ++round) {
        QString text;
        for (int i = int(random() % 24); i > 0; --i)
            text += parts[qsizetype(random() % std::size_t(parts.size()))];
        std::vector<Block> blocks;
        QCOMPARE(grown(text, random, blocks), text);
        const std::vector<Block> whole = reply(text);
        for (std::size_t i = 0; i < std::max(whole.size(), blocks.size()); ++i) {
            const bool same = i < whole.size() && i < blocks.size() && whole[i] == blocks[i];
            QVERIFY2(same, qPrintable(QString("block %1 of: %2").arg(i).arg(text)));
        }
    }
}

void MarkdownTest::appendChangesOnlyTheLastBlock()
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(u"First paragraph.\n\nSecond **paragraph");
    QCOMPARE(document.append(u"** goes on"), 1U);
    QCOMPARE(document.append(u"\n\n```c\nint x;"), 1U);
    QCOMPARE(document.append(u"\nint y;"), 2U);
    QCOMPARE(document.blocks()[2].code, QString("int x;\nint y;"));
}

void MarkdownTest::longTextIsCutIntoSmallBlocks()
{
    const QString line(1'000'000, 'x');
    const std::vector<Block> one = parsed(line);
    qsizetype total = 0;
    for (const Block& block : one) {
        QVERIFY(block.text.text.size() <= kMaxBlockText);
        total += block.text.text.size();
    }
    QCOMPARE(total, line.size());
    MessageDocument code(MessageDocument::Format::Markdown);
    QString source = "```\n";
    for (int i = 0; i < 5000; ++i)
        source += QString("line %1\n").arg(i);
    code.append(source);
    code.finish();
    QVERIFY(code.blocks().size() > 20);
    QCOMPARE(code.codeFrom(0), source.mid(4).chopped(1));
}

void MarkdownTest::hostileTextLosesNothing()
{
    for (const QString& unit : {QString("*a "), QString("[a]("), QString("`"), QString("> "), QString("- "),
                                QString("|"), QString("1. "), QString("**"), QString("#"), QString("<")}) {
        const std::vector<Block> blocks = parsed(unit.repeated(20'000));
        QVERIFY(!blocks.empty());
        for (const Block& block : blocks)
            QVERIFY(block.text.text.size() <= 2 * kMaxBlockText);
    }
}

void MarkdownTest::plainTextStaysAsTyped()
{
    MessageDocument document(MessageDocument::Format::Plain);
    document.append(u"# not a *heading*\n\n- at all");
    QCOMPARE(document.blocks().size(), 1U);
    QCOMPARE(QString(document.blocks()[0].text.text).replace(QChar(QChar::LineSeparator), '\n'),
             QString("# not a *heading*\n\n- at all"));
    const QString emoji = QString::fromUtf8("🎉").repeated(5000); // never cut inside one
    for (const Block& block : plainBlocks(emoji))
        QVERIFY(block.text.text.front().isHighSurrogate() && block.text.text.back().isLowSurrogate());
}

QTEST_APPLESS_MAIN(MarkdownTest)
#include "markdown_test.moc"
