// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/timeline/timeline_panel.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/profiler/timeline/time_text.h"
#include "ui/theme/keyboard_focus.h"

namespace vitrine::ui {
namespace {

constexpr double kMarkDistance = 110; // logical pixels between two lines of the grid, at least
constexpr float kSelectionAlpha = 0.08F;

/// Whole pixels of the screen, as many everywhere: a line of one and a half would be one here and two there.
double hairline(const QWidget& widget)
{
    const double ratio = widget.devicePixelRatioF();
    return std::max(1.0, std::floor(ratio)) / ratio;
}

} // namespace

TimelinePanel::TimelinePanel(TimeView& view, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    for (const auto signal : {&TimeView::visibleChanged, &TimeView::selectionChanged,
                              &TimeView::momentChanged, &TimeView::boundsChanged})
        connect(&view, signal, this, qOverload<>(&QWidget::update));
}

void TimelinePanel::setPicture(const SharedTimeline& picture)
{
    m_picture = picture;
    pictureChanged();
    update();
}

QRectF TimelinePanel::plotRect() const
{
    const int left = gutter();
    return {double(left), double(topMargin()), double(std::max(1, width() - left - kRight)),
            double(std::max(1, height() - topMargin()))};
}

TimeScale TimelinePanel::scale() const
{
    const QRectF plot = plotRect();
    return {m_view.visible(), plot.left(), plot.width()};
}

quint32 TimelinePanel::columns() const
{
    return quint32(std::max(1, qRound(plotRect().width() * devicePixelRatioF())));
}

void TimelinePanel::paintRule(QPainter& painter, double y) const
{
    painter.fillRect(QRectF(0, y, width(), hairline(*this)), m_theme.tokens().border);
}

void TimelinePanel::paintLabel(QPainter& painter, const QRectF& rect, const QString& text,
                               const QColor& colour, Qt::Alignment alignment)
{
    painter.setFont(m_theme.font(TextSize::Small));
    painter.setPen(colour);
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideRight, int(rect.width()));
    painter.drawText(rect, int(alignment) | Qt::TextSingleLine, shown);
    count();
}

const StepColumn* TimelinePanel::columnAt(qint64 ns) const
{
    if (!m_picture)
        return nullptr;
    const auto& steps = m_picture->steps;
    const auto after =
        std::upper_bound(steps.cbegin(), steps.cend(), ns,
                         [](qint64 at, const StepColumn& column) { return at < column.startNs; });
    if (after == steps.cbegin())
        return nullptr;
    const StepColumn& column = *(after - 1);
    return ns < std::max(column.endNs, column.startNs + 1) ? &column : nullptr;
}

std::pair<qsizetype, qsizetype> TimelinePanel::columnsInView() const
{
    if (!m_picture)
        return {0, 0};
    const auto& steps = m_picture->steps;
    const TimeRange& seen = m_view.visible();
    const auto first = std::partition_point(
        steps.cbegin(), steps.cend(), [&](const StepColumn& column) { return column.endNs < seen.startNs; });
    const auto last = std::partition_point(
        first, steps.cend(), [&](const StepColumn& column) { return column.startNs < seen.endNs; });
    return {first - steps.cbegin(), last - steps.cbegin()};
}

// Painting

void TimelinePanel::paintEvent(QPaintEvent*)
{
    m_items = 0;
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    const QRectF plot = plotRect();
    painter.save();
    painter.setClipRect(QRectF(plot.left() - 1, 0, plot.width() + 2, height()));
    paintGrid(painter);
    paintSelection(painter, false);
    paintPlot(painter);
    paintSelection(painter, true);
    paintMoment(painter);
    painter.restore();
    paintGutter(painter);
    if (hasFocus() && m_ring) {
        painter.setPen(QPen(m_theme.tokens().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void TimelinePanel::paintGrid(QPainter& painter) const
{
    const TimeScale time = scale();
    if (time.range.isEmpty())
        return;
    const double step = markStep(time.nsPerPixel(), m_theme.scaled(int(kMarkDistance)));
    const double start = double(time.range.startNs - m_view.bounds().startNs);
    for (double mark = std::ceil(start / step) * step; mark < start + double(time.range.length());
         mark += step) {
        const double x = std::round(time.left + (mark - start) / time.nsPerPixel());
        painter.fillRect(QRectF(x, plotRect().top(), hairline(*this), plotRect().height()),
                         m_theme.tokens().grid);
    }
}

void TimelinePanel::paintSelection(QPainter& painter, bool edges) const
{
    if (!m_view.hasSelection())
        return;
    const TimeScale time = scale();
    const double left = std::clamp(time.x(m_view.selection().startNs), -10.0, width() + 10.0);
    const double right = std::clamp(time.x(m_view.selection().endNs), -10.0, width() + 10.0);
    QColor ground = m_theme.tokens().accent;
    if (edges) {
        ground.setAlphaF(0.6F);
        for (const double x : {left, right})
            painter.fillRect(QRectF(std::round(x), plotRect().top(), 1, plotRect().height()), ground);
        return;
    }
    ground.setAlphaF(kSelectionAlpha);
    painter.fillRect(QRectF(left, plotRect().top(), right - left, plotRect().height()), ground);
}

void TimelinePanel::paintMoment(QPainter& painter) const
{
    if (!m_view.moment())
        return;
    const double x = std::round(scale().x(*m_view.moment())) + 0.5;
    const QColor colour = m_view.isEvent() ? m_theme.tokens().preemptedInk : m_theme.tokens().accent;
    QPen pen(colour, 1);
    if (m_view.isEvent())
        pen.setDashPattern({3, 2});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, plotRect().top()), QPointF(x, height()));
}

// Mouse and keyboard

bool TimelinePanel::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && m_drag == Drag::None) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString tip = tipAt(help->pos());
        if (tip.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), tip, this);
        return true;
    }
    return QWidget::event(event);
}

