// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/thread_panel.h"

#include <algorithm>
#include <bit>

#include <QEvent>
#include <QLocale>
#include <QScrollBar>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kBeyond = 2; // lanes asked for below what is in view

/// The one at `ns`, or so close that nobody could point at it better.
const NvtxBar* closest(const QList<NvtxBar>& bars, qint64 ns, qint64 reach)
{
    const auto bar = std::partition_point(bars.cbegin(), bars.cend(),
                                          [&](const NvtxBar& one) { return one.endNs + reach < ns; });
    return bar != bars.cend() && bar->startNs - reach <= ns ? &*bar : nullptr;
}

} // namespace

QString ThreadPanel::payloadText(const NvtxBar& bar)
{
    switch (bar.payloadKind) {
    case engine::NvtxPayload::Unsigned:
        return QString::number(bar.payload);
    case engine::NvtxPayload::Signed:
        return QString::number(std::bit_cast<qint64>(bar.payload));
    case engine::NvtxPayload::Real:
        return QString::number(std::bit_cast<double>(bar.payload));
    case engine::NvtxPayload::None:
        break;
    }
    return {};
}

ThreadPanel::ThreadPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : TimelinePanel(view, theme, parent), m_scroll(new QScrollBar(Qt::Vertical, this))
{
    m_scroll->setFocusPolicy(Qt::NoFocus);
    connect(m_scroll, &QScrollBar::valueChanged, this, [this] {
        update();
        emit rowsChanged();
    });
    connect(&theme, &Theme::changed, this, &ThreadPanel::layOut);
    retranslate();
}

void ThreadPanel::retranslate()
{
    setAccessibleName(tr("Threads"));
    m_scroll->setAccessibleName(tr("Scroll the threads"));
}

QSize ThreadPanel::sizeHint() const
{
    const int most = kMostRows * theme().scaled(kLevel + 2 * kMargin);
    return {400, std::clamp(m_contentHeight, minimumSizeHint().height(), most)};
}

QSize ThreadPanel::minimumSizeHint() const
{
    const int row = theme().scaled(kLevel + 2 * kMargin);
    return {300, std::clamp(m_contentHeight, 2 * row, kLeastRows * row)};
}

void ThreadPanel::setHidden(const QStringList& keys)
{
    if (keys == m_hidden)
        return;
    m_hidden = keys;
    emit rowsChanged();
}

void ThreadPanel::setEmptyText(const QString& text)
{
    m_empty = text;
    update();
}

QString ThreadPanel::laneTitle(const NvtxLaneName& lane)
{
    if (lane.of == engine::NvtxLaneOf::Counter)
        return lane.name.isEmpty() ? tr("counter without a name") : lane.name;
    if (lane.of == engine::NvtxLaneOf::Spans)
        return lane.name.isEmpty() ? tr("spans without a name") : tr("spans: %1").arg(lane.name);
    return lane.name.isEmpty() ? tr("thread %1").arg(lane.thread) : lane.name;
}

QColor ThreadPanel::domainColour(const Tokens& tokens, int hue)
{
    return hue == 0 ? tokens.accent : tokens.conversation(std::size_t(hue - 1));
}

// Where lanes lie

/// The heights come with a picture: of all lanes, in view or not.
void ThreadPanel::layOut()
{
    const int before = m_contentHeight;
    m_places.clear();
    m_contentHeight = 0;
    if (picture()) {
        const auto& lanes = picture()->nvtx.lanes;
        for (qsizetype i = 0; i < lanes.size(); ++i) {
            if (lanes[i].hidden)
                continue;
            const int height = theme().scaled(lanes[i].levels * kLevel + 2 * kMargin);
            m_places.append({i, m_contentHeight, height});
            m_contentHeight += height;
        }
    }
    if (m_contentHeight != before)
        updateGeometry();
    arrange();
}

void ThreadPanel::arrange()
{
    m_scroll->setPageStep(std::max(1, height()));
    m_scroll->setSingleStep(theme().scaled(kLevel));
    m_scroll->setRange(0, std::max(0, m_contentHeight - height()));
    m_scroll->setVisible(m_contentHeight > height());
    const int side = m_scroll->sizeHint().width();
    m_scroll->setGeometry(width() - side - 2, 0, side, height());
}

void ThreadPanel::pictureChanged()
{
    layOut();
}

void ThreadPanel::resizeEvent(QResizeEvent* event)
{
    TimelinePanel::resizeEvent(event);
    arrange();
    emit rowsChanged();
}

qsizetype ThreadPanel::firstLane() const
{
    const auto first = std::partition_point(m_places.cbegin(), m_places.cend(), [this](const Place& place) {
        return place.top + place.height <= m_scroll->value();
    });
    return first - m_places.cbegin();
}

qsizetype ThreadPanel::lanesAsked() const
{
    return height() / theme().scaled(kLevel + 2 * kMargin) + 1 + kBeyond;
}

double ThreadPanel::topOf(const Place& place) const
{
    return place.top - m_scroll->value();
}

const NvtxLaneRow* ThreadPanel::rowOf(qsizetype lane) const
{
    const auto& rows = picture()->nvtx.rows;
    const auto row = std::partition_point(rows.cbegin(), rows.cend(),
                                          [lane](const NvtxLaneRow& one) { return one.lane < lane; });
    return row != rows.cend() && row->lane == lane ? &*row : nullptr;
}

