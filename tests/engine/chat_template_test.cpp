// SPDX-License-Identifier: GPL-3.0-or-later
// Chat templates against renderings of the reference implementation, and against hostile ones.
#include <QtTest>

#include "engine/tokenizer/chat_template.h"
#include "tests/engine/support/tokenizer_fixture.h"
#include "tests/support/sanitizer.h"

using namespace vitrine;
using engine::ChatTemplate;
using nlohmann::ordered_json;

namespace {

/// The text, or "error: …".
std::string rendered(std::string_view source, const ordered_json& variables = ordered_json::object())
{
    const auto compiled = ChatTemplate::compile(source);
    if (!compiled)
        return "error: " + compiled.error().message;
    const auto text = (*compiled)->render(variables);
    return text ? *text : "error: " + text.error().message;
}

bool failsWith(std::string_view source, std::string_view part)
{
    const std::string result = rendered(source);
    const bool fails = result.starts_with("error: ") && result.find(part) != std::string::npos;
    if (!fails)
        qWarning("%.200s", result.c_str());
    return fails;
}

} // namespace

class ChatTemplateTest : public QObject
{
    Q_OBJECT

private slots:
    void rendersTheReference();
    void rendersAsJinjaDoes();
    void rendersTheCommonCase();
    void syntaxErrorsNameTheLine();
    void runtimeErrorsNameTheLine();
    void raisedTextStandsAlone();
    void clockCanBeFixed();
    void endlessTemplatesEnd_data();
    void endlessTemplatesEnd();
    void loopsMayOutliveThemselves();
    void refusesVariablesThatAreNoObject();
};

void ChatTemplateTest::rendersTheReference()
{
    const auto all = test::readJson(VITRINE_TEST_DATA "/chat_templates.json");
    QCOMPARE(all["renderings"].size(), std::size_t(54));
    for (const auto& row : all["renderings"]) {
        const auto name = row["template"].get<std::string>();
        ordered_json variables = all["conversations"][row["conversation"].get<std::size_t>()];
        variables["bos_token"] = "<s>";
        variables["eos_token"] = "</s>";
        variables["now"] = "2026-01-02T03:04:05";
        const bool raises = row.contains("error");
        const std::string expected =
            raises ? "error: " + row["error"].get<std::string>() : row["text"].get<std::string>();
        QCOMPARE(rendered(all["templates"][name].get<std::string>(), variables), expected);
    }
}

void ChatTemplateTest::rendersAsJinjaDoes()
{
    const auto all = test::readJson(VITRINE_TEST_DATA "/jinja_cases.json");
    ordered_json variables = all["variables"];
    variables["now"] = "2026-01-02T03:04:05";
    QVERIFY(all["cases"].size() > 1000);
    for (const auto& row : all["cases"]) {
        const auto source = row["template"].get<std::string>();
        const std::string result = rendered(source, variables);
        if (row.contains("fails"))
            QVERIFY2(result.starts_with("error: "), source.c_str());
        else
            QVERIFY2(result == row["text"].get<std::string>(), (source + "\n-> " + result).c_str());
    }
}

void ChatTemplateTest::rendersTheCommonCase()
{
    const auto compiled =
        ChatTemplate::compile("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}"
                              "{{ eos_token }}{% endfor %}{% if add_generation_prompt %}>{% endif %}"
                              "{{ tools is none }}");
    QVERIFY(compiled.has_value());
    const auto text = (*compiled)->render({{"user", "hi"}, {"assistant", "{{ 1 }}"}}, true, "<s>", "</s>");
    QVERIFY(text.has_value());
    QCOMPARE(*text, std::string("<s>[user]hi</s>[assistant]{{ 1 }}</s>>True"));
}

