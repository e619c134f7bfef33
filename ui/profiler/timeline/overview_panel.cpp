// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/overview_panel.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "ui/profiler/anomalies/anomaly_text.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/profiler/timeline/timeline_panel.h"
#include "ui/theme/keyboard_focus.h"

namespace vitrine::ui {
namespace {

constexpr int kTicks = 8;      // height of a preemption's tick
constexpr int kTicksRoom = 14; // of the strip below the curve
constexpr int kTop = 8;
constexpr int kReach = 5; // of the window's edges, in pixels
constexpr double kLeastWindow = 6;
constexpr int kMarkTop = 5, kMark = 3, kLeastMark = 3; // of something unusual, above the curve

double speedOf(const StepColumn& column)
{
    const double seconds = double(std::max<qint64>(column.endNs - column.startNs, 1)) * 1e-9;
    return double(column.digest.decodeTokens) / seconds;
}

} // namespace

OverviewPanel::OverviewPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    theme.follow(this, [this] {
        setFixedHeight(m_theme.scaled(kHeight));
        update();
    });
    for (const auto signal : {&TimeView::visibleChanged, &TimeView::boundsChanged, &TimeView::momentChanged})
        connect(&view, signal, this, qOverload<>(&QWidget::update));
    retranslate();
}

void OverviewPanel::retranslate()
{
    setAccessibleName(tr("Recording"));
    setAccessibleDescription(
        tr("Tokens per second of the whole recording; the window is what is shown below"));
}

void OverviewPanel::setPicture(const SharedOverview& picture)
{
    m_picture = picture;
    update();
}

void OverviewPanel::setSummary(const RecordingSummary& summary)
{
    m_summary = summary;
    update();
}

void OverviewPanel::setAnomalies(const SharedAnomalies& anomalies)
{
    m_anomalies = anomalies;
    update();
}

QRectF OverviewPanel::plotRect() const
{
    const int left = m_theme.scaledColumn(TimelinePanel::kGutter);
    return {double(left), 0, double(std::max(1, width() - left - TimelinePanel::kRight)), double(height())};
}

TimeScale OverviewPanel::scale() const
{
    const QRectF plot = plotRect();
    return {m_view.bounds(), plot.left(), plot.width()};
}

quint32 OverviewPanel::columns() const
{
    return quint32(std::max(1, qRound(plotRect().width() * devicePixelRatioF())));
}

QRectF OverviewPanel::windowRect() const
{
    const TimeScale time = scale();
    const QRectF plot = plotRect();
    double left = time.x(m_view.visible().startNs), right = time.x(m_view.visible().endNs);
    if (right - left < kLeastWindow) {
        const double centre = (left + right) / 2;
        left = centre - kLeastWindow / 2;
        right = centre + kLeastWindow / 2;
    }
    left = std::max(left, plot.left());
    right = std::min(right, plot.right());
    return QRectF(QPointF(std::round(left), 3), QPointF(std::round(right), height() - 4.0));
}

// Painting

