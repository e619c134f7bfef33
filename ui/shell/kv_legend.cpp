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

} // namespace

KvLegend::KvLegend(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
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

void KvLegend::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const QFont font = m_theme.font(TextSize::Small);
    const QFontMetricsF metrics(font);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    const qreal middle = height() / 2.0;
    const qreal baseline = middle + metrics.capHeight() / 2;
    qreal left = kSpace4;
    for (const bool filled : {true, false}) {
        paintConversationGlyph(painter, {left + kGlyph / 2.0, middle}, tokens,
                               filled ? tokens.conversation(0) : tokens.secondary,
                               ConversationList::Activity::Idle, filled ? ConversationList::kKvWhole : 0);
        left += kGlyph + kSpace2;
        const QString text = metrics.elidedText(filled ? m_filled : m_ring, Qt::ElideRight,
                                                std::max(0.0, width() - kSpace2 - left));
        painter.setPen(tokens.secondary);
        painter.drawText(QPointF(left, baseline), text);
        left += metrics.horizontalAdvance(text) + kSpace3;
    }
}

} // namespace vitrine::ui
