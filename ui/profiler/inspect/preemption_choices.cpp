// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/preemption_choices.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kDot = 8;
constexpr int kBarWidth = 92, kBarHeight = 6;

double sane(double price)
{
    return std::isfinite(price) ? std::clamp(price, 0.0, 1e9) : 0.0;
}

} // namespace

PreemptionChoices::PreemptionChoices(const PreemptionDetails& details, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_choices(details.choices), m_action(details.detail.action)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Alternatives"));
    QStringList said;
    for (const PreemptionChoice& choice : m_choices) {
        m_most = std::max(m_most, sane(choice.price));
        said << tr("%1: %2, %3")
                    .arg(choice.name.title, actionOf(choice), durationText(sane(choice.price) * 1e9));
    }
    setAccessibleDescription(said.join(QLatin1Char('\n')));
    setToolTip(
        tr("What the scheduler compared: the work that would be lost, weighed with priority, progress and\n"
           "how often a request was preempted before. The cheapest one is taken."));
}

QSize PreemptionChoices::sizeHint() const
{
    return {200, int(m_choices.size()) * m_theme.scaled(kRow)};
}

QString PreemptionChoices::actionOf(const PreemptionChoice& choice) const
{
    if (!choice.chosen)
        return tr("preempt it");
    return m_action == engine::PreemptionAction::Swap ? tr("swap to host, chosen") : tr("recompute, chosen");
}

void PreemptionChoices::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int height = m_theme.scaled(kRow);
    for (qsizetype i = 0; i < m_choices.size(); ++i) {
        const QRectF row(0, double(i) * height, width(), height);
        paintChoice(painter, m_choices[i], row);
        if (hasFocus() && i == m_current) {
            painter.setPen(QPen(m_theme.tokens().accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), kRadius, kRadius);
        }
    }
}

void PreemptionChoices::paintChoice(QPainter& painter, const PreemptionChoice& choice,
                                    const QRectF& row) const
{
    const Tokens& tokens = m_theme.tokens();
    painter.setPen(Qt::NoPen);
    if (choice.chosen) {
        painter.setBrush(tokens.select);
        painter.drawRoundedRect(row, kRadius, kRadius);
    }
    const int line = m_theme.scaled(18), dot = m_theme.scaled(kDot), left = kSpace2 + dot + kSpace2;
    const double top = row.top() + (row.height() - 2 * line) / 2;
    painter.setBrush(tokens.conversation(choice.name.hue));
    painter.drawEllipse(QRectF(kSpace2, top + (line - dot) / 2.0, dot, dot));
    const QFont strong = m_theme.font(TextSize::Body, QFont::Medium), small = m_theme.font(TextSize::Small);
    const QString price = durationText(sane(choice.price) * 1e9);
    const double right = row.right() - kSpace2;
    const double wide = QFontMetricsF(strong).horizontalAdvance(price);
    painter.setFont(strong);
    painter.setPen(tokens.text);
    painter.drawText(QRectF(right - wide - 1, top, wide + 1, line), Qt::AlignRight | Qt::AlignVCenter, price);
    const QString title =
        QFontMetricsF(strong).elidedText(choice.name.title, Qt::ElideRight, right - wide - left - kSpace3);
    painter.drawText(QRectF(left, top, right - wide - left, line), Qt::AlignLeft | Qt::AlignVCenter, title);
    const double bar = m_theme.scaled(kBarWidth);
    painter.setFont(small);
    painter.setPen(tokens.secondary);
    const QString action =
        QFontMetricsF(small).elidedText(actionOf(choice), Qt::ElideRight, right - bar - left - kSpace2);
    painter.drawText(QRectF(left, top + line, right - bar - left, line), Qt::AlignLeft | Qt::AlignVCenter,
                     action);
    const QRectF track(right - bar, top + line + (line - kBarHeight) / 2.0, bar, kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.freeLine);
    painter.drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    const double share = m_most > 0 ? sane(choice.price) / m_most : 0;
    painter.setBrush(choice.chosen ? tokens.accent : tokens.queued);
    painter.drawRoundedRect(
        QRectF(track.topLeft(), QSizeF(std::max(double(kBarHeight), bar * share), kBarHeight)),
        kBarHeight / 2.0, kBarHeight / 2.0);
}

void PreemptionChoices::mousePressEvent(QMouseEvent* event)
{
    const auto row = qsizetype(event->position().y() / m_theme.scaled(kRow));
    if (row < 0 || row >= m_choices.size())
        return;
    m_current = int(row);
    emit requestPicked(m_choices[row].name.request);
}

void PreemptionChoices::keyPressEvent(QKeyEvent* event)
{
    if (m_choices.isEmpty() || (event->key() != Qt::Key_Up && event->key() != Qt::Key_Down &&
                                event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        emit requestPicked(m_choices[m_current].name.request);
        return;
    }
    m_current = std::clamp(m_current + (event->key() == Qt::Key_Down ? 1 : -1), 0, int(m_choices.size()) - 1);
    update();
}

} // namespace vitrine::ui
