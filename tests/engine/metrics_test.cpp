// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics say what the recording says, and Prometheus can read them: a reader of its format, written from its
// specification, takes the text apart again.
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include <QRegularExpression>
#include <QTest>

#include "engine/telemetry/metrics.h"
#include "engine/telemetry/metrics_text.h"
#include "engine/trace/request_life.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

/// A text in Prometheus's exposition format 0.0.4, line by line.
class Exposition
{
public:
    explicit Exposition(const std::string& text)
    {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            read(line);
        if (text.empty() || text.back() != '\n')
            problems.push_back("the last line has no end");
    }

    using Labels = std::map<std::string, std::string>;
    struct Sample
    {
        std::string name;
        Labels labels;
        double value;
    };

    double value(const std::string& name, const Labels& labels) const
    {
        for (const Sample& sample : samples)
            if (sample.name == name && sample.labels == labels)
                return sample.value;
        return std::nan("");
    }

    std::vector<Sample> samples;
    std::map<std::string, std::string> types, help;
    std::vector<std::string> problems;

private:
    void read(const std::string& line)
    {
        static const QRegularExpression help_(QStringLiteral("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$"));
        static const QRegularExpression type_(
            QStringLiteral("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$"));
        static const QRegularExpression sample_(
            QStringLiteral("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? ([^ ]+)$"));
        const QString text = QString::fromStdString(line);
        if (const auto parts = help_.match(text); parts.hasMatch()) {
            if (!help.emplace(part(parts, 1), part(parts, 2)).second)
                problems.push_back("twice: " + line);
        } else if (const auto type = type_.match(text); type.hasMatch()) {
            if (!types.emplace(part(type, 1), part(type, 2)).second)
                problems.push_back("twice: " + line);
        } else if (const auto sample = sample_.match(text); sample.hasMatch()) {
            takeSample(line, sample);
        } else {
            problems.push_back("unreadable: " + line);
        }
    }
    void takeSample(const std::string& line, const QRegularExpressionMatch& parts)
    {
        const std::string name = part(parts, 1);
        const Labels labels = readLabels(parts.captured(3));
        if (!m_seen.emplace(name, labels).second)
            problems.push_back("twice: " + line);
        if (familyOf(name).empty())
            problems.push_back("no type before: " + line);
        samples.push_back({name, labels, number(part(parts, 4))});
    }
    static std::string part(const QRegularExpressionMatch& parts, int index)
    {
        return parts.captured(index).toStdString();
    }
    std::string familyOf(const std::string& name) const
    {
        for (const char* suffix : {"", "_bucket", "_sum", "_count"}) {
            const std::string end = suffix;
            if (name.size() < end.size() || name.substr(name.size() - end.size()) != end)
                continue;
            const auto known = types.find(name.substr(0, name.size() - end.size()));
            if (known != types.end() && (end.empty() != (known->second == "histogram")))
                return known->first;
        }
        return {};
    }
    Labels readLabels(const QString& text)
    {
        static const QRegularExpression label(
            QStringLiteral(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)",?)re"));
        Labels labels;
        qsizetype at = 0;
        while (at < text.size()) {
            const auto parts = label.match(text, at, QRegularExpression::NormalMatch,
                                           QRegularExpression::AnchorAtOffsetMatchOption);
            if (!parts.hasMatch())
                break;
            labels[part(parts, 1)] = plain(part(parts, 2));
            at = parts.capturedEnd();
        }
        if (at < text.size())
            problems.push_back("unreadable labels: " + text.mid(at).toStdString());
        return labels;
    }
    static std::string plain(const std::string& escaped)
    {
        std::string out;
        for (std::size_t i = 0; i < escaped.size(); ++i)
            out += escaped[i] != '\\' ? escaped[i] : escaped[++i] == 'n' ? '\n' : escaped[i];
        return out;
    }
    double number(const std::string& text)
    {
        if (text == "+Inf")
            return std::numeric_limits<double>::infinity();
        std::size_t end = 0;
        const double value = std::stod(text, &end);
        if (end != text.size())
            problems.push_back("no number: " + text);
        return value;
    }

    std::set<std::pair<std::string, Labels>> m_seen;
};

Exposition expose(const Metrics& metrics)
{
    std::ostringstream out;
    writeMetrics(metrics.families(), out);
    return Exposition(out.str());
}

std::string problemsOf(const Exposition& text)
{
    return text.problems.empty() ? std::string() : text.problems.front();
}

} // namespace

class MetricsTest : public QObject
{
    Q_OBJECT

private:
    RecordedRun m_run;
    RequestLives m_lives;
    const Exposition::Labels m_labels{{"model_name", "m"}};

    double of(const Exposition& text, const std::string& name) const
    {
        return text.value("vitrine:" + name, m_labels);
    }

private slots:
    void initTestCase()
    {
        m_run = recordRun();
        QCOMPARE(m_run.error, std::string());
        for (const RecordedStep& step : m_run.steps)
            m_lives.add(step);
    }

