// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/anomalies/anomaly_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "ui/bridge/engine_text.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr qint64 kLeastNs = 1'000'000;
constexpr double kMostSaid = 1000; // spreads: more is no more telling

QString text(const char* source)
{
    return QCoreApplication::translate("AnomalyText", source);
}

} // namespace

QString AnomalyText::title(engine::AnomalyKind kind)
{
    switch (kind) {
    case engine::AnomalyKind::SlowSteps:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Slow steps"));
    case engine::AnomalyKind::Gaps:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Gaps between steps"));
    case engine::AnomalyKind::LowThroughput:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Low throughput"));
    case engine::AnomalyKind::PrefixHits:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Fewer prefix hits"));
    case engine::AnomalyKind::Queue:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Long queue"));
    case engine::AnomalyKind::Preemptions:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Many preemptions"));
    case engine::AnomalyKind::Ranks:
        return text(QT_TRANSLATE_NOOP("AnomalyText", "Processes"));
    }
    return {};
}

QString AnomalyText::distance(const engine::Anomaly& anomaly)
{
    if (anomaly.kind == engine::AnomalyKind::Ranks)
        return {};
    const double score = std::isfinite(anomaly.score) ? std::clamp(anomaly.score, 0.0, kMostSaid) : kMostSaid;
    return text(QT_TRANSLATE_NOOP("AnomalyText", "%1 × the usual spread"))
        .arg(countText(quint64(score + 0.5)));
}

/// What failed is a sentence of the engine.
QString AnomalyText::sentence(const engine::Anomaly& anomaly)
{
    if (anomaly.kind != engine::AnomalyKind::Ranks)
        return AdviceText::said(anomaly.sentence);
    engine::Sentence sentence = anomaly.sentence;
    for (engine::Figure& figure : sentence.figures)
        if (figure.unit == engine::FigureUnit::Text)
            figure.text = EngineText::translated(figure.text).toStdString();
    return AdviceText::said(sentence);
}

QString AnomalyText::said(const engine::Anomaly& anomaly)
{
    return text(QT_TRANSLATE_NOOP("AnomalyText", "%1: %2")).arg(title(anomaly.kind), sentence(anomaly));
}

TimeRange AnomalyText::range(const engine::Anomaly& anomaly)
{
    const qint64 start = engine::saneNs(anomaly.startNs);
    return {start, std::max<qint64>(engine::saneNs(anomaly.endNs), start + kLeastNs)};
}

} // namespace vitrine::ui
