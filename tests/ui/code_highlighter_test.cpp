// SPDX-License-Identifier: GPL-3.0-or-later
// What is coloured in the languages people ask for.
#include <random>

#include <QTest>

#include "ui/chat/markdown/code_highlighter.h"

using namespace vitrine::ui;

namespace {

/// "k[return] n[42]": the coloured stretches of some lines, with the first letter of what they are.
QString coloured(const QString& language, const QString& code)
{
    const CodeHighlighter highlighter(language);
    CodeState state = CodeState::None;
    QStringList parts;
    for (const QString& line : code.split('\n')) {
        for (const CodeSpan& span : highlighter.highlight(line, state))
            parts << QString("kscfnt"[int(span.token)]) + '[' + line.mid(span.start, span.length) + ']';
    }
    return parts.join(' ');
}

} // namespace

class CodeHighlighterTest : public QObject
{
    Q_OBJECT

private slots:
    void highlightsOverLines();
    void highlightsLanguages_data();
    void highlightsLanguages();
    void highlightingStaysInsideItsLine();
};

void CodeHighlighterTest::highlightsOverLines()
{
    const CodeHighlighter c("C++");
    CodeState state = CodeState::None;
    QList<CodeSpan> expected{
        {0, 6, CodeToken::Keyword}, {7, 4, CodeToken::String}, {13, 4, CodeToken::Comment}};
    QCOMPARE(c.highlight(u"return \"//\"; // x", state), expected);
    expected = {{0, 3, CodeToken::Type}, {4, 4, CodeToken::Function}, {11, 4, CodeToken::Comment}};
    QCOMPARE(c.highlight(u"int main() /* a", state), expected);
    QVERIFY(state != CodeState::None);
    expected = {{0, 4, CodeToken::Comment}, {5, 6, CodeToken::Keyword}};
    QCOMPARE(c.highlight(u"b */ return", state), expected);
    QCOMPARE(state, CodeState::None);
}

