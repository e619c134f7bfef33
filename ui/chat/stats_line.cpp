// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/stats_line.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

#include "ui/chat/message_style.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kGap = 12;
constexpr qreal kArcWidth = 18;

QString translated(const char* text)
{
    return QCoreApplication::translate("StatsLine", text);
}

QString count(quint32 value)
{
    return QLocale().toString(value);
}

QString paused()
{
    //: A reply that was preempted: it goes on by itself when there is memory again
    return translated(QT_TRANSLATE_NOOP("StatsLine", "Paused, others need the memory"));
}

void paintArc(QPainter& painter, const QPointF& centre, const QColor& hue, double turn)
{
    painter.setRenderHint(QPainter::Antialiasing);
    QColor faint = hue;
    faint.setAlphaF(0.35F);
    const QRectF ring(centre.x() - 5.25, centre.y() - 5.25, 10.5, 10.5);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(faint, 1.5));
    painter.drawEllipse(ring);
    painter.setPen(QPen(hue, 1.5, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(ring, qRound(90 * 16 - turn * 360 * 16), -100 * 16);
    painter.setPen(Qt::NoPen);
    painter.setBrush(hue);
    painter.drawEllipse(centre, 2, 2);
}

} // namespace

StatsLine::StatsLine(const Message& message) : m_running(message.isOpen())
{
    describeState(message);
    if (message.figures.tokens > 0)
        addFigures(message);
}

void StatsLine::describeState(const Message& message)
{
    switch (message.state) {
    case MessageState::Queued:
        m_state = translated(QT_TRANSLATE_NOOP("StatsLine", "Waiting"));
        addWait(message.wait);
        break;
    case MessageState::Reading:
        m_state = message.paused ? paused() : translated(QT_TRANSLATE_NOOP("StatsLine", "Reading"));
        m_figures.push_back(
            {count(message.prefilled), translated(QT_TRANSLATE_NOOP("StatsLine", "of %1 prompt tokens"))
                                           .arg(count(message.start.promptTokens))});
        break;
    case MessageState::Streaming:
        m_state = message.paused ? paused() : translated(QT_TRANSLATE_NOOP("StatsLine", "Generating"));
        break;
    case MessageState::Stopped:
        m_state = translated(QT_TRANSLATE_NOOP("StatsLine", "Stopped"));
        break;
    case MessageState::CutOff:
        m_state = message.contextFull ? translated(QT_TRANSLATE_NOOP("StatsLine", "Context is full"))
                                      : translated(QT_TRANSLATE_NOOP("StatsLine", "Length limit reached"));
        m_warns = true;
        break;
    case MessageState::Interrupted:
        m_state = translated(QT_TRANSLATE_NOOP("StatsLine", "Interrupted"));
        m_warns = true;
        break;
    case MessageState::Failed:
        m_state = translated(QT_TRANSLATE_NOOP("StatsLine", "Failed"));
        break;
    case MessageState::Complete:
        break;
    }
}

/// "No. 3 in queue · about 4 s to first"
void StatsLine::addWait(const ReplyWait& wait)
{
    if (wait.position == 0)
        return;
    m_figures.push_back({translated(QT_TRANSLATE_NOOP("StatsLine", "No. %1")).arg(count(wait.position)),
                         translated(QT_TRANSLATE_NOOP("StatsLine", "in queue"))});
    m_figures.push_back({translated(QT_TRANSLATE_NOOP("StatsLine", "about %1 s"))
                             .arg(QLocale().toString(qMax(1, qRound(wait.seconds)))),
                         translated(QT_TRANSLATE_NOOP("StatsLine", "to first"))});
}

void StatsLine::addFigures(const Message& message)
{
    const ReplyFigures& figures = message.figures;
    m_figures.push_back({count(figures.tokens), figures.tokens == 1
                                                    ? translated(QT_TRANSLATE_NOOP("StatsLine", "token"))
                                                    : translated(QT_TRANSLATE_NOOP("StatsLine", "tokens"))});
    if (figures.tokensPerSecond > 0)
        m_figures.push_back({QLocale().toString(figures.tokensPerSecond, 'f', 1),
                             translated(QT_TRANSLATE_NOOP("StatsLine", "tok/s"))});
    if (figures.secondsToFirst > 0) {
        const bool seconds = figures.secondsToFirst >= 10;
        const QString time = seconds ? translated(QT_TRANSLATE_NOOP("StatsLine", "%1 s"))
                                           .arg(QLocale().toString(figures.secondsToFirst, 'f', 1))
                                     : translated(QT_TRANSLATE_NOOP("StatsLine", "%1 ms"))
                                           .arg(QLocale().toString(qRound(figures.secondsToFirst * 1000)));
        m_figures.push_back({time, translated(QT_TRANSLATE_NOOP("StatsLine", "to first"))});
    }
    if (message.start.cachedTokens > 0)
        m_figures.push_back(
            {count(message.start.cachedTokens), translated(QT_TRANSLATE_NOOP("StatsLine", "of %1 cached"))
                                                    .arg(count(message.start.promptTokens))});
}

QString StatsLine::text() const
{
    QStringList parts;
    if (!m_state.isEmpty())
        parts << m_state;
    for (const Figure& figure : m_figures)
        parts << figure.value + ' ' + figure.unit;
    return parts.join(QStringLiteral(", "));
}

qreal StatsLine::width(const MessageStyle& style, qreal room) const
{
    qreal x = m_running ? kArcWidth * style.factor : 0;
    if (!m_state.isEmpty())
        x += tabularWidth(style.small, m_state) + kGap;
    for (const Figure& figure : m_figures) {
        const qreal width = figureWidth(figure, style);
        if (x + width > room)
            break;
        x += width + kGap;
    }
    return std::max(0.0, x - kGap);
}

qreal StatsLine::figureWidth(const Figure& figure, const MessageStyle& style)
{
    return tabularWidth(style.smallStrong, figure.value) + tabularWidth(style.small, ' ' + figure.unit);
}

void StatsLine::paint(QPainter& painter, const QRectF& rect, const MessageStyle& style, const QColor& hue,
                      double turn) const
{
    const Tokens& tokens = style.tokens;
    const qreal baseline = rect.center().y() + QFontMetricsF(style.small).capHeight() / 2;
    qreal x = rect.left();
    painter.save();
    if (m_running) {
        painter.save();
        painter.translate(x + 6.5 * style.factor, rect.center().y());
        painter.scale(style.factor, style.factor);
        paintArc(painter, {}, hue, turn);
        painter.restore();
        x += kArcWidth * style.factor;
    }
    if (!m_state.isEmpty()) {
        painter.setPen(m_warns ? tokens.warning : tokens.secondary);
        x = drawTabular(painter, style.small, x, baseline, m_state) + kGap;
    }
    for (const Figure& figure : m_figures) {
        if (x + figureWidth(figure, style) > rect.right())
            break; // the later ones matter less
        painter.setPen(tokens.text);
        x = drawTabular(painter, style.smallStrong, x, baseline, figure.value);
        painter.setPen(tokens.secondary);
        x = drawTabular(painter, style.small, x, baseline, ' ' + figure.unit) + kGap;
    }
    painter.restore();
}

} // namespace vitrine::ui