void ChatTemplateTest::syntaxErrorsNameTheLine()
{
    QVERIFY(failsWith("a\n{% if x %}\nb", "line 3"));
    QVERIFY(failsWith("a\n\n{{ 1 + }}", "line 3"));
    QVERIFY(failsWith("{% frobnicate %}", "line 1"));
    QVERIFY(failsWith("\n{{ 'abc }}", "line 2"));
    QVERIFY(failsWith("\n{{ (1 }}", "line 2"));
    QVERIFY(failsWith("{# never closed", "line 1"));
    QVERIFY(failsWith("\n\n{% raw %}", "line 3"));
    QVERIFY(failsWith("{% for x in y %}{% endif %}", "line 1"));
    QVERIFY(failsWith("{% break %}", "outside a loop"));
    QVERIFY(failsWith("{{ 99999999999999999999 }}", "too large"));
}

void ChatTemplateTest::runtimeErrorsNameTheLine()
{
    QVERIFY(failsWith("a\n{{ x.y }}", "line 2: 'x' is undefined"));
    QVERIFY(failsWith("\n\n{{ {}.a.b }}", "line 3: 'dict object' has no attribute 'a'"));
    QVERIFY(failsWith("{{ 'a' + 1 }}", "can only concatenate str (not \"int\") to str"));
    QVERIFY(failsWith("{{ 1 / 0 }}", "division by zero"));
    QVERIFY(failsWith("{{ 1 | nothing }}", "No filter named 'nothing'"));
    QVERIFY(failsWith("{{ 1 is nothing }}", "No test named 'nothing'"));
    QVERIFY(failsWith("{{ [].append(1) }}", "cannot change"));
    QVERIFY(failsWith("{{ 9223372036854775807 + 1 }}", "too large"));
    QVERIFY(failsWith("{% set x = 5 %}{% set x.y = 1 %}", "non-namespace"));
}

void ChatTemplateTest::raisedTextStandsAlone()
{
    QCOMPARE(rendered("\n{{ raise_exception('No system role!') }}"), std::string("error: No system role!"));
}

void ChatTemplateTest::clockCanBeFixed()
{
    QCOMPARE(rendered("{{ strftime_now('%Y-%m-%d %H:%M:%S %A %j') }}{{ now is defined }}",
                      {{"now", "2024-02-29T23:59:58"}}),
             std::string("2024-02-29 23:59:58 Thursday 060False"));
    QVERIFY(rendered("", {{"now", "soon"}}).starts_with("error: "));
    QVERIFY(!rendered("{{ strftime_now('%B') }}").empty());
}

