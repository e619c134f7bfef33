// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/first_token_chart.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include "ui/profiler/latency/latency_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kBar = 14;
constexpr int kHue = 3;
constexpr int kFewestRows = 5, kMostHinted = 12; // more are scrolled to: pace and comparison stay close
constexpr double kMarkApart = 90;                // pixels
constexpr double kMostSaved = 1.6;               // times the longest wait: what the cache saved is cut there
constexpr double kNoteShare = 0.48;              // of the gutter
constexpr double kMostGutter = 0.42;             // of the width

qint64 totalOf(const LatencyRow& row)
{
    return row.latency.toFirstToken.total();
}

} // namespace

FirstTokenChart::FirstTokenChart(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    theme.follow(this, [this] { arrange(); });
    retranslate();
}

void FirstTokenChart::retranslate()
{
    setAccessibleName(tr("Time to first token"));
    setAccessibleDescription(tr("A bar a request; the arrow keys choose one"));
}

void FirstTokenChart::setPicture(const SharedLatency& picture)
{
    m_picture = picture;
    m_rows = picture ? picture->rows : QList<LatencyRow>();
    sortRows();
    double longest = 1, withSaved = 1;
    for (const LatencyRow& row : std::as_const(m_rows)) {
        longest = std::max(longest, double(totalOf(row)));
        withSaved = std::max(withSaved, double(totalOf(row)) + double(row.latency.toFirstToken.cacheSavedNs));
    }
    m_mostNs = std::max(longest, std::min(withSaved, longest * kMostSaved));
    arrange();
}

void FirstTokenChart::setOrder(Order order)
{
    m_order = order;
    if (m_picture)
        m_rows = m_picture->rows;
    sortRows();
    arrange();
}

void FirstTokenChart::sortRows()
{
    if (m_order == Order::Slowest)
        std::stable_sort(m_rows.begin(), m_rows.end(),
                         [](const LatencyRow& a, const LatencyRow& b) { return totalOf(a) > totalOf(b); });
}

engine::RequestId FirstTokenChart::chosen() const
{
    return m_picture ? m_picture->chosen.request : engine::RequestId{};
}

QSize FirstTokenChart::sizeHint() const
{
    const int rows = std::clamp(int(m_rows.size()), kFewestRows, kMostHinted);
    return {640, m_theme.scaled(rows * kRow + kAxis)};
}

QSize FirstTokenChart::minimumSizeHint() const
{
    return {320, m_theme.scaled(kFewestRows * kRow + kAxis)};
}

void FirstTokenChart::arrange()
{
    const int room = plotHeight();
    const int all = int(m_rows.size()) * m_theme.scaled(kRow);
    verticalScrollBar()->setRange(0, std::max(0, all - room));
    verticalScrollBar()->setPageStep(std::max(1, room));
    verticalScrollBar()->setSingleStep(m_theme.scaled(kRow));
    updateGeometry();
    viewport()->update();
}

/// Whole rows.
int FirstTokenChart::plotHeight() const
{
    const int row = m_theme.scaled(kRow);
    const int fitting = (viewport()->height() - m_theme.scaled(kAxis)) / row;
    return row * std::max(1, std::min(fitting, std::max(kFewestRows, int(m_rows.size()))));
}

/// Bars keep their share of a narrow window.
double FirstTokenChart::gutter() const
{
    return std::min(double(m_theme.scaledColumn(kGutter)), viewport()->width() * kMostGutter);
}

QRectF FirstTokenChart::barRect(qsizetype row) const
{
    const double left = gutter(), right = m_theme.scaledColumn(kValue);
    const double height = m_theme.scaled(kRow), bar = m_theme.scaled(kBar);
    const double top = double(row) * height - verticalScrollBar()->value() + std::round((height - bar) / 2);
    return {left, top, std::max(1.0, viewport()->width() - left - right), bar};
}

qsizetype FirstTokenChart::rowAt(const QPointF& position) const
{
    if (position.y() > plotHeight())
        return -1;
    const auto row =
        qsizetype((position.y() + verticalScrollBar()->value()) / std::max(1, m_theme.scaled(kRow)));
    return row >= 0 && row < m_rows.size() ? row : -1;
}

void FirstTokenChart::pick(qsizetype row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    const int height = m_theme.scaled(kRow), room = plotHeight();
    const int top = int(row) * height;
    QScrollBar* bar = verticalScrollBar();
    bar->setValue(std::clamp(bar->value(), top + height - room, top));
    emit requestPicked(m_rows[row].name.request);
}

// Painting

QString FirstTokenChart::noteOf(const LatencyRow& row) const
{
    if (row.latency.toFirstToken.preemptedNs > 0)
        return tr("after preemption");
    return tr("%1 tokens").arg(countText(row.latency.promptTokens));
}

void FirstTokenChart::paintGrid(QPainter& painter) const
{
    const QRectF plot = barRect(0);
    const double bottom = plotHeight();
    const double step = markStep(nsPerPixel(), kMarkApart);
    for (double ns = 0; ns <= m_mostNs; ns += step) {
        const double x = std::round(plot.left() + ns / nsPerPixel());
        painter.fillRect(QRectF(x, 0, 1, bottom), m_theme.tokens().grid);
        painter.setPen(m_theme.tokens().secondary);
        painter.drawText(QRectF(x - kMarkApart, bottom, 2 * kMarkApart, m_theme.scaled(kAxis)),
                         Qt::AlignHCenter | Qt::AlignBottom, markText(ns, step, ns + step > m_mostNs));
    }
}

