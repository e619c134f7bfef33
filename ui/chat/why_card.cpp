// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/why_card.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "ui/chat/message_style.h"
#include "ui/chat/message_tools.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kLeastTitle = 60; // px
constexpr qreal kPadding = 16;
constexpr qreal kAbove = 12;
constexpr qreal kBetween = 8; // two sentences in a line
constexpr qreal kBar = 16;
constexpr qreal kSwatch = 0.4;       // in lines of a table
constexpr qreal kColumn = 5.2;       // the least a legend entry needs, in lines of a table
constexpr qreal kLegendValue = 0.95; // from its name to its seconds, in such lines
constexpr qreal kLegendRow = 2;
constexpr double kShown = 0.005; // seconds: less is nothing

QString translated(const char* text)
{
    return QCoreApplication::translate("WhyCard", text);
}

QString seconds(double value)
{
    return translated(QT_TRANSLATE_NOOP("WhyCard", "%1 s"))
        .arg(QLocale().toString(std::abs(value), 'f', 2))
        .prepend(value < 0 ? QString(QChar(0x2212)) : QString());
}

} // namespace

WhyCard::WhyCard(const ReplyBreakdown& reply, const MessageStyle& style)
    : m_style(style), m_sentence(reply.sentence), m_slowedBy(reply.slowedBy),
      m_slowedByWhom(reply.slowedByWhom)
{
    const Tokens& t = style.tokens;
    m_parts = {
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Queued")), reply.queued, t.queued, Fill::Hatched},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Preempted")), reply.preempted, t.preempted, Fill::Hatched},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Prefill")), reply.prefill, t.prefill},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Interference")), reply.interference, t.interference,
         Fill::Outlined},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Decode")), reply.decode, t.decode},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Sampling")), reply.sampling, t.sampling},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Other")), reply.other, t.borderStrong},
        {translated(QT_TRANSLATE_NOOP("WhyCard", "Saved by cache")), -reply.saved, t.cached, Fill::Hatched,
         true},
    };
    std::erase_if(m_parts, [](const Part& part) { return std::abs(part.seconds) < kShown; });
}

int WhyCard::columns(qreal width) const
{
    const int fit = std::max(1, int((width - 2 * kPadding) / (kColumn * m_style.tableLine)));
    return std::clamp(int(m_parts.size()), 1, fit);
}

qreal WhyCard::height(qreal width) const
{
    const int each = columns(width);
    const int rows = (int(m_parts.size()) + each - 1) / each;
    return kAbove + sentenceHeight(width) + 8 + kBar + 10 + rows * kLegendRow * m_style.tableLine + 8;
}

QRectF WhyCard::profilerLink(const QRectF& card) const
{
    const qreal width = QFontMetricsF(m_style.smallStrong)
                            .horizontalAdvance(MessageTools::name(MessageAction::ShowInProfiler)) +
                        20;
    return {card.right() - kPadding - width, card.top() + 10, width, m_style.tableLine + 4};
}

QString WhyCard::text() const
{
    QStringList parts{m_sentence};
    if (!m_slowedBy.isEmpty())
        parts << m_slowedBy.arg(m_slowedByWhom);
    for (const Part& part : m_parts)
        parts << part.name + ' ' + seconds(part.seconds);
    return parts.join(QStringLiteral(", "));
}

void WhyCard::paint(QPainter& painter, const QRectF& card, bool linked) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_style.tokens.border);
    painter.setBrush(m_style.tokens.raised);
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    paintSentence(painter, card, linked);
    const QRectF bar(card.left() + kPadding, card.top() + kAbove + sentenceHeight(card.width()) + 8,
                     card.width() - 2 * kPadding, kBar);
    paintBar(painter, bar);
    paintLegend(painter, {bar.left(), bar.bottom() + 10, bar.width(), card.bottom() - bar.bottom() - 18});
    painter.restore();
}

QString WhyCard::slowedBy(qreal width) const
{
    const QFontMetricsF metrics(m_style.table);
    const qreal room = width - metrics.horizontalAdvance(m_slowedBy.arg(QString()));
    const QString whom = metrics.elidedText(m_slowedByWhom, Qt::ElideRight, std::max(room, kLeastTitle));
    return metrics.elidedText(m_slowedBy.arg(whom), Qt::ElideRight, width);
}