void ChatTemplateTest::endlessTemplatesEnd_data()
{
    QTest::addColumn<QString>("source");
    const auto nested = [](const QString& open, const QString& inside, const QString& close, int count) {
        return open.repeated(count) + inside + close.repeated(count);
    };
    if (!vitrine::tests::kSanitized) // they end alike, after all that a template may do: seconds there
        QTest::newRow("loops in loops") << nested("{% for a in range(1000) %}", "x", "{% endfor %}", 9);
    QTest::newRow("loops that do nothing") << nested("{% for a in range(100000) %}", "", "{% endfor %}", 3);
    QTest::newRow("macro calls itself") << "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}";
    QTest::newRow("macro calls itself twice")
        << "{% macro f(x) %}{% if x %}{{ f(x - 1) }}{{ f(x - 1) }}{% endif %}"
           "{% endmacro %}{{ f(60) }}";
    QTest::newRow("doubling text") << "{% set n = namespace(s='ab') %}{% for i in range(99) %}"
                                      "{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}";
    QTest::newRow("doubling list") << "{% set n = namespace(s=[1]) %}{% for i in range(99) %}"
                                      "{% set n.s = n.s + n.s %}{% endfor %}{{ n.s }}";
    QTest::newRow("list that holds itself") << "{% set n = namespace(s=[1]) %}{% for i in range(5000) %}"
                                               "{% set n.s = [n.s] %}{% endfor %}{{ n.s }}";
    QTest::newRow("twice itself") << "{% set n = namespace(s=[1]) %}{% for i in range(90) %}"
                                     "{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s | tojson }}";
    QTest::newRow("list of its method") << "{% set n = namespace(s=[1]) %}{% for i in range(100000) %}"
                                           "{% set n.s = [n.s.index] %}{% endfor %}";
    QTest::newRow("list of its loop") << "{% set n = namespace(s=[1]) %}{% for i in range(100000) %}"
                                         "{% for j in n.s %}{% set n.s = [loop] %}{% endfor %}{% endfor %}";
    QTest::newRow("long range") << "{{ range(1000000000000) | list }}";
    QTest::newRow("text times a number") << "{{ 'ab' * 1000000000000 }}";
    QTest::newRow("list times a number") << "{{ [1] * 1000000000000 }}";
    QTest::newRow("replacement grows") << "{% set s = 'a' * 100000 %}{{ s | replace('a', s) }}";
    QTest::newRow("join grows") << "{% set s = 'a' * 10000 %}{{ range(100000) | join(s) }}";
    QTest::newRow("indent") << "{{ ('\\n' * 1000000) | indent(10000, true, true) }}";
    QTest::newRow("padding") << "{{ 'a'.ljust(10000000000000) ~ 'a' | center(10000000000000) }}";
    QTest::newRow("power") << "{{ 10 ** 10000000000 }}";
    QTest::newRow("search") << "{% set s = 'a' * 1000000 %}{% for i in range(100000) %}"
                               "{{ 'b' in s }}{% endfor %}";
    QTest::newRow("parentheses") << "{{ " + nested("(", "1", ")", 100000) + " }}";
    QTest::newRow("brackets") << "{{ " + nested("[", "1", "]", 100000) + " }}";
    QTest::newRow("nots") << "{{ " + QString("not ").repeated(100000) + "1 }}";
    QTest::newRow("minuses") << "{{ " + QString("- ").repeated(100000) + "1 }}";
    QTest::newRow("sums") << "{{ 1" + QString(" + 1").repeated(100000) + " }}";
    QTest::newRow("filters") << "{{ 1" + QString(" | abs").repeated(100000) + " }}";
    QTest::newRow("attributes") << "{{ a" + QString(".b").repeated(100000) + " }}";
    QTest::newRow("conditions") << "{{ 1" + QString(" if 1").repeated(100000) + " }}";
    QTest::newRow("ifs") << nested("{% if 1 %}", "x", "{% endif %}", 100000);
    QTest::newRow("targets") << "{% for " + nested("(", "a", ")", 100000) + " in b %}{% endfor %}";
    QTest::newRow("calls") << "{{ a" + QString("()").repeated(100000) + " }}";
}

void ChatTemplateTest::endlessTemplatesEnd()
{
    QFETCH(QString, source);
    const std::string result = rendered(source.toStdString());
    QVERIFY2(result.starts_with("error: line "), result.substr(0, 200).c_str());
}

void ChatTemplateTest::loopsMayOutliveThemselves()
{
    QCOMPARE(
        rendered(
            "{% set n = namespace() %}{% for i in [1, 2] %}{% set n.c = loop.changed %}{% set n.l = loop %}"
            "{% macro m() %}{{ i }}{% endmacro %}{% set n.m = m %}{% endfor %}"
            "{{ n.c(n.l) }}{{ n.c(n.l) }}{{ n.l.index }}{{ n.l.changed(n) }}{{ n.m() }}"),
        std::string("TrueFalse2True"));
}

void ChatTemplateTest::refusesVariablesThatAreNoObject()
{
    QVERIFY(rendered("x", ordered_json::array()).starts_with("error: "));
    ordered_json deep = 1;
    for (int i = 0; i < 1000; ++i)
        deep = ordered_json::array({deep});
    QVERIFY(rendered("x", {{"deep", deep}}).starts_with("error: "));
}

QTEST_APPLESS_MAIN(ChatTemplateTest)
#include "chat_template_test.moc"