void FirstTokenChart::paintBars(QPainter& painter, qsizetype index) const
{
    const QRectF plot = barRect(index);
    const auto& parts = m_rows[index].latency.toFirstToken;
    double at = 0;
    for (const WaitPart part : kWaitParts) {
        const auto ns = double(std::max<qint64>(partOf(parts, part), 0));
        if (ns <= 0)
            continue;
        const double gap = part == WaitPart::Saved ? 3 : 0;
        const double left = std::round(plot.left() + at / nsPerPixel()) + gap;
        const double right = std::min(std::round(plot.left() + (at + ns) / nsPerPixel()), plot.right());
        if (right > left)
            paintPart(painter, m_theme, QRectF(left, plot.top(), right - left, plot.height()), part);
        at += ns;
    }
}

void FirstTokenChart::paintRow(QPainter& painter, qsizetype index) const
{
    const Tokens& t = m_theme.tokens();
    const LatencyRow& row = m_rows[index];
    const QRectF bar = barRect(index);
    const double height = m_theme.scaled(kRow), top = bar.center().y() - height / 2;
    const QRectF line(0, top, viewport()->width(), height);
    const bool isChosen = row.name.request == chosen();
    if (isChosen || index == m_hovered)
        painter.fillRect(line, isChosen ? t.select : t.hover);
    painter.fillRect(QRectF(0, bar.top(), kHue, bar.height()), t.conversation(row.name.hue));
    const double gutter = bar.left() - kSpace3;
    const QRectF note(gutter * (1 - kNoteShare), top, gutter * kNoteShare, height);
    const bool cramped = bar.left() < m_theme.scaledColumn(kGutter);
    const QString said = cramped ? QString() : noteOf(row);
    const double wide = painter.fontMetrics().horizontalAdvance(said);
    painter.setPen(t.secondary);
    painter.drawText(note, Qt::AlignRight | Qt::AlignVCenter, said);
    const QRectF name(kHue + kSpace2, top, gutter - wide - kHue - 2 * kSpace2, height);
    painter.setPen(t.text);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(row.name.title, Qt::ElideRight, int(name.width())));
    paintBars(painter, index);
    painter.setPen(t.text);
    painter.drawText(QRectF(bar.right(), top, viewport()->width() - bar.right() - kSpace1, height),
                     Qt::AlignRight | Qt::AlignVCenter, durationText(double(totalOf(row))));
    if (isChosen && hasFocus()) {
        painter.setPen(QPen(t.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(line.adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void FirstTokenChart::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setFont(m_theme.font(TextSize::Small));
    if (m_rows.isEmpty()) {
        painter.setPen(m_theme.tokens().secondary);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("No reply has begun here yet."));
        return;
    }
    paintGrid(painter);
    painter.setClipRect(0, 0, viewport()->width(), plotHeight());
    const double height = m_theme.scaled(kRow);
    const auto first = qsizetype(verticalScrollBar()->value() / height);
    const auto last = std::min(m_rows.size(), first + qsizetype(viewport()->height() / height) + 2);
    for (qsizetype row = first; row < last; ++row)
        paintRow(painter, row);
}

// Input

QString FirstTokenChart::tipAt(const QPointF& position) const
{
    const qsizetype index = rowAt(position);
    if (index < 0)
        return {};
    const LatencyRow& row = m_rows[index];
    QStringList lines{
        tr("%1: %2 until the first token").arg(row.name.title, durationText(double(totalOf(row))))};
    for (const WaitPart part : kWaitParts)
        if (const qint64 ns = partOf(row.latency.toFirstToken, part); ns > 0)
            lines << tr("%1 %2").arg(partName(part), durationText(double(ns)));
    if (row.latency.cachedTokens > 0)
        lines << tr("%1 of %2 tokens of the prompt were cached")
                     .arg(countText(row.latency.cachedTokens), countText(row.latency.promptTokens));
    return lines.join(QLatin1Char('\n'));
}

bool FirstTokenChart::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), viewport());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        m_hovered = -1;
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void FirstTokenChart::mouseMoveEvent(QMouseEvent* event)
{
    const qsizetype row = rowAt(event->position());
    if (row != std::exchange(m_hovered, row))
        viewport()->update();
}

void FirstTokenChart::mouseDoubleClickEvent(QMouseEvent* event)
{
    const qsizetype row = event->button() == Qt::LeftButton ? rowAt(event->position()) : -1;
    if (row >= 0)
        emit requestActivated(m_rows[row].name.request);
}

void FirstTokenChart::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        pick(rowAt(event->position()));
}

void FirstTokenChart::keyPressEvent(QKeyEvent* event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && chosen().value != 0) {
        emit requestActivated(chosen());
        return;
    }
    if (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    qsizetype now = -1;
    for (qsizetype row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].name.request == chosen())
            now = row;
    pick(now + (event->key() == Qt::Key_Down ? 1 : -1));
}

void FirstTokenChart::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    arrange();
}

void FirstTokenChart::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QAbstractScrollArea::changeEvent(event);
}

} // namespace vitrine::ui
