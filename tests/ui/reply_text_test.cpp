// SPDX-License-Identifier: GPL-3.0-or-later
// What replies have beyond Markdown: formulas, pictures, thoughts; and their text for a copy.
#include <QTest>

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/markdown/message_document.h"

using namespace vitrine::ui;

namespace {

using Kind = Block::Kind;

std::vector<Block> reply(const QString& text)
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(text);
    document.finish();
    return document.blocks();
}

} // namespace

class ReplyTextTest : public QObject
{
    Q_OBJECT

private slots:
    void formulasStayAsWritten_data();
    void formulasStayAsWritten();
    void displayFormulasAreBlocks();
    void imagesOnTheirOwnLineAreBlocks();
    void thoughtsAreParts_data();
    void thoughtsAreParts();
    void thoughtsGrowWhileTheyAreWritten();
    void answerLeavesThoughtsOut();
    void copiesTextAcrossBlocks();
};

void ReplyTextTest::formulasStayAsWritten_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("styles");
    QTest::newRow("dollars") << "so $a_1 * b_2 * c$ holds"
                             << "so $a_1 * b_2 * c$ holds" << QList<int>{3, 15, kMath};
    QTest::newRow("escapes inside") << "$\\{x\\}$"
                                    << "$\\{x\\}$" << QList<int>{0, 7, kMath};
    QTest::newRow("brackets") << "\\(x_1 * y * z\\) **b**"
                              << "\\(x_1 * y * z\\) b" << QList<int>{0, 15, kMath, 16, 1, kBold};
    QTest::newRow("display in a line") << "then $$x*y*z$$."
                                       << "then $$x*y*z$$." << QList<int>{5, 9, kMath};
    QTest::newRow("prices") << "$5 and $6 *now*"
                            << "$5 and $6 now" << QList<int>{10, 3, kItalic};
    QTest::newRow("prices with units") << "between $5/month and 6$ *now*"
                                       << "between $5/month and 6$ now" << QList<int>{24, 3, kItalic};
    QTest::newRow("a number") << "the $1$ of it"
                              << "the $1$ of it" << QList<int>{4, 3, kMath};
    QTest::newRow("variables") << "$HOME and $PATH"
                               << "$HOME and $PATH" << QList<int>{};
    QTest::newRow("alone") << "a $ b \\( c"
                           << "a $ b ( c" << QList<int>{};
    QTest::newRow("in code") << "`$x$`"
                             << "$x$" << QList<int>{0, 3, kCode};
}

void ReplyTextTest::formulasStayAsWritten()
{
    QFETCH(QString, source);
    QFETCH(QString, text);
    QFETCH(QList<int>, styles);
    const InlineText result = parseInline(source, false);
    QCOMPARE(result.text, text);
    QList<int> found;
    for (const InlineSpan& span : result.spans)
        found << int(span.start) << int(span.length) << span.styles;
    QCOMPARE(found, styles);
}

void ReplyTextTest::displayFormulasAreBlocks()
{
    const std::vector<Block> blocks =
        parseBlocks(QString("Here:\n$$\n\\int_0^1 x*y*z\n$$\nand\n\n\\[ a_1 \\]\n$$5 is much"), false);
    const std::vector<Kind> expected{Kind::Paragraph, Kind::Math, Kind::Paragraph, Kind::Math,
                                     Kind::Paragraph};
    std::vector<Kind> kinds;
    for (const Block& block : blocks)
        kinds.push_back(block.kind);
    QCOMPARE(kinds, expected);
    QCOMPARE(blocks[1].code, QString("$$\n\\int_0^1 x*y*z\n$$"));
    QCOMPARE(blocks[3].code, QString("\\[ a_1 \\]"));
}