    void countersAreTheSumsOfTheRecording()
    {
        Metrics metrics("m");
        StepFigures sums;
        std::uint64_t steps = 0, said = 0, preempted = 0;
        for (const RecordedStep& step : m_run.steps) {
            metrics.add(step);
            steps += step.record.step != 0 ? 1 : 0;
            sums.lookedUpTokens += step.record.lookedUpTokens;
            sums.cachedTokens += step.record.cachedTokens;
            sums.recomputedTokens += step.record.recomputedTokens;
            sums.swappedOut += step.record.swappedOut + step.record.swappedIn;
            preempted += step.record.preemptions;
        }
        for (const auto& [id, reply] : m_run.replies)
            said += reply.tokens.size();
        const Exposition text = expose(metrics);
        QCOMPARE(problemsOf(text), std::string());
        QCOMPARE(of(text, "engine_steps_total"), static_cast<double>(steps));
        QCOMPARE(of(text, "prefix_cache_queries_total"), static_cast<double>(sums.lookedUpTokens));
        QCOMPARE(of(text, "prefix_cache_hits_total"), static_cast<double>(sums.cachedTokens));
        QCOMPARE(of(text, "recomputed_tokens_total"), static_cast<double>(sums.recomputedTokens));
        QCOMPARE(of(text, "swapped_blocks_total"), static_cast<double>(sums.swappedOut));
        QCOMPARE(of(text, "num_preemptions_total"), static_cast<double>(preempted));
        QVERIFY(preempted > 0 && sums.lookedUpTokens > 0);
        QCOMPARE(of(text, "generation_tokens_total"), static_cast<double>(said));
        QCOMPARE(of(text, "prompt_tokens_total"), 5.0 * 40);
        QCOMPARE(
            text.value("vitrine:request_success_total", {{"model_name", "m"}, {"finished_reason", "length"}}),
            5.0);
        QCOMPARE(
            text.value("vitrine:request_success_total", {{"model_name", "m"}, {"finished_reason", "stop"}}),
            0.0);
    }

    void gaugesAreThoseOfTheLastStep()
    {
        Metrics metrics("m");
        for (const RecordedStep& step : m_run.steps) {
            metrics.add(step);
            if (step.record.step == 0)
                continue;
            const Exposition text = expose(metrics);
            QCOMPARE(of(text, "num_requests_running"), static_cast<double>(step.record.running));
            QCOMPARE(of(text, "num_requests_waiting"), static_cast<double>(step.record.waiting));
            QCOMPARE(of(text, "kv_cache_usage_perc"),
                     static_cast<double>(step.record.blocksReferenced) / step.record.blocksTotal());
        }
    }