/// An end of the selection within reach; `other` is the one that would stay.
std::optional<qint64> TimelinePanel::edgeNear(double x, qint64& other) const
{
    if (!m_view.hasSelection())
        return std::nullopt;
    const TimeRange selection = m_view.selection();
    const TimeScale time = scale();
    other = selection.endNs;
    if (std::abs(time.x(selection.startNs) - x) <= kSpace1)
        return selection.startNs;
    other = selection.startNs;
    if (std::abs(time.x(selection.endNs) - x) <= kSpace1)
        return selection.endNs;
    return std::nullopt;
}

void TimelinePanel::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->position();
    m_drag = Drag::None;
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
    } else if (event->button() == Qt::LeftButton) {
        m_drag = Drag::Click;
        m_anchorNs = scale().ns(m_pressed.x());
        qint64 other = 0;
        if (edgeNear(m_pressed.x(), other)) {
            m_drag = Drag::Select;
            m_anchorNs = other;
        }
    }
}

void TimelinePanel::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    qint64 other = 0;
    if (m_drag == Drag::None) {
        setCursor(edgeNear(at.x(), other) ? Qt::SizeHorCursor : Qt::ArrowCursor);
        return;
    }
    if (m_drag == Drag::Pan) {
        m_view.panBy(qint64((m_pressed.x() - at.x()) * scale().nsPerPixel()));
        m_pressed = at;
        return;
    }
    if (m_drag == Drag::Click && m_pressed.x() >= gutter() && std::abs(at.x() - m_pressed.x()) > kSpace1)
        m_drag = Drag::Select;
    if (m_drag == Drag::Select) {
        const qint64 ns = scale().ns(at.x());
        m_view.select({std::min(m_anchorNs, ns), std::max(m_anchorNs, ns)});
    }
}

void TimelinePanel::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = m_drag;
    m_drag = Drag::None;
    unsetCursor();
    if (drag != Drag::Click || event->button() != Qt::LeftButton)
        return;
    if (event->position().x() >= gutter() && !m_view.bounds().isEmpty())
        m_view.setMoment(scale().ns(event->position().x()));
    clicked(event->position());
}

void TimelinePanel::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto item = itemAt(event->position()))
        m_view.showAround(*item);
    else if (event->position().x() >= gutter())
        m_view.zoomAbout(scale().ns(event->position().x()), 0.5);
}

void TimelinePanel::wheelEvent(QWheelEvent* event)
{
    const QPoint turn = event->angleDelta();
    const bool sideways = (event->modifiers() & (Qt::ShiftModifier | Qt::AltModifier)) != 0 ||
                          std::abs(turn.x()) > std::abs(turn.y());
    const int delta = std::abs(turn.x()) > std::abs(turn.y()) ? turn.x() : turn.y();
    const bool rows = (event->modifiers() & Qt::ControlModifier) != 0 || event->position().x() < gutter();
    if (rows) {
        event->setAccepted(scrollRows(delta > 0 ? -1 : 1));
        return;
    }
    event->accept();
    if (sideways)
        m_view.panBy(qint64(-delta * 0.6 * scale().nsPerPixel()));
    else
        m_view.zoomAbout(scale().ns(event->position().x()), std::pow(1.2, -delta / 120.0));
}

/// Keys that move in time.
bool TimelinePanel::pressTime(int key)
{
    const qint64 part = m_view.visible().length() / 10;
    const qint64 centre = m_view.moment() && m_view.visible().contains(*m_view.moment())
                              ? *m_view.moment()
                              : m_view.visible().startNs + m_view.visible().length() / 2;
    switch (key) {
    case Qt::Key_Left:
        m_view.panBy(-part);
        return true;
    case Qt::Key_Right:
        m_view.panBy(part);
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_view.zoomAbout(centre, 1 / 1.5);
        return true;
    case Qt::Key_Minus:
        m_view.zoomAbout(centre, 1.5);
        return true;
    case Qt::Key_Home:
        m_view.goToStart();
        return true;
    case Qt::Key_End:
        m_view.goToEnd();
        return true;
    default:
        return false;
    }
}

void TimelinePanel::focusInEvent(QFocusEvent* event)
{
    m_ring = isByKeyboard(*event);
    QWidget::focusInEvent(event);
}

void TimelinePanel::keyPressEvent(QKeyEvent* event)
{
    const bool plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == 0;
    const int key = event->key();
    if (!plain) {
        QWidget::keyPressEvent(event);
    } else if (pressTime(key)) {
        return;
    } else if (key == Qt::Key_Escape && (m_view.hasSelection() || m_view.moment())) {
        m_view.clearSelection();
        m_view.clearMoment();
    } else if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_view.hasSelection()) {
        m_view.showSelection();
    } else if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) {
        activateRow();
    } else if ((key != Qt::Key_Up && key != Qt::Key_Down) || !moveRow(key == Qt::Key_Down ? 1 : -1)) {
        QWidget::keyPressEvent(event);
    }
}

} // namespace vitrine::ui
