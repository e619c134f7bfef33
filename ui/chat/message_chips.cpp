// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_chips.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "ui/chat/token_estimate.h"
#include "ui/theme/icons.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kLongestName = 180;
constexpr qreal kInside = kSpace1 + 2; // between icon, name and facts

/// Estimating reads the text: a long one is measured by its beginning, it is said to be about so many.
quint32 tokensOf(const QString& text)
{
    constexpr qsizetype kMeasured = 4000;
    if (text.size() <= kMeasured)
        return estimateTokens(text);
    const double part = double(text.size()) / double(kMeasured);
    return quint32(part * estimateTokens(QStringView(text).left(kMeasured)));
}

QString translated(const char* text)
{
    return QCoreApplication::translate("MessageChips", text);
}

} // namespace

QString attachmentFacts(const Attachment& attachment)
{
    const QLocale locale;
    const QString facts =
        translated(QT_TRANSLATE_NOOP("MessageChips", "%1, ≈ %2 tokens"))
            .arg(sizeText(quint64(attachment.bytes)), locale.toString(rounded(tokensOf(attachment.text))));
    return attachment.skipped.isEmpty() ? facts : facts + QStringLiteral(", ") + attachment.skipped;
}

QString MessageChips::name(const Attachment& attachment)
{
    return translated(QT_TRANSLATE_NOOP("MessageChips", "Show %1 (%2)"))
        .arg(attachment.name, attachmentFacts(attachment));
}

qreal MessageChips::widthOf(const Attachment& attachment) const
{
    const qreal name = QFontMetricsF(m_style.smallStrong).horizontalAdvance(attachment.name);
    const qreal facts = QFontMetricsF(m_style.small).horizontalAdvance(attachmentFacts(attachment));
    return kSpace2 + kIconSize * m_style.factor + kInside + std::min(kLongestName * m_style.factor, name) +
           kInside + facts + kSpace2;
}

std::vector<QRectF> MessageChips::place(qreal width) const
{
    std::vector<QRectF> places;
    const qreal high = kSmallButtonHeight * m_style.factor;
    QPointF at;
    for (const Attachment& each : m_attachments) {
        const qreal wide = std::min(std::ceil(widthOf(each)), std::max(width, 1.0));
        if (at.x() > 0 && at.x() + wide > width)
            at = {0, at.y() + high + kSpace1};
        places.emplace_back(at, QSizeF(wide, high));
        at.rx() += wide + kSpace1;
    }
    return places;
}

qreal MessageChips::height(qreal width) const
{
    return m_attachments.isEmpty() ? 0 : place(width).back().bottom() + kSpace2;
}

void MessageChips::paint(QPainter& painter, const QRectF& rect, int attachment, bool hovered) const
{
    const Attachment& shown = m_attachments[attachment];
    const Tokens& tokens = m_style.tokens;
    painter.setPen(hovered ? tokens.borderStrong : tokens.border);
    painter.setBrush(tokens.panel);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), kRadiusChip, kRadiusChip);
    const qreal side = kIconSize * m_style.factor;
    qreal x = rect.left() + kSpace2;
    painter.drawPixmap(QPointF(x, rect.center().y() - side / 2),
                       iconPixmap("doc", tokens.secondary, int(side), painter.device()->devicePixelRatioF()));
    x += side + kInside;
    const QString facts = attachmentFacts(shown);
    const QFontMetricsF strong(m_style.smallStrong), small(m_style.small);
    const qreal room = rect.right() - kSpace2 - x - kInside - small.horizontalAdvance(facts);
    const qreal baseline = rect.center().y() + small.capHeight() / 2;
    // The ending says what it is. Half a pixel for what is rounded.
    const QString name =
        strong.elidedText(shown.name, Qt::ElideMiddle, std::min(kLongestName * m_style.factor, room) + 0.5);
    painter.setFont(m_style.smallStrong);
    painter.setPen(tokens.text);
    painter.drawText(QPointF(x, baseline), name);
    x += strong.horizontalAdvance(name) + kInside;
    painter.setFont(m_style.small);
    painter.setPen(tokens.secondary);
    painter.drawText(QPointF(x, baseline),
                     small.elidedText(facts, Qt::ElideRight, rect.right() - kSpace2 - x + 0.5));
}

} // namespace vitrine::ui
