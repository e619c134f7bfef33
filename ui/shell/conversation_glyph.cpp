// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/conversation_glyph.h"

#include <QPainter>

#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

namespace vitrine::ui {
namespace {

constexpr qreal kPen = 1.5;
constexpr qreal kThinPen = 1.25;
constexpr qreal kRing = 3.5;
constexpr qreal kOrbit = 5.25;
constexpr int kHourglass = 14;
constexpr int kDegree = 16; // of QPainter's arcs

QRectF around(const QPointF& centre, qreal radius)
{
    return {centre - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

/// A ring that fills clockwise; grey while it is empty, so that the others are seen at once.
void paintKv(QPainter& painter, const QPointF& centre, const Tokens& tokens, const QColor& hue, int kv)
{
    constexpr int kTop = 90 * kDegree, kAround = 360 * kDegree;
    if (kv > 0) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(hue);
        if (kv >= ConversationList::kKvWhole)
            painter.drawEllipse(centre, kRing, kRing);
        else
            painter.drawPie(around(centre, kRing), kTop, -kAround * kv / ConversationList::kKvWhole);
        painter.setBrush(Qt::NoBrush);
    }
    painter.setPen(QPen(kv > 0 ? hue : tokens.secondary, kv > 0 ? kPen : kThinPen));
    painter.drawEllipse(centre, kRing, kRing);
}

} // namespace

void paintConversationGlyph(QPainter& painter, const QPointF& centre, const Tokens& tokens, const QColor& hue,
                            ConversationList::Activity activity, int kv)
{
    painter.setBrush(Qt::NoBrush);
    switch (activity) {
    case ConversationList::Activity::Idle:
        paintKv(painter, centre, tokens, hue, kv);
        break;
    case ConversationList::Activity::Interrupted:
        painter.setPen(QPen(hue, kPen, Qt::SolidLine, Qt::FlatCap));
        painter.drawArc(around(centre, kRing), 35 * kDegree, 110 * kDegree);
        painter.drawArc(around(centre, kRing), 215 * kDegree, 110 * kDegree);
        break;
    case ConversationList::Activity::Queued: {
        const qreal ratio = painter.device()->devicePixelRatioF() * painter.transform().m11();
        const QPixmap glass = iconPixmap(QStringLiteral("hour"), hue, kHourglass, ratio);
        painter.drawPixmap(centre - QPointF(kHourglass, kHourglass) / 2, glass);
        break;
    }
    case ConversationList::Activity::Generating:
        painter.setPen(QPen(tokens.borderStrong, kPen));
        painter.drawEllipse(centre, kOrbit, kOrbit);
        painter.setPen(QPen(hue, kPen, Qt::SolidLine, Qt::RoundCap));
        painter.drawArc(around(centre, kOrbit), -20 * kDegree, 130 * kDegree);
        painter.setPen(Qt::NoPen);
        painter.setBrush(hue);
        painter.drawEllipse(centre, 2, 2);
        break;
    }
}

} // namespace vitrine::ui
