// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/tint_legend.h"

#include <QPainter>

#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kSwatch = 10;
constexpr int kText = 20;

} // namespace

TintLegend::TintLegend(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Tints by probability"));
    connect(&theme, &Theme::changed, this, &QWidget::updateGeometry);
}

QSize TintLegend::sizeHint() const
{
    return {0, m_theme.scaled(kSwatch + kText)};
}

void TintLegend::paintEvent(QPaintEvent*)
{
    const Tokens& colours = m_theme.tokens();
    const QString names[kTintSteps] = {tr("≥ 90 %"), tr("60"), tr("30"), tr("15"), tr("< 15 %")};
    QPainter painter(this);
    painter.setFont(m_theme.font(TextSize::Small));
    const int each = width() / kTintSteps;
    for (int i = 0; i < kTintSteps; ++i) {
        const QRect swatch(i * each, 0, each - 1, kSwatch);
        painter.setPen(colours.border);
        painter.setBrush(tintOf(colours, i));
        painter.drawRect(swatch.adjusted(0, 0, -1, -1));
        painter.setPen(colours.secondary);
        painter.drawText(QRect(swatch.left(), kSwatch, each, height() - kSwatch),
                         Qt::AlignLeft | Qt::AlignVCenter, names[i]);
    }
}

} // namespace vitrine::ui
