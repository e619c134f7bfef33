// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/metrics_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <ostream>
#include <string>
#include <string_view>

namespace vitrine::engine {

namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

const char* kindName(MetricKind kind)
{
    switch (kind) {
    case MetricKind::Counter:
        return "counter";
    case MetricKind::Histogram:
        return "histogram";
    case MetricKind::Gauge:
        break;
    }
    return "gauge";
}

/// Backslashes, line ends and, in the values of labels, quotes.
std::string escaped(std::string_view text, bool quotes)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\' || (quotes && c == '"'))
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

/// The shortest digits that mean the same number; whole numbers without an exponent.
std::string digits(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    constexpr double kExact = 9007199254740992.0;
    std::array<char, 32> text{};
    const bool whole = std::abs(value) < kExact && value == std::trunc(value);
    const auto end = whole ? std::to_chars(text.begin(), text.end(), static_cast<long long>(value))
                           : std::to_chars(text.begin(), text.end(), value);
    return {text.begin(), end.ptr};
}

void writeSample(std::ostream& out, const std::string& name, const Labels& labels, const std::string& value)
{
    out << name;
    const char* before = "{";
    for (const auto& [label, text] : labels) {
        out << before << label << "=\"" << escaped(text, true) << '"';
        before = ",";
    }
    out << (labels.empty() ? " " : "} ") << value << '\n';
}

void writeHistogram(std::ostream& out, const std::string& name, const Labels& labels, const Histogram& values)
{
    Labels bucket = labels;
    bucket.emplace_back("le", "");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < values.counts().size(); ++i) {
        below += values.counts()[i];
        bucket.back().second = i < values.bounds().size() ? digits(values.bounds()[i]) : "+Inf";
        writeSample(out, name + "_bucket", bucket, std::to_string(below));
    }
    writeSample(out, name + "_sum", labels, digits(values.sum()));
    writeSample(out, name + "_count", labels, std::to_string(values.count()));
}

} // namespace

void writeMetrics(std::span<const MetricFamily> families, std::ostream& out)
{
    for (const MetricFamily& family : families) {
        out << "# HELP " << family.name << ' ' << escaped(family.help, false) << '\n';
        out << "# TYPE " << family.name << ' ' << kindName(family.kind) << '\n';
        for (const MetricValue& value : family.values) {
            if (value.histogram.empty())
                writeSample(out, family.name, value.labels, digits(value.value));
            for (const Histogram& histogram : value.histogram)
                writeHistogram(out, family.name, value.labels, histogram);
        }
    }
}

} // namespace vitrine::engine