    void timesAreThoseThatTheRequestsLived()
    {
        Metrics metrics("m");
        for (const RecordedStep& step : m_run.steps)
            metrics.add(step);
        double first = 0.0, queued = 0.0, whole = 0.0, replies = 0.0;
        for (const auto& [id, life] : m_lives.all()) {
            first += static_cast<double>(life.firstTokenNs - life.arrivalNs) * 1e-9;
            queued += static_cast<double>(life.admittedNs - life.arrivalNs) * 1e-9;
            whole += static_cast<double>(life.endNs - life.arrivalNs) * 1e-9;
            replies += life.replyTokens;
        }
        const Exposition text = expose(metrics);
        const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, b); };
        QVERIFY(near(of(text, "time_to_first_token_seconds_sum"), first));
        QVERIFY(near(of(text, "request_queue_time_seconds_sum"), queued));
        QVERIFY(near(of(text, "e2e_request_latency_seconds_sum"), whole));
        QCOMPARE(of(text, "time_to_first_token_seconds_count"), 5.0);
        QCOMPARE(of(text, "inter_token_latency_seconds_count"), replies - 5);
        QVERIFY(
            near(of(text, "request_prefill_time_seconds_sum") + of(text, "request_decode_time_seconds_sum"),
                 of(text, "request_inference_time_seconds_sum")));
        QVERIFY(
            near(of(text, "inter_token_latency_seconds_sum"), of(text, "request_decode_time_seconds_sum")));
        QCOMPARE(of(text, "request_generation_tokens_sum"), replies);
        QVERIFY(of(text, "kv_block_lifetime_seconds_count") > 0);
    }

    void bucketsCountWhatIsBelowThem()
    {
        Metrics metrics("m");
        std::vector<double> tokens;
        for (const RecordedStep& step : m_run.steps) {
            metrics.add(step);
            if (step.record.step != 0)
                tokens.push_back(step.record.prefillTokens + step.record.decodeTokens);
        }
        const Exposition text = expose(metrics);
        double before = 0.0, last = 0.0;
        int buckets = 0;
        for (const Exposition::Sample& sample : text.samples) {
            if (sample.name != "vitrine:iteration_tokens_total_bucket")
                continue;
            const std::string& le = sample.labels.at("le");
            const double bound = le == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(le);
            QVERIFY(bound > before);
            QCOMPARE(sample.value, static_cast<double>(std::count_if(tokens.begin(), tokens.end(),
                                                                     [&](double t) { return t <= bound; })));
            before = bound;
            last = sample.value;
            ++buckets;
        }
        QVERIFY(buckets > 10 && std::isinf(before));
        QCOMPARE(last, of(text, "iteration_tokens_total_count"));
    }

    void theNamesAreThoseThatDashboardsAskFor()
    {
        const Exposition text = expose(Metrics("m"));
        for (const char* name :
             {"num_requests_running", "num_requests_waiting", "kv_cache_usage_perc",
              "prefix_cache_queries_total", "prefix_cache_hits_total", "num_preemptions_total",
              "iteration_tokens_total", "time_to_first_token_seconds", "inter_token_latency_seconds",
              "request_queue_time_seconds", "request_prefill_time_seconds", "request_decode_time_seconds",
              "kv_block_lifetime_seconds"}) {
            QVERIFY2(text.types.contains(std::string("vitrine:") + name), name);
            QVERIFY2(text.help.contains(std::string("vitrine:") + name), name);
        }
        QCOMPARE(problemsOf(text), std::string());
    }

    void theTokenThatEndsAReplyIsNoneOfIt()
    {
        RecordedStep step;
        step.record.step = 1;
        step.record.endNs = 100;
        step.events = {RecordedArrival{RequestId{1}, 10, 3, 9, {1, 2, 3}}, RecordedToken{RequestId{1}, 5},
                       RecordedToken{RequestId{1}, 2}, RecordedEnd{RequestId{1}, FinishReason::Stop, 120}};
        Metrics metrics("m");
        metrics.add(step);
        QCOMPARE(of(expose(metrics), "generation_tokens_total"), 1.0);
        QCOMPARE(of(expose(metrics), "request_generation_tokens_sum"), 1.0);
        QCOMPARE(of(expose(metrics), "inter_token_latency_seconds_count"), 0.0);
    }

    void whateverStandsInANameIsReadBack()
    {
        const std::string name = "a\\b\"c\nd{e=\"f\",}é";
        const Exposition text = expose(Metrics(name));
        QCOMPARE(problemsOf(text), std::string());
        QCOMPARE(text.value("vitrine:num_requests_running", {{"model_name", name}}), 0.0);
        std::ostringstream out;
        writeMetrics(std::vector<MetricFamily>{{"x", "line\nand \\", MetricKind::Gauge, {{{}, 0.1}}}}, out);
        QCOMPARE(out.str(), std::string("# HELP x line\\nand \\\\\n# TYPE x gauge\nx 0.1\n"));
    }

    void aRecordingThatMakesNoSenseMakesNoHarm()
    {
        constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
        RecordedStep step;
        step.record.step = 3;
        step.record.startNs = kMost;
        step.record.endNs = kLeast;
        step.record.blocksReferenced = step.record.blocksFree = 0xFFFFFFFFU;
        step.record.prefillTokens = step.record.decodeTokens = 0xFFFFFFFFU;
        step.events = {RecordedToken{RequestId{9}, 1},
                       RecordedArrival{RequestId{1}, kLeast, 0xFFFFFFFFU, 0, {}},
                       AdmissionEvent{RequestId{1}},
                       RecordedToken{RequestId{1}, 1},
                       RecordedToken{RequestId{1}, 1},
                       RecordedEnd{RequestId{1}, FinishReason::None, kMost},
                       RecordedEnd{RequestId{1}, FinishReason::Error, kLeast}};
        step.blocks = {{BlockEventKind::Take, RequestId{1}, BlockId{-5}, 0, 0},
                       {BlockEventKind::Move, RequestId{1}, BlockId{-5}, -7, 0},
                       {BlockEventKind::Evict, RequestId{1}, BlockId{-7}, 0, 0}};
        Metrics metrics("m");
        metrics.add(step);
        metrics.add(step);
        const Exposition text = expose(metrics);
        QCOMPARE(problemsOf(text), std::string());
        for (const Exposition::Sample& sample : text.samples)
            QVERIFY2(std::isfinite(sample.value) && sample.value >= 0.0, sample.name.c_str());
        QCOMPARE(of(text, "kv_block_lifetime_seconds_count"), 2.0);
    }

    void quantilesLieInTheBucketsOfTheirValues()
    {
        const std::vector<double> bounds{1, 2, 4};
        Histogram values(bounds);
        QCOMPARE(values.quantile(0.5), 0.0);
        for (const double value : {0.5, 1.5, 1.6, 3.0, 9.0, std::nan("")})
            values.observe(value);
        QCOMPARE(values.count(), 5U);
        QCOMPARE(values.quantile(0.6), 2.0);
        QVERIFY(values.quantile(0.7) > 2.0 && values.quantile(0.7) <= 4.0);
        QCOMPARE(values.quantile(1.0), 4.0);
        QCOMPARE(values.quantile(0.0), 0.0);
    }
};

QTEST_APPLESS_MAIN(MetricsTest)
#include "metrics_test.moc"