void CodeHighlighterTest::highlightsLanguages_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("expected");
    const auto add = [](const char* language, const char* code, const char* expected) {
        QTest::newRow(language) << QString::fromUtf8(code) << QString::fromUtf8(expected);
    };
    add("c", "#include <stdio.h>\nstatic int f(char *s) { return 0x1F; } /* a\nb */",
        "k[#include] k[static] t[int] f[f] t[char] k[return] n[0x1F] c[/* a] c[b */]");
    add("c++", "auto s = R\"(a\nb)\"; std::vector<int> v{1'000, 2.5e-3};",
        "k[auto] s[R\"(a] s[b)\"] t[vector] t[int] n[1] n[000] n[2.5e-3]");
    add("c#", "public async Task<string> Get() => $@\"a\nb\"; // x",
        "k[public] k[async] t[Task] t[string] f[Get] s[$@\"a] s[b\"] c[// x]");
    add("java", "public final class A { String s = \"x\"; }",
        "k[public] k[final] k[class] t[A] t[String] s[\"x\"]");
    add("kotlin", "fun main() { val s: String = \"\"\"a\nb\"\"\" }",
        "k[fun] f[main] k[val] t[String] s[\"\"\"a] s[b\"\"\"]");
    add("swift", "func f(_ n: Int) -> Bool { return n > 3 }", "k[func] f[f] t[Int] t[Bool] k[return] n[3]");
    add("go", "func main() { s := `a\nb`; fmt.Println(s, 1) }",
        "k[func] f[main] s[`a] s[b`] f[Println] n[1]");
    add("rust", "fn f<'a>(s: &'a str) -> char { println!(\"x\"); 'c' }",
        "k[fn] t['a] t['a] t[str] t[char] f[println] s[\"x\"] s['c']");
    add("python", "def f(x: int) -> str:\n    \"\"\"doc\n    more\"\"\"\n    return x_1 + 2.0  # why",
        "k[def] f[f] t[int] t[str] s[\"\"\"doc] s[    more\"\"\"] k[return] n[2.0] c[# why]");
    add("javascript", "const f = async () => `a ${b}\nc`; // d\nf(1)",
        "k[const] k[async] s[`a ${b}] s[c`] c[// d] f[f] n[1]");
    add("typescript", "interface A { x: number; y?: Promise<string> }",
        "k[interface] t[A] t[number] t[Promise] t[string]");
    add("html", "<a href=\"x\"\n class='y'>a &amp; b</a><!-- c\nd -->",
        "k[<a] f[href] s[\"x\"] f[class] s['y'] k[>] n[&amp;] k[</a] k[>] c[<!-- c] c[d -->]");
    add("css", ".card > a:hover {\n  color: #fff; margin: 1.5em; }\n@media print { /* x */ }",
        "t[.card] t[a] f[color] n[#fff] f[margin] n[1.5em] k[@media] t[print] c[/* x */]");
    add("sql", "SELECT count(*) FROM t WHERE a = 'it''s' AND b > 10 -- x",
        "k[SELECT] f[count] k[FROM] k[WHERE] s['it'] s['s'] k[AND] n[10] c[-- x]");
    add("bash", "for f in *.txt; do\n  echo \"$f\" ${HOME} # x\ndone",
        "k[for] k[in] k[do] f[echo] s[\"$f\"] t[${HOME}] c[# x] k[done]");
    add("powershell", "Get-ChildItem $path | Where-Object { $_ -eq 'a' } <# b\nc #>",
        "f[Get-ChildItem] t[$path] t[$_] k[-eq] s['a'] c[<# b] c[c #>]");
    add("json", "{\"a\": [1, -2.5e3, true, \"b\"]}", "f[\"a\"] n[1] n[2.5e3] k[true] s[\"b\"]");
    add("yaml", "name: x # y\nlist:\n  - 'a'\n  - 12\nok: true",
        "f[name] c[# y] f[list] s['a'] n[12] f[ok] k[true]");
    add("toml", "[server]\nport = 80 # x\nname = \"a\"", "t[[server]] f[port] n[80] c[# x] f[name] s[\"a\"]");
    add("php", "function f(int $a): string { return \"x\"; } # y",
        "k[function] f[f] t[int] t[$a] t[string] k[return] s[\"x\"] c[# y]");
    add("ruby", "class A\n  def ok?(x) = x.nil?\n=begin\nb\n=end\nend",
        "k[class] t[A] k[def] f[ok?] c[=begin] "
        "c[b] c[=end] k[end]");
    add("lua", "local x = [[a\nb]] --[[ c\nd ]] print(x) -- e",
        "k[local] s[[[a] s[b]]] c[--[[ c] c[d ]]] f[print] c[-- e]");
    add("r", "f <- function(x) { mean(x, na.rm = TRUE) } # y", "k[function] f[mean] k[TRUE] c[# y]");
    add("haskell", "module Main where\nf' :: Int -> [a] {- b\nc -} -- d",
        "k[module] t[Main] k[where] t[Int] c[{- b] c[c -}] c[-- d]");
    add("markdown", "# Head\ntext `code` [a](b)\n```\nx\n```",
        "k[# Head] s[`code`] f[[a](b)] c[```] s[x] c[```]");
    add("diff", "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n same",
        "c[--- a] c[+++ b] f[@@ -1 +1 @@] s[-old] k[+new]");
    add("cmake", "add_executable(a main.cpp) # x\nif(NOT ${B} STREQUAL \"c\")",
        "f[add_executable] c[# x] k[if] k[NOT] t[${B}] k[STREQUAL] s[\"c\"]");
    add("makefile", "all: main.o # x\n\tgcc -o $@ $CC", "f[all] c[# x] f[gcc] t[$CC]");
    add("dockerfile", "FROM debian:12 AS build\nRUN echo \"a\" # b",
        "k[FROM] n[12] k[AS] k[RUN] s[\"a\"] c[# b]");
    add("a language of its own", "call 'x' it's 12", "s['x'] n[12]");
}

void CodeHighlighterTest::highlightsLanguages()
{
    QFETCH(QString, code);
    QFETCH(QString, expected);
    QCOMPARE(coloured(QTest::currentDataTag(), code), expected);
}

void CodeHighlighterTest::highlightingStaysInsideItsLine()
{
    const unsigned seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    const QString letters = "ab1\"'`#/*-<>[]{}$@\\=:;.!& ";
    for (const char* language : {"cpp", "rust", "python", "html", "css", "bash", "powershell", "yaml", "toml",
                                 "lua", "markdown", "diff", "cmake", "ruby", "haskell", ""}) {
        const CodeHighlighter highlighter(language);
        CodeState state = CodeState::None;
        for (int i = 0; i < 3000; ++i) {
            QString line;
            for (int n = int(random() % 20); n > 0; --n)
                line += letters[qsizetype(random() % std::size_t(letters.size()))];
            qsizetype end = 0;
            for (const CodeSpan& span : highlighter.highlight(line, state)) {
                QVERIFY2(span.start >= end && span.length > 0 && span.start + span.length <= line.size(),
                         qPrintable(QString("%1: %2").arg(language, line)));
                end = span.start + span.length;
            }
        }
    }
}

QTEST_APPLESS_MAIN(CodeHighlighterTest)
#include "code_highlighter_test.moc"
