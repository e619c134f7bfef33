// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/metrics/metric_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

// clang-format off
constexpr const char* kMeanings[] = {
    QT_TRANSLATE_NOOP("MetricText", "Requests in the batch."),
    QT_TRANSLATE_NOOP("MetricText", "Requests that wait to be admitted."),
    QT_TRANSLATE_NOOP("MetricText", "Share of the KV blocks that requests hold; 1 is all of them."),
    QT_TRANSLATE_NOOP("MetricText", "Prompt tokens that were looked up in the prefix cache."),
    QT_TRANSLATE_NOOP("MetricText", "Of those: found."),
    QT_TRANSLATE_NOOP("MetricText", "Times that a request had to give up its blocks."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens computed again after a preemption."),
    QT_TRANSLATE_NOOP("MetricText", "KV blocks moved to host memory or back."),
    QT_TRANSLATE_NOOP("MetricText", "Steps of the engine."),
    QT_TRANSLATE_NOOP("MetricText", "Prompt tokens of requests that got their first token."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens of replies."),
    QT_TRANSLATE_NOOP("MetricText", "Requests that ended, by reason."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens in a step."),
    QT_TRANSLATE_NOOP("MetricText", "From planning a step to its last token."),
    QT_TRANSLATE_NOOP("MetricText", "From a request's arrival to its first token."),
    QT_TRANSLATE_NOOP("MetricText", "Between two tokens of a reply."),
    QT_TRANSLATE_NOOP("MetricText", "From a request's arrival to its end."),
    QT_TRANSLATE_NOOP("MetricText", "From a request's arrival to its admission."),
    QT_TRANSLATE_NOOP("MetricText", "From its admission to its last token."),
    QT_TRANSLATE_NOOP("MetricText", "From its admission to its first token."),
    QT_TRANSLATE_NOOP("MetricText", "From its first token to its last."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens of a prompt."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens of a reply."),
    QT_TRANSLATE_NOOP("MetricText", "Tokens of a reply at most, as asked for."),
    QT_TRANSLATE_NOOP("MetricText", "From a KV block's use to its eviction."),
    QT_TRANSLATE_NOOP("MetricText", "Processes that computed the last step."),
    QT_TRANSLATE_NOOP("MetricText", "Failures of processes that compute the model."),
    QT_TRANSLATE_NOOP("MetricText", "Times that their number changed."),
    QT_TRANSLATE_NOOP("MetricText", "Time in which a process computed its part of steps."),
    QT_TRANSLATE_NOOP("MetricText", "Time in which it waited for other processes."),
    QT_TRANSLATE_NOOP("MetricText", "Time in which it exchanged and added up values."),
    QT_TRANSLATE_NOOP("MetricText", "Bytes that it gave to other processes."),
    QT_TRANSLATE_NOOP("MetricText", "In a step: from the process that computed least to the one that did most."),
    QT_TRANSLATE_NOOP("MetricText", "From a failure's finding until all processes could compute again."),
};
// clang-format on

QString text(const char* source)
{
    return QCoreApplication::translate("MetricText", source);
}

} // namespace

bool MetricText::knows(const QString& help)
{
    return std::any_of(std::begin(kMeanings), std::end(kMeanings),
                       [&](const char* known) { return help == QLatin1String(known); });
}

QString MetricText::meaning(const engine::MetricFamily& family)
{
    return text(family.help.c_str());
}

QString MetricText::labels(const engine::MetricValue& value)
{
    QStringList said;
    for (const auto& [name, label] : value.labels)
        if (name != "model_name")
            said << QStringLiteral("%1: %2").arg(QString::fromStdString(name), QString::fromStdString(label));
    return said.join(QStringLiteral(", "));
}

QString MetricText::value(const engine::MetricFamily& family, double value)
{
    const QString name = QString::fromStdString(family.name);
    if (!std::isfinite(value))
        return QStringLiteral("–");
    if (name.endsWith(QLatin1String("_seconds")))
        return durationText(value * 1e9);
    if (name.endsWith(QLatin1String("_perc")))
        return text(QT_TRANSLATE_NOOP("MetricText", "%1 %"))
            .arg(QLocale().toString(value * 100, 'f', value > 0 && value < 0.0995 ? 1 : 0));
    return value == std::floor(value) ? countText(quint64(std::clamp(value, 0.0, 1e18)))
                                      : QLocale().toString(value, 'f', 1);
}

} // namespace vitrine::ui
