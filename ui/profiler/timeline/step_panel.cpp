// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/step_panel.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QPainter>

#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kBar = 11;
constexpr double kSeparable = 3;
constexpr int kLine = 2, kHead = 3; // of what the picked request took part in

/// What a step computed, for its colour.
engine::LifePhase workOf(const engine::StepDigest& digest)
{
    if (digest.recomputedTokens > 0)
        return engine::LifePhase::Recompute;
    return digest.prefillTokens > 0 ? engine::LifePhase::Prefill : engine::LifePhase::Decode;
}

} // namespace

StepPanel::StepPanel(TimeView& view, const Theme& theme, QWidget* parent) : TimelinePanel(view, theme, parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    setAccessibleName(tr("Steps"));
}

QSize StepPanel::minimumSizeHint() const
{
    return {300, kLanes * theme().scaled(kLane) + kSpace2};
}

QString StepPanel::phaseName(engine::StepPhase phase)
{
    switch (phase) {
    case engine::StepPhase::Schedule:
        return tr("schedule");
    case engine::StepPhase::Transfer:
        return tr("transfer");
    case engine::StepPhase::Forward:
        return tr("forward");
    case engine::StepPhase::Sample:
        return tr("sample");
    case engine::StepPhase::Emit:
        return tr("detokenise");
    }
    return {};
}

QString StepPanel::phaseMeaning(engine::StepPhase phase)
{
    switch (phase) {
    case engine::StepPhase::Schedule:
        return tr("Decides which requests take part in the step and with how many tokens.");
    case engine::StepPhase::Transfer:
        return tr("Copies KV blocks and swaps them to host memory and back.");
    case engine::StepPhase::Forward:
        return tr("The model computes; the colour says what: prompts, replies, or what was lost.");
    case engine::StepPhase::Sample:
        return tr("Chooses the next token of each reply.");
    case engine::StepPhase::Emit:
        return tr("Turns tokens into text and hands it out.");
    }
    return {};
}

const StepLaneRow* StepPanel::laneAt(double y) const
{
    const auto lane = qsizetype(y / theme().scaled(kLane));
    return picture() && y >= 0 && lane < picture()->lanes.size() ? &picture()->lanes[lane] : nullptr;
}

const engine::LaneBar* StepPanel::barAt(const QPointF& position) const
{
    const StepLaneRow* lane = laneAt(position.y());
    if (lane == nullptr || position.x() < gutter())
        return nullptr;
    const auto reach = qint64(2 * scale().nsPerPixel());
    const qint64 ns = scale().ns(position.x());
    const auto bar = std::partition_point(lane->bars.cbegin(), lane->bars.cend(),
                                          [&](const engine::LaneBar& one) { return one.endNs + reach < ns; });
    return bar != lane->bars.cend() && bar->startNs - reach <= ns ? &*bar : nullptr;
}

std::optional<TimeRange> StepPanel::itemAt(const QPointF& position) const
{
    if (const engine::LaneBar* bar = barAt(position))
        return TimeRange{bar->startNs, bar->endNs};
    return std::nullopt;
}

void StepPanel::clicked(const QPointF& position)
{
    if (position.x() < gutter())
        return;
    const engine::LaneBar* bar = barAt(position);
    emit stepPicked(bar != nullptr ? bar->startNs : scale().ns(position.x()));
}

void StepPanel::activateRow()
{
    if (view().moment())
        emit stepPicked(*view().moment());
}

void StepPanel::paintPlot(QPainter& painter)
{
    if (!picture())
        return;
    const TimeRange& seen = view().visible();
    for (qsizetype i = 0; i < picture()->lanes.size(); ++i) {
        const StepLaneRow& lane = picture()->lanes[i];
        const double top = double(i) * theme().scaled(kLane);
        const auto first =
            std::partition_point(lane.bars.cbegin(), lane.bars.cend(),
                                 [&](const engine::LaneBar& bar) { return bar.endNs < seen.startNs; });
        for (auto bar = first; bar != lane.bars.cend() && bar->startNs < seen.endNs; ++bar)
            paintBar(painter, lane.phase, *bar, top);
        if (lane.phase == engine::StepPhase::Forward)
            paintWanted(painter, top);
    }
}

