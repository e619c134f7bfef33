// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/request_panel.h"

#include <algorithm>

#include <QResizeEvent>
#include <QScrollBar>

#include "ui/profiler/inspect/inspector_texts.h"
#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kBeyond = 4; // rows asked for below what is in view

engine::LifePhase phaseOf(const engine::LaneBar& bar)
{
    return static_cast<engine::LifePhase>(std::min<quint64>(bar.tag, quint64(engine::LifePhase::Recompute)));
}

} // namespace

RequestPanel::RequestPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : TimelinePanel(view, theme, parent), m_scroll(new QScrollBar(Qt::Vertical, this))
{
    m_scroll->setFocusPolicy(Qt::NoFocus);
    connect(m_scroll, &QScrollBar::valueChanged, this, [this] {
        update();
        emit rowsChanged();
    });
    connect(&theme, &Theme::changed, this, &RequestPanel::arrange);
    retranslate();
}

void RequestPanel::retranslate()
{
    setAccessibleName(tr("Requests"));
    m_scroll->setAccessibleName(tr("Scroll the requests"));
}

QSize RequestPanel::sizeHint() const
{
    return {400, topMargin() + 6 * theme().scaled(kRowHeight)};
}

QSize RequestPanel::minimumSizeHint() const
{
    return {300, topMargin() + 3 * theme().scaled(kRowHeight)};
}

qsizetype RequestPanel::firstRow() const
{
    return m_scroll->value();
}

qsizetype RequestPanel::rowsAsked() const
{
    return (height() - topMargin()) / theme().scaled(kRowHeight) + 1 + kBeyond;
}

double RequestPanel::rowTop(qsizetype row) const
{
    return topMargin() + double(row - firstRow()) * theme().scaled(kRowHeight);
}

void RequestPanel::setFilter(const QString& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_scroll->setValue(0);
    emit rowsChanged();
}

void RequestPanel::setPicked(engine::RequestId request)
{
    if (request == m_picked)
        return;
    m_picked = request;
    update();
}

void RequestPanel::setStep(const TimeRange& when, const QList<engine::RequestId>& requests)
{
    m_step = when;
    m_ofStep = requests;
    update();
}

void RequestPanel::reveal(engine::RequestId request)
{
    setPicked(request);
    m_reveals = request.value != 0;
    emit rowsChanged();
}

void RequestPanel::pictureChanged()
{
    arrange();
    if (!m_reveals || !picture() || picture()->query.wanted != m_picked || picture()->wantedRow < 0)
        return;
    m_reveals = false;
    const auto row =
        int(std::min<qsizetype>(picture()->wantedRow, m_scroll->maximum() + m_scroll->pageStep()));
    if (row < m_scroll->value() || row >= m_scroll->value() + m_scroll->pageStep())
        m_scroll->setValue(row - m_scroll->pageStep() / 2);
}

void RequestPanel::arrange()
{
    const int fit = std::max(1, (height() - topMargin()) / theme().scaled(kRowHeight));
    const int rows = picture() ? int(std::min<qsizetype>(picture()->requestCount, 1'000'000)) : 0;
    m_scroll->setPageStep(fit);
    m_scroll->setRange(0, std::max(0, rows - fit));
    m_scroll->setVisible(rows > fit);
    const int side = m_scroll->sizeHint().width();
    m_scroll->setGeometry(width() - side - 2, topMargin(), side, height() - topMargin());
}

void RequestPanel::resizeEvent(QResizeEvent* event)
{
    TimelinePanel::resizeEvent(event);
    arrange();
    emit rowsChanged();
}

const RequestRow* RequestPanel::rowAt(double y) const
{
    if (!picture() || y < topMargin())
        return nullptr;
    const qsizetype row = firstRow() + qsizetype((y - topMargin()) / theme().scaled(kRowHeight));
    const qsizetype index = row - picture()->query.firstRow;
    return index >= 0 && index < picture()->requests.size() ? &picture()->requests[index] : nullptr;
}

