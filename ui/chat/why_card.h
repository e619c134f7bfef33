// SPDX-License-Identifier: GPL-3.0-or-later
// The card under a reply that says where its time went: a sentence, a bar with one segment a phase, a legend
// in seconds. Thread: UI.
#pragma once

#include <vector>

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace vitrine::ui {

struct MessageStyle;

/// Where the time of a reply went, in seconds.
struct ReplyBreakdown
{
    double queued = 0;       ///< before it was admitted
    double preempted = 0;    ///< while its memory served others
    double prefill = 0;      ///< reading its prompt
    double interference = 0; ///< longer steps because of others
    double decode = 0;
    double sampling = 0;
    double other = 0;
    double saved = 0; ///< not spent, thanks to the cache
    QString sentence; ///< the most important, in words
    QString slowedBy; ///< a sentence about who else was served, with %1 for the title of that chat; or empty
    QString slowedByWhom;
};

class WhyCard
{
public:
    WhyCard(const ReplyBreakdown& breakdown, const MessageStyle& style);

    qreal height(qreal width) const;
    QRectF profilerLink(const QRectF& card) const;
    /// `linked`: room is left for the link, which is painted by whoever knows whether the pointer is on it.
    void paint(QPainter& painter, const QRectF& card, bool linked) const;
    /// What it says, for a screen reader.
    QString text() const;
    /// The sentence about the other chat, its title cut so that the rest fits in `width`.
    QString slowedBy(qreal width) const;

private:
    enum class Fill { Plain, Outlined, Hatched };
    struct Part
    {
        QString name;
        double seconds = 0;
        QColor colour;
        Fill fill = Fill::Plain;
        bool saved = false; // in the legend only
    };

    int columns(qreal width) const;
    qreal sentenceHeight(qreal width) const;
    QFont strong() const;
    void paintSentence(QPainter& painter, const QRectF& card, bool linked) const;
    void paintBar(QPainter& painter, const QRectF& bar) const;
    void paintLegend(QPainter& painter, const QRectF& legend) const;
    void paintFill(QPainter& painter, const QRectF& rect, const Part& part) const;

    const MessageStyle& m_style;
    QString m_sentence, m_slowedBy, m_slowedByWhom;
    std::vector<Part> m_parts;
};

} // namespace vitrine::ui
