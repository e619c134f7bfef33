// SPDX-License-Identifier: GPL-3.0-or-later
// The line under a reply: what it is doing, or what it took. Thread: UI.
#pragma once

#include <vector>

#include <QColor>
#include <QString>

#include "ui/chat/message.h"

class QPainter;
class QRectF;

namespace vitrine::ui {

struct MessageStyle;

inline constexpr qreal kStatsHeight = 28;

class StatsLine
{
public:
    explicit StatsLine(const Message& message);

    /// How much of `room` it takes; figures that do not fit are left out.
    qreal width(const MessageStyle& style, qreal room) const;
    /// What it says, for a screen reader.
    QString text() const;
    /// `hue` is the conversation's; `turn` in 0…1 is where the arc of a running reply stands.
    void paint(QPainter& painter, const QRectF& rect, const MessageStyle& style, const QColor& hue,
               double turn) const;

private:
    /// "412" strong and "tokens" beside it.
    struct Figure
    {
        QString value;
        QString unit;
    };

    static qreal figureWidth(const Figure& figure, const MessageStyle& style);
    void describeState(const Message& message);
    void addWait(const ReplyWait& wait);
    void addFigures(const Message& message);

    QString m_state; // "Generating", "Stopped"; empty for a plain end
    std::vector<Figure> m_figures;
    bool m_running = false;
    bool m_warns = false;
};

} // namespace vitrine::ui
