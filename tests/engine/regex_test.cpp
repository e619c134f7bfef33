// SPDX-License-Identifier: GPL-3.0-or-later
// The expressions of tokenisers: what is refused and how, and that work is bounded. What they match is
// compared with a reference in tokenizer_json_test.
#include <QtTest>

#include "engine/tokenizer/regex/regex.h"

using vitrine::engine::regex::Budget;
using vitrine::engine::regex::Matches;
using vitrine::engine::regex::Regex;

namespace {

std::vector<std::string> allMatches(std::string_view pattern, std::string_view text)
{
    std::vector<std::string> all;
    const auto regex = Regex::compile(pattern);
    if (!regex)
        return {regex.error().message};
    Budget budget(text.size());
    Matches matches(*regex, text, budget);
    while (const auto match = matches.next())
        all.emplace_back(text.substr(match->begin, match->end - match->begin));
    return all;
}

} // namespace

class RegexTest : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void refuses_data();
    void refuses();
    void takesBrokenBytesOneByOne();
    void stopsWhenTheBudgetIsUsedUp();
    void takesTimeInProportion();
};

void RegexTest::matches_data()
{
    using Texts = std::vector<std::string>;
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Texts>("expected");
    const auto row = [](const char* pattern, const char* text, const Texts& expected) {
        QTest::newRow(pattern) << std::string(pattern) << std::string(text) << expected;
    };
    row("a|ab", "ab", {"a"}); // the first alternative, not the longest
    row("(?:a|ab)c", "abc", {"abc"});
    row("a++b|aac", "aab aac", {"aab", "aac"});
    row("a*+a|x", "aax", {"x"}); // what is possessed is not given back
    row("a{2}", "aaaaa", {"aa", "aa"});
    row("a{,2}b", "aaab", {"aab"});
    row("a{2,}?", "aaaaa", {"aa", "aa"});
    row("(?i)k", "k K \xE2\x84\xAA", {"k", "K", "\xE2\x84\xAA"}); // the sign for kelvin
    row("(?i:a)b", "Ab AB", {"Ab"});
    row("a(?i)b|c", "aB C", {"aB"}); // the option holds for the alternatives behind it, in the group
    row("[a-c&&[^b]]+", "abcca", {"a", "cca"});
    row("[]a]+", "]a[", {"]a"});
    row("[^]a]", "]ab", {"b"});
    row("[a\\-z]+", "a-z", {"a-z"});
    row("\\x41\\u00e9\\x{1F600}", "A\xC3\xA9\xF0\x9F\x98\x80", {"A\xC3\xA9\xF0\x9F\x98\x80"});
    row("(?<=a)b|(?<!a)c", "ab ac cb", {"b", "c"});
    row("^b|b$", "b\nb", {"b", "b"});
    row("\\Ab|b\\z", "b\nb\nb", {"b", "b"});
    row("\\p{Han}|\\p{^L}", "a漢1", {"漢", "1"});
    row("x*", "axa", {"", "x", ""});
}

void RegexTest::matches()
{
    QFETCH(std::string, pattern);
    QFETCH(std::string, text);
    using Texts = std::vector<std::string>;
    QFETCH(Texts, expected);
    QCOMPARE(allMatches(pattern, text), expected);
}

void RegexTest::refuses_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("said");
    const auto row = [](const std::string& pattern, const char* said) {
        QTest::newRow(pattern.substr(0, 40).c_str()) << pattern << std::string(said);
    };
    row("", "has 0 bytes");
    row("(a", "at byte 2: a group is not closed");
    row("a)", "at byte 1: a parenthesis closes nothing");
    row("[a", "at byte 2: a set is not closed");
    row("[b-a]", "runs backwards");
    row("*a", "there is nothing to repeat");
    row("a{3,1}", "number of times");
    row("a{5000}", "1000 at most");
    row("a{1,3}+", "a repeat is repeated");
    row("(a)\\1", "\\1 is not supported");
    row("(?<name>a)", "this kind of group is not supported");
    row("(?<=ab)c", "looking back at more than one character");
    row("[[:alpha:]]", "named sets");
    row("\\p{Klingon}", "\\p{Klingon} is not a property");
    row("\\x{110000}", "is not the number of a character");
    row("(?:a?)*", "repeats without end what may be empty");
    row("\xFF", "is not valid UTF-8");
    row("(?:(?:(?:a{100}b){100}){100})", "is too large");
    row(std::string(100, '(') + std::string(100, ')'), "too deep");
    row(std::string(50, '['), "too deep");
    row(std::string(20000, 'a'), "20000 bytes");
}

void RegexTest::refuses()
{
    QFETCH(std::string, pattern);
    QFETCH(std::string, said);
    const auto compiled = Regex::compile(pattern);
    QVERIFY(!compiled);
    QVERIFY2(compiled.error().message.find(said) != std::string::npos, compiled.error().message.c_str());
}

void RegexTest::takesBrokenBytesOneByOne()
{
    using Texts = std::vector<std::string>;
    QCOMPARE(allMatches("[^a]", "a\xE2\x82"
                                "a\xFF"),
             (Texts{"\xE2", "\x82", "\xFF"}));
    QCOMPARE(allMatches("[^a]+\xE2\x82\xAC", "\x80\xE2\x82\xAC"), (Texts{"\x80\xE2\x82\xAC"}));
}

void RegexTest::stopsWhenTheBudgetIsUsedUp()
{
    const auto regex = Regex::compile("(?:a|aa|b?a)+z");
    QVERIFY(regex);
    const std::string text(400, 'a');
    Budget budget(text.size());
    QVERIFY(!regex->find(text, 0, budget));
    QVERIFY(budget.exhausted());
    QVERIFY(!regex->find("az", 0, budget)); // it stays so
}

void RegexTest::takesTimeInProportion()
{
    // A run at the end of which nothing matches is left at once, not after a search from each of its
    // characters.
    const auto regex = Regex::compile("\\s+$");
    QVERIFY(regex);
    const std::string text = std::string(300000, ' ') + "a ";
    Budget budget(text.size());
    const auto match = regex->find(text, 0, budget);
    QVERIFY(match && match->begin == text.size() - 1);
    QVERIFY(!budget.exhausted());
}

QTEST_APPLESS_MAIN(RegexTest)
#include "regex_test.moc"