/// From the picked request to the steps that computed it: each of its phases begins with an arrow's head.
void StepPanel::paintWanted(QPainter& painter, double top)
{
    const TimeScale time = scale();
    const QRectF plot = plotRect();
    const double bottom = top + theme().scaled(kLane) - kLine, head = theme().scaled(kHead);
    const TimeRange& seen = view().visible();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().tokens().accent);
    for (const engine::LaneBar& bar : picture()->wantedSteps) {
        if (bar.endNs < seen.startNs || bar.startNs >= seen.endNs)
            continue;
        const double left = std::clamp(time.x(bar.startNs), plot.left() - head, plot.right());
        const double right = std::clamp(time.x(bar.endNs), left + 1, plot.right() + 1);
        painter.fillRect(QRectF(left, bottom, right - left, kLine), theme().tokens().accent);
        if (bar.spans <= 1)
            painter.drawPolygon(QPolygonF{QPointF(left - head, top), QPointF(left + head, top),
                                          QPointF(left, top + 1.3 * head)});
        count();
    }
    painter.restore();
}

void StepPanel::paintBar(QPainter& painter, engine::StepPhase phase, const engine::LaneBar& bar, double top)
{
    const TimeScale time = scale();
    const double ratio = painter.device()->devicePixelRatioF();
    const double limit = plotRect().right() + 2;
    const double left = std::clamp(time.x(bar.startNs), plotRect().left() - 2, limit);
    const double height = theme().scaled(kBar);
    QRectF rect(std::round(left * ratio) / ratio, std::round(top + (theme().scaled(kLane) - height) / 2), 0,
                height);
    const double right = std::round(std::clamp(time.x(bar.endNs), left, limit) * ratio) / ratio;
    rect.setRight(std::max(right, rect.left() + 1 / ratio));
    count();
    const StepColumn* column = columnAt(bar.startNs + (bar.endNs - bar.startNs) / 2);
    if (phase == engine::StepPhase::Forward) {
        if (rect.width() > kSeparable)
            rect.setRight(rect.right() - 1);
        paintPhase(painter, theme(), rect,
                   column != nullptr ? workOf(column->digest) : engine::LifePhase::Decode, bar.coverage);
        return;
    }
    const bool evicts =
        phase == engine::StepPhase::Schedule && column != nullptr && column->digest.preemptions > 0;
    QColor colour = evicts ? theme().tokens().preempted : theme().tokens().sampling;
    if (!evicts)
        colour.setAlphaF(std::clamp(0.45F + 0.55F * bar.coverage, 0.3F, 1.0F));
    painter.fillRect(rect, colour);
}

void StepPanel::paintGutter(QPainter& painter)
{
    const Tokens& tokens = theme().tokens();
    const int height = theme().scaled(kLane), right = gutter() - kSpace4;
    const qsizetype lanes = picture() ? picture()->lanes.size() : 0;
    for (qsizetype i = 0; i < lanes; ++i) {
        const StepLaneRow& lane = picture()->lanes[i];
        const double top = double(i) * height;
        paintLabel(painter, QRectF(labelLeft(), top, right - labelLeft(), height), phaseName(lane.phase),
                   tokens.secondary);
        paintLabel(painter, QRectF(labelLeft(), top, right - labelLeft(), height), durationText(lane.meanNs),
                   tokens.text, Qt::AlignRight | Qt::AlignVCenter);
        paintRule(painter, top + height - 1);
    }
}

QString StepPanel::tipAt(const QPointF& position) const
{
    const StepLaneRow* lane = laneAt(position.y());
    if (lane == nullptr)
        return {};
    if (position.x() < gutter())
        return tr("%1\n%2\n%3 a step on average, of what is selected")
            .arg(phaseName(lane->phase), phaseMeaning(lane->phase), durationText(lane->meanNs));
    const engine::LaneBar* bar = barAt(position);
    if (bar == nullptr)
        return {};
    const QString length = durationText(double(bar->endNs - bar->startNs));
    if (bar->spans > 1)
        return tr("%n steps in %1\n%2", nullptr, int(bar->spans)).arg(length, phaseMeaning(lane->phase));
    QString text = tr("Step %1, %2: %3").arg(countText(bar->tag), phaseName(lane->phase), length);
    if (const StepColumn* column = columnAt(bar->startNs + (bar->endNs - bar->startNs) / 2);
        column != nullptr && column->digest.steps <= 1)
        text += QLatin1Char('\n') +
                tr("%1 prompt tokens, %2 replies")
                    .arg(countText(column->digest.prefillTokens), countText(column->digest.decodeTokens));
    return text + QLatin1Char('\n') + phaseMeaning(lane->phase);
}

void StepPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Steps"));
    TimelinePanel::changeEvent(event);
}

} // namespace vitrine::ui