/// One line, or two where who slowed the reply does not stand beside the first sentence.
qreal WhyCard::sentenceHeight(qreal width) const
{
    if (m_slowedBy.isEmpty())
        return m_style.tableLine;
    const qreal least =
        QFontMetricsF(m_style.table).horizontalAdvance(m_slowedBy.arg(QString())) + kLeastTitle;
    const qreal room =
        width - 2 * kPadding - QFontMetricsF(strong()).horizontalAdvance(m_sentence) - kBetween;
    return least <= room ? m_style.tableLine : 2 * m_style.tableLine;
}

QFont WhyCard::strong() const
{
    QFont bold = m_style.table;
    bold.setWeight(QFont::Medium);
    return bold;
}

void WhyCard::paintSentence(QPainter& painter, const QRectF& card, bool linked) const
{
    const qreal right = linked ? profilerLink(card).left() - 12 : card.right() - kPadding;
    QRectF rect(card.left() + kPadding, card.top() + kAbove, right - card.left() - kPadding,
                m_style.tableLine);
    const QFontMetricsF metrics(strong());
    painter.setFont(strong());
    painter.setPen(m_style.tokens.text);
    painter.drawText(rect, Qt::AlignVCenter, metrics.elidedText(m_sentence, Qt::ElideRight, rect.width()));
    if (m_slowedBy.isEmpty())
        return;
    if (sentenceHeight(card.width()) > m_style.tableLine)
        rect = {rect.left(), rect.bottom(), card.width() - 2 * kPadding, rect.height()};
    else
        rect.setLeft(rect.left() + metrics.horizontalAdvance(m_sentence) + kBetween);
    painter.setFont(m_style.table);
    painter.setPen(m_style.tokens.secondary);
    painter.drawText(rect, Qt::AlignVCenter, slowedBy(rect.width()));
}

void WhyCard::paintBar(QPainter& painter, const QRectF& bar) const
{
    double total = 0;
    for (const Part& part : m_parts)
        total += part.saved ? 0 : part.seconds;
    if (total <= 0)
        return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    qreal x = bar.left();
    double sum = 0;
    for (const Part& part : m_parts) {
        if (part.saved)
            continue;
        sum += part.seconds;
        const qreal end = std::max(x + 2, std::floor(bar.left() + bar.width() * sum / total));
        paintFill(painter, {x, bar.top(), std::min(end, bar.right()) - x - 1, bar.height()}, part);
        x = end;
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void WhyCard::paintFill(QPainter& painter, const QRectF& rect, const Part& part) const
{
    if (part.fill == Fill::Plain) {
        painter.fillRect(rect, part.colour);
        return;
    }
    if (part.fill == Fill::Outlined)
        painter.fillRect(rect, part.colour);
    else
        painter.fillRect(rect, QBrush(part.colour, Qt::BDiagPattern));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(part.fill == Fill::Outlined ? m_style.tokens.interferenceLine : part.colour, 1));
    if (rect.width() > 3)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
}

void WhyCard::paintLegend(QPainter& painter, const QRectF& legend) const
{
    const int each = columns(legend.width() + 2 * kPadding);
    const qreal step = legend.width() / each;
    const qreal cap = QFontMetricsF(m_style.small).capHeight() / 2;
    const qreal swatch = std::round(kSwatch * m_style.tableLine), text = swatch + 6;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const Part& part = m_parts[i];
        const qreal x = legend.left() + step * qreal(int(i) % each);
        const qreal y = legend.top() + kLegendRow * m_style.tableLine * qreal(int(i) / each);
        painter.setRenderHint(QPainter::Antialiasing, false);
        const qreal middle = y + m_style.tableLine * 0.4;
        paintFill(painter, {x, std::round(middle) - swatch / 2, swatch, swatch}, part);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(m_style.tokens.secondary);
        painter.setFont(m_style.small);
        painter.drawText(QPointF(x + text, middle + cap), part.name);
        painter.setPen(m_style.tokens.text);
        QFont value = m_style.table;
        value.setWeight(QFont::Medium);
        drawTabular(painter, value, x + text, middle + m_style.tableLine * kLegendValue + cap,
                    seconds(part.seconds));
    }
}

} // namespace vitrine::ui