void OverviewPanel::paintEvent(QPaintEvent*)
{
    m_items = 0;
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    if (m_picture && !m_picture->columns.isEmpty() && !m_view.bounds().isEmpty()) {
        painter.save();
        painter.setClipRect(plotRect());
        paintCurve(painter);
        paintPreemptions(painter);
        painter.restore();
        paintWindow(painter);
        paintAnomalies(painter);
    }
    paintTitle(painter);
    painter.fillRect(QRectF(0, height() - 1, width(), 1), m_theme.tokens().border);
    if (hasFocus() && m_ring) {
        painter.setPen(QPen(m_theme.tokens().accent, 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void OverviewPanel::paintCurve(QPainter& painter)
{
    const TimeScale time = scale();
    const double base = height() - m_theme.scaled(kTicksRoom) - 1, top = m_theme.scaled(kTop);
    double most = 1;
    for (const StepColumn& column : m_picture->columns)
        most = std::max(most, speedOf(column));
    QPolygonF line;
    line.reserve(m_picture->columns.size() + 2);
    for (const StepColumn& column : m_picture->columns) {
        const double x = (time.x(column.startNs) + time.x(column.endNs)) / 2;
        line << QPointF(x, base - (base - top) * speedOf(column) / most);
    }
    m_items += int(line.size());
    QPolygonF area = line;
    area << QPointF(line.last().x(), base) << QPointF(line.first().x(), base);
    QColor ground = m_theme.tokens().queued;
    ground.setAlphaF(0.25F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawPolygon(area);
    painter.setPen(QPen(m_theme.tokens().secondary, 1));
    painter.drawPolyline(line);
    painter.fillRect(QRectF(plotRect().left(), base, plotRect().width(), 1), m_theme.tokens().borderStrong);
}

void OverviewPanel::paintPreemptions(QPainter& painter)
{
    const TimeScale time = scale();
    const double top = height() - m_theme.scaled(kTicksRoom) + 2;
    for (const qint64 ns : m_picture->preemptions)
        painter.fillRect(QRectF(std::round(time.x(ns)) - 1, top, 2, kTicks), m_theme.tokens().preempted);
    m_items += int(m_picture->preemptions.size());
}

/// What goes on reaches to the end.
QRectF OverviewPanel::markOf(const AnomalyPicture::Entry& entry) const
{
    const TimeScale time = scale();
    const TimeRange range = AnomalyText::range(entry.anomaly);
    const double left = std::round(time.x(range.startNs));
    const bool goesOn = entry.open && m_anomalies->live;
    const double right = std::round(time.x(goesOn ? m_view.bounds().endNs : range.endNs));
    return {left, kMarkTop, std::max<double>(right - left, kLeastMark), kMark};
}

void OverviewPanel::paintAnomalies(QPainter& painter)
{
    if (!m_anomalies)
        return;
    const QRectF plot = plotRect();
    for (const AnomalyPicture::Entry& entry : m_anomalies->entries)
        painter.fillRect(markOf(entry) & plot, m_theme.tokens().warning);
    m_items += int(m_anomalies->entries.size());
}

void OverviewPanel::paintWindow(QPainter& painter) const
{
    const QRectF window = windowRect();
    QColor ground = m_theme.tokens().accent;
    ground.setAlphaF(0.16F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().accent, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(window.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.restore();
}

void OverviewPanel::paintTitle(QPainter& painter) const
{
    const int left = kSpace4, line = m_theme.scaled(18);
    const double top = (height() - 2 * line) / 2.0;
    const double width = m_theme.scaledColumn(TimelinePanel::kGutter) - 2 * kSpace4;
    painter.setFont(m_theme.font(TextSize::Small, QFont::DemiBold));
    painter.setPen(m_theme.tokens().text);
    painter.drawText(QRectF(left, top, width, line), Qt::AlignLeft | Qt::AlignVCenter, tr("Recording"));
    painter.setFont(m_theme.font(TextSize::Small));
    painter.setPen(m_theme.tokens().secondary);
    const QString length = durationText(double(m_view.bounds().length()));
    const QString said =
        painter.fontMetrics().elidedText(tr("%1, tokens/s").arg(length), Qt::ElideRight, int(width));
    painter.drawText(QRectF(left, top + line, width, line), Qt::AlignLeft | Qt::AlignVCenter, said);
}

// Mouse and keyboard

OverviewPanel::Drag OverviewPanel::dragAt(const QPointF& position) const
{
    const QRectF window = windowRect();
    const double x = position.x();
    if (x < plotRect().left() - kReach || m_view.bounds().isEmpty())
        return Drag::None;
    if (window.width() > 2 * kReach) {
        if (std::abs(x - window.left()) <= kReach)
            return Drag::Start;
        if (std::abs(x - window.right()) <= kReach)
            return Drag::End;
    }
    return x >= window.left() && x <= window.right() && !m_view.showsAll() ? Drag::Window : Drag::Draw;
}

void OverviewPanel::mousePressEvent(QMouseEvent* event)
{
    m_drag = event->button() == Qt::LeftButton ? dragAt(event->position()) : Drag::None;
    m_pressedX = event->position().x();
    m_before = m_view.visible();
}

void OverviewPanel::mouseMoveEvent(QMouseEvent* event)
{
    const double x = event->position().x();
    const qint64 ns = scale().ns(x);
    switch (m_drag) {
    case Drag::None: {
        const Drag there = dragAt(event->position());
        setCursor(there == Drag::Start || there == Drag::End ? Qt::SizeHorCursor
                  : there == Drag::Window                    ? Qt::OpenHandCursor
                                                             : Qt::ArrowCursor);
        break;
    }
    case Drag::Window: {
        const auto moved = qint64((x - m_pressedX) * scale().nsPerPixel());
        m_view.panBy(m_before.startNs + moved - m_view.visible().startNs);
        break;
    }
    case Drag::Start:
        m_view.show({std::min(ns, m_before.endNs - TimeView::kLeastNs), m_before.endNs});
        break;
    case Drag::End:
        m_view.show({m_before.startNs, std::max(ns, m_before.startNs + TimeView::kLeastNs)});
        break;
    case Drag::Draw:
        if (std::abs(x - m_pressedX) > kSpace1) {
            const qint64 from = scale().ns(m_pressedX);
            m_view.show({std::min(from, ns), std::max(from, ns)});
        }
        break;
    }
}

void OverviewPanel::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = m_drag;
    m_drag = Drag::None;
    if (drag != Drag::Draw || std::abs(event->position().x() - m_pressedX) > kSpace1 || m_view.showsAll())
        return;
    const qint64 centre = scale().ns(m_pressedX), half = m_view.visible().length() / 2;
    m_view.show({centre - half, centre + half});
}

void OverviewPanel::mouseDoubleClickEvent(QMouseEvent*)
{
    m_view.showAll();
}

void OverviewPanel::wheelEvent(QWheelEvent* event)
{
    if (event->position().x() < plotRect().left()) {
        event->ignore();
        return;
    }
    event->accept();
    m_view.zoomAbout(scale().ns(event->position().x()), std::pow(1.2, -event->angleDelta().y() / 120.0));
}

void OverviewPanel::focusInEvent(QFocusEvent* event)
{
    m_ring = isByKeyboard(*event);
    QWidget::focusInEvent(event);
}

void OverviewPanel::keyPressEvent(QKeyEvent* event)
{
    const qint64 part = std::max<qint64>(m_view.visible().length() / 4, 1);
    const qint64 centre = m_view.visible().startNs + m_view.visible().length() / 2;
    switch (event->modifiers() == Qt::NoModifier ? event->key() : 0) {
    case Qt::Key_Left:
        m_view.panBy(-part);
        break;
    case Qt::Key_Right:
        m_view.panBy(part);
        break;
    case Qt::Key_Plus:
        m_view.zoomAbout(centre, 1 / 1.5);
        break;
    case Qt::Key_Minus:
        m_view.zoomAbout(centre, 1.5);
        break;
    case Qt::Key_Home:
        m_view.goToStart();
        break;
    case Qt::Key_End:
        m_view.goToEnd();
        break;
    case Qt::Key_Escape:
        m_view.showAll();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

QString OverviewPanel::tipAt(const QPointF& position) const
{
    if (!m_picture || position.x() < plotRect().left() || m_view.bounds().isEmpty())
        return {};
    const TimeScale time = scale();
    const qint64 ns = time.ns(position.x());
    const QString place = placeText(ns - m_view.bounds().startNs, time.nsPerPixel() * 10);
    for (const qint64 preemption : m_picture->preemptions)
        if (std::abs(time.x(preemption) - position.x()) <= 3)
            return tr("%1: a request was preempted, its memory went to another one.").arg(place);
    if (m_anomalies && position.y() < kTop + kMark)
        for (const AnomalyPicture::Entry& entry : m_anomalies->entries)
            if (markOf(entry).adjusted(-2, 0, 2, 0).contains(QPointF(position.x(), kMarkTop + 1)))
                return tr("%1: %2").arg(place, AnomalyText::said(entry.anomaly));
    for (const StepColumn& column : m_picture->columns)
        if (ns >= column.startNs && ns < column.endNs)
            return tr("%1: %2 tokens/s of all replies together")
                .arg(place, countText(quint64(speedOf(column))));
    return place;
}

bool OverviewPanel::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

void OverviewPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
