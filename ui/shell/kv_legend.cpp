// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/kv_legend.h"

#include <algorithm>

#include <QEvent>
#include <QPainter>

#include "ui/shell/conversation_glyph.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kHeight = 40;
constexpr int kLine = 22; // more, for a second one

} // namespace

KvLegend::KvLegend(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        fit();
        update();
    });
    retranslate();
}

void KvLegend::retranslate()
{
    m_filled = tr("KV in memory");
    m_ring = tr("not in memory");
    setAccessibleName(tr("Filled dot: KV in memory. Ring: not in memory."));
    setToolTip(tr("What the model has read of a chat stays in the KV cache while there is room: the next "
                  "message is answered sooner. A dot that is partly filled: only the beginning is still "
                  "there."));
    fit();
    update();
}

QSize KvLegend::sizeHint() const
{
    return {0, m_theme.scaled(kHeight)};
}

void KvLegend::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

qreal KvLegend::textLeft(qreal glyph) const
{
    return glyph + m_theme.scaled(kGlyph) + kSpace2;
}

bool KvLegend::fitsInALine(int width) const
{
    const QFontMetricsF metrics(m_theme.font(TextSize::Small));
    const qreal second = textLeft(kSpace4) + metrics.horizontalAdvance(m_filled) + kSpace3;
    return textLeft(second) + metrics.horizontalAdvance(m_ring) + kSpace2 <= width;
}

void KvLegend::fit()
{
    setFixedHeight(m_theme.scaled(fitsInALine(width()) ? kHeight : kHeight + kLine));
}

void KvLegend::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

void KvLegend::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const QFont font = m_theme.font(TextSize::Small);
    const QFontMetricsF metrics(font);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    const qreal line = fitsInALine(width()) ? 0 : m_theme.scaled(kLine);
    qreal left = kSpace4, middle = (height() - line) / 2.0;
    for (const bool filled : {true, false}) {
        painter.save();
        painter.translate(left + m_theme.scaled(kGlyph) / 2.0, middle);
        painter.scale(m_theme.factor(), m_theme.factor());
        paintConversationGlyph(painter, {}, tokens, filled ? tokens.conversation(0) : tokens.secondary,
                               ConversationList::Activity::Idle, filled ? ConversationList::kKvWhole : 0);
        painter.restore();
        const QString text = metrics.elidedText(filled ? m_filled : m_ring, Qt::ElideRight,
                                                std::max(0.0, width() - kSpace2 - textLeft(left)));
        painter.setPen(tokens.secondary);
        painter.drawText(QPointF(textLeft(left), middle + metrics.capHeight() / 2), text);
        if (line == 0)
            left = textLeft(left) + metrics.horizontalAdvance(text) + kSpace3;
        middle += line;
    }
}

} // namespace vitrine::ui