const ThreadPanel::Place* ThreadPanel::placeAt(double y) const
{
    const auto place = std::partition_point(m_places.cbegin(), m_places.cend(),
                                            [&](const Place& one) { return topOf(one) + one.height <= y; });
    return place != m_places.cend() && topOf(*place) <= y ? &*place : nullptr;
}

const NvtxBar* ThreadPanel::barAt(const QPointF& position) const
{
    const Place* place = placeAt(position.y());
    const NvtxLaneRow* row = place != nullptr ? rowOf(place->lane) : nullptr;
    if (row == nullptr || position.x() < gutter())
        return nullptr;
    const auto reach = qint64(2 * scale().nsPerPixel());
    const qint64 ns = scale().ns(position.x());
    const auto level = qsizetype((position.y() - topOf(*place) - theme().scaled(kMargin)) /
                                 std::max(1, theme().scaled(kLevel)));
    if (level == 0)
        if (const NvtxBar* mark = closest(row->marks, ns, reach))
            return mark;
    return level >= 0 && level < row->levels.size() ? closest(row->levels[level], ns, reach) : nullptr;
}

std::optional<TimeRange> ThreadPanel::itemAt(const QPointF& position) const
{
    if (const NvtxBar* bar = barAt(position); bar != nullptr && bar->endNs > bar->startNs)
        return TimeRange{bar->startNs, bar->endNs};
    return std::nullopt;
}

// Mouse and keyboard

void ThreadPanel::clicked(const QPointF& position)
{
    if (position.x() < gutter())
        return;
    const NvtxBar* bar = barAt(position);
    if (bar == nullptr)
        emit stepPicked(scale().ns(position.x()));
    else // what a GPU did belongs to the step that asked for it
        emit stepPicked(bar->call != 0 ? bar->callNs : bar->startNs);
}

void ThreadPanel::activateRow()
{
    if (view().moment())
        emit stepPicked(*view().moment());
}

bool ThreadPanel::scrollRows(int rows)
{
    if (m_scroll->maximum() == 0)
        return false;
    m_scroll->setValue(m_scroll->value() + 2 * rows * m_scroll->singleStep());
    return true;
}

// Tooltips

/// Clocks of two machines' parts: work may seem to begin before it is asked for.
QString ThreadPanel::calledBy(const NvtxBar& bar) const
{
    const auto& texts = picture()->nvtx.texts;
    const QString call = texts.value(qsizetype(bar.call)), thread = texts.value(qsizetype(bar.callThread));
    const QString before = durationText(std::max(0.0, double(bar.startNs) - double(bar.callNs)));
    return thread.isEmpty() ? tr("Asked for by %1, %2 before").arg(call, before)
                            : tr("Asked for by %1 on %2, %3 before").arg(call, thread, before);
}

QString ThreadPanel::barTip(const NvtxLaneName& lane, const NvtxBar& bar) const
{
    const auto textOf = [this](quint32 text) { return picture()->nvtx.texts.value(qsizetype(text)); };
    const QString length = durationText(double(bar.endNs - bar.startNs));
    if (bar.spans > 1)
        return tr("%n events in %1, busy for %2 of it", nullptr, int(std::min(bar.spans, 2'000'000'000U)))
                   .arg(length, QLocale().toString(qRound(bar.coverage * 100)) + QLatin1Char('%')) +
               QLatin1Char('\n') + laneTitle(lane);
    const QString name = bar.name == 0 ? tr("without a name") : textOf(bar.name);
    QStringList lines{bar.endNs > bar.startNs ? tr("%1, %2").arg(name, length) : name};
    lines << laneTitle(lane);
    lines << (lane.domain.isEmpty() ? tr("Default domain") : tr("Domain %1").arg(lane.domain));
    if (bar.category != 0)
        lines << tr("Category %1").arg(textOf(bar.category));
    if (const QString payload = payloadText(bar); !payload.isEmpty())
        lines << tr("Payload %1").arg(payload);
    if (bar.detail != 0)
        lines << textOf(bar.detail);
    if (bar.call != 0)
        lines << calledBy(bar);
    return lines.join(QLatin1Char('\n'));
}

QString ThreadPanel::tipAt(const QPointF& position) const
{
    const Place* place = placeAt(position.y());
    if (place == nullptr)
        return {};
    const NvtxLaneName& lane = picture()->nvtx.lanes[place->lane];
    if (lane.of == engine::NvtxLaneOf::Counter)
        return counterTip(lane, rowOf(place->lane), position);
    if (const NvtxBar* bar = barAt(position))
        return barTip(lane, *bar);
    if (position.x() >= gutter())
        return {};
    const QString domain = lane.domain.isEmpty() ? tr("Default domain") : tr("Domain %1").arg(lane.domain);
    if (lane.of == engine::NvtxLaneOf::Spans)
        return laneTitle(lane) + QLatin1Char('\n') + domain + QLatin1Char('\n') +
               tr("Spans begin and end anywhere; those that overlap lie below each other.");
    return laneTitle(lane) + QLatin1Char('\n') + domain + QLatin1Char('\n') +
           tr("The number is the part of the time shown that its ranges cover. Threads that compute "
              "together and differ in it wait for each other.");
}

void ThreadPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    TimelinePanel::changeEvent(event);
}

} // namespace vitrine::ui