const engine::LaneBar* RequestPanel::barAt(const QPointF& position) const
{
    const RequestRow* row = rowAt(position.y());
    if (row == nullptr || position.x() < gutter())
        return nullptr;
    const qint64 reach = qint64(scale().nsPerPixel()), ns = scale().ns(position.x());
    const auto after =
        std::partition_point(row->bars.cbegin(), row->bars.cend(),
                             [&](const engine::LaneBar& bar) { return bar.endNs + reach < ns; });
    return after != row->bars.cend() && after->startNs - reach <= ns ? &*after : nullptr;
}

std::optional<TimeRange> RequestPanel::itemAt(const QPointF& position) const
{
    if (const engine::LaneBar* bar = barAt(position))
        return TimeRange{bar->startNs, bar->endNs};
    const RequestRow* row = rowAt(position.y());
    if (row == nullptr || row->bars.isEmpty() || position.x() >= gutter())
        return std::nullopt;
    const qint64 end = row->endNs > 0 ? row->endNs : view().bounds().endNs;
    return TimeRange{row->arrivalNs, end};
}

void RequestPanel::clicked(const QPointF& position)
{
    const RequestRow* row = rowAt(position.y());
    if (row == nullptr)
        return;
    setPicked(row->name.request);
    const engine::LaneBar* bar = barAt(position);
    if (bar != nullptr && phaseOf(*bar) == engine::LifePhase::Preempted) {
        view().setMoment(bar->startNs, true);
        emit preemptionPicked(bar->startNs);
    } else {
        emit requestPicked(row->name.request);
    }
}

bool RequestPanel::scrollRows(int rows)
{
    if (m_scroll->maximum() == 0)
        return false;
    m_scroll->setValue(m_scroll->value() + 3 * rows);
    return true;
}

bool RequestPanel::moveRow(int rows)
{
    if (!picture() || picture()->requests.isEmpty())
        return false;
    const auto& all = picture()->requests;
    const auto current = std::find_if(all.cbegin(), all.cend(),
                                      [this](const RequestRow& row) { return row.name.request == m_picked; });
    const qsizetype before = current == all.cend() ? (rows > 0 ? -1 : all.size()) : current - all.cbegin();
    const qsizetype index = std::clamp<qsizetype>(before + rows, 0, all.size() - 1);
    setPicked(all[index].name.request);
    const qsizetype row = picture()->query.firstRow + index;
    if (row < m_scroll->value())
        m_scroll->setValue(int(row));
    else if (row >= m_scroll->value() + m_scroll->pageStep())
        m_scroll->setValue(int(row) - m_scroll->pageStep() + 1);
    emit requestPicked(m_picked);
    return true;
}

void RequestPanel::activateRow()
{
    if (m_picked.value == 0 || !picture())
        return;
    for (const RequestRow& row : picture()->requests)
        if (row.name.request == m_picked)
            view().showAround({row.arrivalNs, row.endNs > 0 ? row.endNs : view().bounds().endNs});
}

QString RequestPanel::barTip(const RequestRow& row, const engine::LaneBar& bar) const
{
    const engine::LifePhase phase = phaseOf(bar);
    const QString length = durationText(double(bar.endNs - bar.startNs));
    const QString what =
        bar.spans > 1 ? tr("%1 and %n more, %2", nullptr, int(bar.spans - 1)).arg(phaseName(phase), length)
                      : tr("%1, %2").arg(phaseName(phase), length);
    return QStringList{row.name.title, what, phaseMeaning(phase)}.join(QLatin1Char('\n'));
}

QString RequestPanel::tipAt(const QPointF& position) const
{
    const RequestRow* row = rowAt(position.y());
    if (row == nullptr)
        return {};
    if (const engine::LaneBar* bar = barAt(position))
        return barTip(*row, *bar);
    if (position.x() >= gutter())
        return {};
    QString text =
        tr("%1\nRequest %2: prompt of %3 tokens, %4 of them found in the prefix cache, %5 tokens written")
            .arg(row->name.title)
            .arg(row->name.request.value)
            .arg(countText(row->promptTokens), countText(row->cachedTokens), countText(row->replyTokens));
    if (row->preemptions > 0)
        text += QLatin1Char('\n') + tr("Preempted: %1").arg(timesText(row->preemptions));
    return text;
}

void RequestPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    TimelinePanel::changeEvent(event);
}

} // namespace vitrine::ui
