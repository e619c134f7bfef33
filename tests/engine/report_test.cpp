// SPDX-License-Identifier: GPL-3.0-or-later
// Reports of recordings as HTML and PDF: read by other programs, they say what the figures say.
#include "engine/report/recording_report.h"

#include <cmath>
#include <fstream>
#include <map>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "engine/analysis/run_figures.h"
#include "engine/report/advice_section.h"
#include "engine/report/html_report.h"
#include "engine/report/insight_sections.h"
#include "engine/report/pdf_report.h"
#include "engine/report/report_file.h"
#include "engine/report/report_words.h"
#include "engine/telemetry/metrics.h"
#include "engine/trace/trace_report.h"
#include "tests/engine/support/made_run.h"
#include "tests/engine/support/shared_load.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr char kHostile[] = "<script>alert('x')</script> & \"q\" \x01\xFF\xEF\xBF\xBE </title>";

/// Prints every text between tags; fails when tags do not balance, a script is there, an attribute leads out
/// of the file or an SVG is no XML.
constexpr char kReader[] = R"PY(
import sys, re, html.parser, xml.etree.ElementTree as tree
source = open(sys.argv[1], encoding="utf-8").read()
empty = {"meta", "link", "br", "img", "hr"}
class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(); self.open = []; self.texts = []
    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "link", "img", "iframe"), tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name not in ("href", "src"), name
        if tag not in empty: self.open.append(tag)
    def handle_startendtag(self, tag, attributes): pass
    def handle_endtag(self, tag): assert self.open.pop() == tag, tag
    def handle_data(self, data):
        if data.strip() and self.open[-1] != "style": self.texts.append(data)
reader = Reader(); reader.feed(source); reader.close()
assert not reader.open, reader.open
charts = re.findall(r"<svg.*?</svg>", source, re.S)
for chart in charts: tree.fromstring(chart)
sys.stdout.reconfigure(encoding="utf-8")
print(len(charts)); print("\n".join(reader.texts))
)PY";

Trace traceOf(const RecordedRun& run)
{
    Trace trace;
    trace.origin.pool = run.start;
    trace.origin.model = "SmolLM2 <135M>";
    trace.origin.device = "CPU, 2 threads";
    trace.origin.program = "vitrine-cli 1";
    trace.origin.unixNs = 1'790'000'000'000'000'000;
    trace.origin.steadyNs = run.steps.front().record.startNs;
    trace.steps = run.steps;
    trace.complete = true;
    for (const auto& [id, reply] : run.replies)
        trace.labels[id].title = "京都行李清单 packing list for two weeks in May";
    trace.labels[run.replies.begin()->first].title = kHostile;
    return trace;
}

const Trace& realTrace()
{
    static const Trace trace = traceOf(recordSharedLoad({.blocks = 20, .atOnce = 1}));
    return trace;
}

/// What must stand in any rendering.
QStringList figuresOf(const Trace& trace)
{
    const RunFigures run = runFigures(trace.steps);
    QStringList figures;
    for (const std::string& text :
         {durationText(run.firstToken.median()), durationText(run.between.median()),
          rateText(run.tokensPerSecond()), percentText(run.prefixHitRate()), percentText(run.kvMean),
          countText(run.requests.size()), countText(run.preemptions)})
        figures << QString::fromStdString(text);
    return figures;
}

QString runTool(const QString& tool, const QStringList& arguments, int* code = nullptr)
{
    QProcess process;
    process.start(tool, arguments);
    process.waitForFinished(60'000);
    if (code != nullptr)
        *code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return QString::fromUtf8(process.readAllStandardOutput()) +
           QString::fromUtf8(process.readAllStandardError());
}

} // namespace

class ReportTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QVERIFY(m_folder.isValid()); }

    void figuresReadAsAPersonWritesThem()
    {
        QCOMPARE(countText(1234567), std::string("1,234,567"));
        QCOMPARE(durationText(0.0584), std::string("58 ms"));
        QCOMPARE(durationText(1.2521), std::string("1.25 s"));
        QCOMPARE(durationText(754.6), std::string("12 min 35 s"));
        QCOMPARE(percentText(0.744), std::string("74 %"));
        QCOMPARE(axisTimeWords(12.0)(0.0), std::string("0 s")); // one unit along an axis
        QCOMPARE(axisTimeWords(12.0)(2.0), std::string("2 s"));
        QCOMPARE(axisTimeWords(0.3)(0.05), std::string("50 ms"));
        QCOMPARE(axisTimeWords(0.002)(0.0005), std::string("0.5 ms"));
        QCOMPARE(dateText(0), std::string("1970-01-01 00:00 UTC"));
        QCOMPARE(shortened("京都行李清单", 7), std::string("京都行…"));
        QCOMPARE(shortened("kyoto", 5), std::string("kyoto"));
    }

    void htmlIsReadByAnotherParserAndSaysTheFigures()
    {
        QVERIFY(!realTrace().steps.empty());
        const QString path = m_folder.filePath("report.html"), reader = m_folder.filePath("reader.py");
        QVERIFY(writeReport(recordingReport(realTrace()), path.toStdString()));
        std::ofstream(reader.toStdString()) << kReader;
        int code = -1;
        const QString texts = runTool("python3", {reader, path}, &code);
        QVERIFY2(code == 0, qPrintable(texts));
        const QStringList lines = texts.split('\n');
        QVERIFY(lines.first().toInt() >= 7);
        for (const QString& figure : figuresOf(realTrace()))
            QVERIFY2(lines.contains(figure), qPrintable(figure));
        QVERIFY(texts.contains("<script>alert")); // as text
    }

    void pdfIsReadByPopplerAndSaysTheFigures()
    {
        if (!canWritePdf())
            QSKIP("built without Pango");
        if (QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("poppler-utils is not there");
        const QString path = m_folder.filePath("report.pdf");
        QVERIFY(writeReport(recordingReport(realTrace()), path.toStdString()));
        int code = -1;
        const QString text = runTool("pdftotext", {"-layout", path, "-"}, &code);
        QCOMPARE(code, 0);
        for (const QString& figure : figuresOf(realTrace()))
            QVERIFY2(text.contains(figure), qPrintable(figure + "\n" + text));
        QVERIFY(text.contains("京都行李清单"));
        const int pages = static_cast<int>(text.count('\f'));
        QVERIFY(pages >= 2);
        for (int page = 1; page <= pages; ++page)
            QVERIFY(text.contains(QString("Page %1 of %2").arg(page).arg(pages)));
        QVERIFY(
            runTool("pdfinfo", {path}).contains(QRegularExpression("Pages:\\s+" + QString::number(pages))));
    }

    void aLongTableGoesOnWithItsHeadOnEveryPage()
    {
        if (!canWritePdf() || QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("needs Pango and poppler-utils");
        ReportDocument document;
        ReportTable table{{{"Numbers of rows", 1.0, false}, {"Text", 3.0, false}}, {}, ""};
        for (int i = 0; i < 200; ++i)
            table.rows.push_back({"row" + std::to_string(i), i % 7 == 0 ? std::string(300, 'w') : "short"});
        document.add(table);
        ReportChart tall{"Tall", "", 1e6, {}, {}};
        document.add(tall);
        const QString path = m_folder.filePath("table.pdf");
        QVERIFY(writeReport(document, path.toStdString()));
        const QStringList pages =
            runTool("pdftotext", {"-layout", path, "-"}).split('\f', Qt::SkipEmptyParts);
        QVERIFY(pages.size() > 3);
        int heads = 0;
        for (const QString& page : pages)
            heads += page.contains("Numbers of rows") ? 1 : 0;
        QCOMPARE(heads, int(pages.size()) - 1); // the last one has the chart
        for (int i = 0; i < 200; ++i)
            QCOMPARE(pages.join("").count(QRegularExpression("\\brow" + QString::number(i) + "\\b")), 1);
    }

    void whatTheAdvisorFoundIsWords()
    {
        Diagnosis diagnosis;
        diagnosis.kind = DiagnosisKind::PoolTooSmall;
        diagnosis.cause = {"The pool was full for %1 of the time.", {shareFigure(0.25)}};
        diagnosis.gains = {{GainMetric::Preemptions, 9.0, 0.0, GainSource::Replay}};
        ReportOptions options;
        options.findings.push_back(adviceSection({&diagnosis, 1}));
        const std::string page = htmlReport(recordingReport(Trace{}, options));
        for (const char* words : {"The pool was full for 25 % of the time.", "instead of 9, by replay"})
            QVERIFY2(page.find(words) != std::string::npos, words);
    }

    void aReportOfTwoRecordingsSaysWhatChangedAndHowSureThatIs()
    {
        MadeRun a, b;
        for (int i = 0; i < 30; ++i) {
            a.add({.prefill = 0.1 + 0.001 * i, .between = std::vector<double>(12, 0.05)});
            b.add({.prefill = 0.2 + 0.001 * i, .between = std::vector<double>(12, 0.05)});
        }
        Trace before, after;
        before.steps = a.steps;
        after.steps = b.steps;
        const QString path = m_folder.filePath("ab.html");
        QVERIFY(writeTraceReport(after, path.toStdString(), {}, {&before, "old <b>.vtrace", "new.vtrace"}));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = QString::fromUtf8(file.readAll());
        for (const char* said : {"A against B", "old &lt;b&gt;.vtrace", "new.vtrace", "First token, p50",
                                 "<td class=\"bad\">worse</td>", "Throughput", "30 of 30"})
            QVERIFY2(page.contains(QString::fromUtf8(said)), said);
        QVERIFY(page.indexOf("A against B") < page.indexOf("Over time"));
    }

    void aReportNamesTheMetricsAndWhatAnotherPoolWouldHaveDone()
    {
        const QString path = m_folder.filePath("whole.html");
        QVERIFY(writeTraceReport(realTrace(), path.toStdString()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = QString::fromUtf8(file.readAll());
        for (const char* said : {"Another size of the pool", "Prefix hits by size of the pool", "as recorded",
                                 "vitrine:time_to_first_token_seconds", "vitrine:num_preemptions_total"})
            QVERIFY2(page.contains(QString::fromUtf8(said)), said);
        QVERIFY(!page.contains("nan") && !page.contains("\"inf"));
    }

    /// The figures of the report and the registry that monitoring reads are of the same steps.
    void figuresAndMetricsAgree()
    {
        const RunFigures run = runFigures(realTrace().steps);
        Metrics metrics("m");
        for (const RecordedStep& step : realTrace().steps)
            metrics.add(step);
        std::map<std::string, double> value;
        for (const MetricFamily& family : metrics.families())
            for (const MetricValue& one : family.values)
                value[family.name] +=
                    one.histogram.empty() ? one.value : double(one.histogram.front().count());
        QCOMPARE(value["vitrine:engine_steps_total"], double(run.steps));
        QCOMPARE(value["vitrine:num_preemptions_total"], double(run.preemptions));
        QCOMPARE(value["vitrine:prefix_cache_hits_total"], double(run.cachedTokens));
        QCOMPARE(value["vitrine:prefix_cache_queries_total"], double(run.lookedUpTokens));
        QCOMPARE(value["vitrine:time_to_first_token_seconds"], double(run.firstToken.size()));
        QCOMPARE(value["vitrine:request_queue_time_seconds"], double(run.queue.size()));
        QVERIFY(std::abs(metrics.timeToFirstToken().sum() -
                         run.firstToken.mean() * double(run.firstToken.size())) < 1e-6);
    }

    void unusualTimesAreATable()
    {
        AnomalyLog::Found found;
        for (int i = 0; i < 60; ++i) {
            Anomaly anomaly;
            anomaly.startNs = 1'000'000'000LL * i;
            anomaly.endNs = anomaly.startNs + 5'000'000;
            anomaly.score = i == 3 ? 1e6 : i;
            anomaly.sentence = {"%1 requests waited at once, instead of %2.",
                                {countFigure(i), countFigure(0)}};
            found.all.push_back(anomaly);
        }
        found.count = found.firstOpen = 60;
        const ReportSection section = anomalySection(found, 0, 40);
        const auto* table = std::get_if<ReportTable>(&section.blocks.front());
        QVERIFY(table != nullptr);
        QCOMPARE(table->rows.size(), std::size_t{40});
        QCOMPARE(table->rows.front()[0], std::string("3.00 s")); // the worst ones, in their order
        QCOMPARE(table->rows.front()[4], std::string("1,000"));
        QVERIFY(table->note.starts_with("20 more"));
    }

    void findingsStandBehindTheFigures()
    {
        ReportOptions options;
        options.findings.push_back(
            {"Store KV as int8", {ReportParagraph{"The pool was full for 31 %.", false}}});
        const std::string html = htmlReport(recordingReport(realTrace(), options));
        const std::size_t finding = html.find("Store KV as int8");
        QVERIFY(finding != std::string::npos && finding > html.find("<dl>") &&
                finding < html.find("Over time"));
    }

    void aSelectionIsAReportToo()
    {
        const Trace& trace = realTrace();
        const auto part = std::span(trace.steps).subspan(trace.steps.size() / 2, 20);
        const ReportDocument report =
            recordingReport(ReportSource{trace.origin, part, trace.labels, trace.vocabulary, 0, "", true});
        QVERIFY(report.title.starts_with("Part of a recording"));
        QVERIFY(htmlReport(report).size() > 3000);
    }

    void nothingRecordedIsAReportToo()
    {
        const Trace empty;
        const std::string html = htmlReport(recordingReport(empty));
        QVERIFY(html.find("nan") == std::string::npos && html.find("inf") == std::string::npos);
        if (canWritePdf())
            QVERIFY(pdfReport(recordingReport(empty)).has_value());
    }

    void absurdTimesAreDrawn()
    {
        MadeRun made;
        for (int i = 0; i < 5; ++i)
            made.add({.between = {0.05, 0.05}});
        made.steps[3].record.startNs = std::numeric_limits<std::int64_t>::min();
        made.steps[4].record.endNs = std::numeric_limits<std::int64_t>::max();
        made.steps[5].record.blocksReferenced = 0xFFFFFFFFU;
        Trace trace;
        trace.steps = made.steps;
        trace.origin.unixNs = std::numeric_limits<std::int64_t>::max();
        trace.origin.steadyNs = std::numeric_limits<std::int64_t>::min();
        const ReportDocument report = recordingReport(trace);
        const std::string html = htmlReport(report);
        QVERIFY(html.find("nan") == std::string::npos && html.find("\"inf") == std::string::npos);
        if (canWritePdf())
            QVERIFY(pdfReport(report).has_value());
    }

    void manyTurnsOfFateStayASmallChart()
    {
        Trace trace;
        const RequestId id{1};
        for (std::uint64_t i = 1; i <= 40'000; ++i) {
            RecordedStep& step = trace.steps.emplace_back();
            step.record.step = i;
            step.record.startNs = std::int64_t(i) * 1'000'000;
            step.record.endNs = step.record.startNs + 900'000;
            step.rows = {{id, i % 2 == 0 ? 1U : 0U, i % 2 == 0 ? 0U : 1U, 5, 1}};
        }
        trace.origin.model = std::string(1'000'000, 'm');
        QVERIFY(htmlReport(recordingReport(trace)).size() < 500'000);
    }

    void aFileThatCannotBeWrittenIsSaid()
    {
        QVERIFY(!writeReport({}, "/nowhere/report.html"));
        QVERIFY(!writeReport({}, m_folder.filePath("report.doc").toStdString()));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(ReportTest)
#include "report_test.moc"