void ReplyTextTest::imagesOnTheirOwnLineAreBlocks()
{
    const std::vector<Block> blocks = parseBlocks(
        QString("See\n![A *chart*](/tmp/a b.png \"Title\")\n![](data:image/png;base64,AAAA)\ntext ![x](y)"),
        false);
    QCOMPARE(blocks.size(), 4U);
    QCOMPARE(blocks[1].kind, Kind::Image);
    QCOMPARE(blocks[1].target, QString("/tmp/a b.png"));
    QCOMPARE(blocks[1].text.text, QString("A *chart*"));
    QCOMPARE(blocks[2].target, QString("data:image/png;base64,AAAA"));
    QCOMPARE(blocks[3].kind, Kind::Paragraph);
    const QString growing = "![a](data:image/png;base64," + QString(20'000, 'A');
    QCOMPARE(parseBlocks(growing, true).size(), 1U); // not a wall of letters while it comes
    QCOMPARE(parseBlocks(growing, true).front().kind, Kind::Image);
}

void ReplyTextTest::thoughtsAreParts_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("expected"); // T: the line above a thought, t: in it, a: of the answer
    QTest::newRow("none") << "Just text"
                          << "a:Just text";
    QTest::newRow("one") << "<think>\nHm.\n</think>\n\nYes."
                         << "T: t:Hm. a:Yes.";
    QTest::newRow("long name") << "<thinking>Hm.</thinking>Yes."
                               << "T: t:Hm. a:Yes.";
    QTest::newRow("empty") << "<think>\n\n</think>\n\nYes."
                           << "a:Yes.";
    QTest::newRow("opened by the prompt") << "Hm.\n\nOr?\n</think>\n\nYes."
                                          << "T: t:Hm. t:Or? a:Yes.";
    QTest::newRow("twice") << "<think>A</think>B\n<think>C</think>D"
                           << "T: t:A a:B T: t:C a:D";
    QTest::newRow("never closed") << "<think>\nHm"
                                  << "T: t:Hm";
    QTest::newRow("only mentioned") << "Use `<think>` and <think> tags"
                                    << "a:Use <think> and <think> tags";
    QTest::newRow("in code") << "```\n<think>\n</think>\n```"
                             << "a:<think>\n</think>";
}

void ReplyTextTest::thoughtsAreParts()
{
    QFETCH(QString, source);
    QFETCH(QString, expected);
    QStringList parts;
    for (const Block& block : reply(source)) {
        const QChar kind = block.kind == Kind::Thought ? 'T' : block.thought > 0 ? 't' : 'a';
        parts << kind + QString(':') + (block.kind == Kind::Code ? block.code : block.text.text);
    }
    QCOMPARE(parts.join(' '), expected);
}

void ReplyTextTest::thoughtsGrowWhileTheyAreWritten()
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(u"<thi");
    QVERIFY(document.blocks().empty()); // could become a mark
    document.append(u"nk>One");
    QCOMPARE(document.blocks().size(), 2U);
    QVERIFY(!document.blocks()[0].ended);
    document.append(u" two.</th");
    QCOMPARE(document.blocks()[1].text.text, QString("One two."));
    document.append(u"ink>Answer");
    QVERIFY(document.blocks()[0].ended);
    QCOMPARE(document.blocks()[2].text.text, QString("Answer"));
    QCOMPARE(document.append(u" goes on"), 2U);
}

void ReplyTextTest::answerLeavesThoughtsOut()
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(u"<think>\nsecret\n</think>\n\n**Yes**\n");
    QCOMPARE(document.answer(), QString("**Yes**"));
    MessageDocument plain(MessageDocument::Format::Markdown);
    plain.append(u"  as it is\n");
    QCOMPARE(plain.answer(), QString("  as it is\n"));
}

void ReplyTextTest::copiesTextAcrossBlocks()
{
    const std::vector<Block> blocks =
        reply("<think>\nA\n</think>\nB *c*\n\n- d\n- e\n\n|f|g|\n|-|-|\n|h|i|\n\n$$x$$");
    QCOMPARE(copiedText(blocks, {}, kItemEnd, {}), QString("B c\n\n- d\n- e\n\nf\tg\nh\ti\n\n$$x$$"));
    QVERIFY(copiedText(blocks, {}, kItemEnd, {1}).startsWith("A\n\nB c"));
    QCOMPARE(copiedText(blocks, {2, {0, 2}}, {3, {0, 1}}, {}), QString("c\n- d").replace("c\n", "c\n\n"));
    QString code = "```\n";
    for (int i = 0; i < 500; ++i)
        code += QString("line %1\n").arg(i);
    QCOMPARE(copiedText(reply(code), {}, kItemEnd, {}), code.mid(4).chopped(1)); // over the cuts
}

QTEST_APPLESS_MAIN(ReplyTextTest)
#include "reply_text_test.moc"
