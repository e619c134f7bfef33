// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_tools.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "ui/chat/message_style.h"
#include "ui/chat/stats_line.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kButton = kSmallButtonHeight;
constexpr qreal kStepWidth = 20; // of ‹ and ›
constexpr qreal kWhyGap = 12;
constexpr qreal kChevron = 12;
constexpr qreal kChipOver = 14; // how far the icons of a user's turn hang below it

QString translated(const char* text)
{
    return QCoreApplication::translate("MessageTools", text);
}

QString whyText()
{
    return translated(QT_TRANSLATE_NOOP("MessageTools", "Why this long?"));
}

/// What is written out in the line instead of being an icon.
QString linkText(MessageAction action)
{
    if (action == MessageAction::Continue)
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Continue"));
    return action == MessageAction::Why ? whyText() : MessageTools::name(action);
}

bool hasChevron(MessageAction action)
{
    return action != MessageAction::Continue;
}

qreal linkWidth(MessageAction action, const MessageStyle& style)
{
    return QFontMetricsF(style.smallStrong).horizontalAdvance(linkText(action)) +
           (hasChevron(action) ? 6 + kChevron * style.factor : 0);
}

const char* iconOf(MessageAction action)
{
    switch (action) {
    case MessageAction::Copy:
        return "copy";
    case MessageAction::Edit:
        return "edit";
    case MessageAction::Regenerate:
        return "redo";
    case MessageAction::Branch:
        return "branch";
    case MessageAction::Continue:
        return "play";
    case MessageAction::Delete:
        return "trash";
    case MessageAction::PreviousVersion:
        return "leftc";
    case MessageAction::NextVersion:
        return "rightc";
    case MessageAction::Why:
    case MessageAction::ShowInProfiler:
    case MessageAction::More:
        break;
    }
    return "more";
}

ItemSpot actionSpot(MessageAction action, const QRectF& rect)
{
    ItemSpot spot;
    spot.kind = ItemSpot::Kind::Action;
    spot.rect = rect;
    spot.action = action;
    return spot;
}

/// Icons side by side that end at the right edge of `row`.
void placeIcons(ToolRow& tools, const std::vector<MessageAction>& actions, const QRectF& row, qreal button)
{
    qreal x = row.right() - button * qreal(actions.size());
    tools.icons = QRectF(x, row.top(), row.right() - x, row.height());
    for (const MessageAction action : actions) {
        tools.spots.push_back(actionSpot(action, {x, row.top(), button, row.height()}));
        x += button;
    }
}

} // namespace

QString MessageTools::name(MessageAction action)
{
    switch (action) {
    case MessageAction::Copy:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Copy this reply"));
    case MessageAction::Edit:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Edit"));
    case MessageAction::Regenerate:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Generate again"));
    case MessageAction::Branch:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Branch from here"));
    case MessageAction::Continue:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Continue this reply"));
    case MessageAction::Delete:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Delete"));
    case MessageAction::PreviousVersion:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Previous version"));
    case MessageAction::NextVersion:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Next version"));
    case MessageAction::Why:
        return whyText();
    case MessageAction::ShowInProfiler:
        return translated(QT_TRANSLATE_NOOP("MessageTools", "Show in profiler"));
    case MessageAction::More:
        break;
    }
    return translated(QT_TRANSLATE_NOOP("MessageTools", "More"));
}

std::vector<MessageAction> MessageTools::replyIcons(bool hasText) const
{
    std::vector<MessageAction> icons;
    if (m_message.isOpen())
        return icons;
    if (hasText)
        icons.push_back(MessageAction::Copy);
    if (m_actions.edit)
        icons.push_back(MessageAction::Edit);
    if (m_actions.regenerate)
        icons.push_back(MessageAction::Regenerate);
    if (m_actions.branch)
        icons.push_back(MessageAction::Branch);
    if (m_actions.remove)
        icons.push_back(MessageAction::Delete);
    if (m_actions.more)
        icons.push_back(MessageAction::More);
    return icons;
}

std::vector<MessageAction> MessageTools::userIcons() const
{
    std::vector<MessageAction> icons;
    if (m_actions.edit)
        icons.push_back(MessageAction::Edit);
    if (m_actions.branch)
        icons.push_back(MessageAction::Branch);
    if (m_actions.remove)
        icons.push_back(MessageAction::Delete);
    if (m_actions.more)
        icons.push_back(MessageAction::More);
    return icons;
}

QString MessageTools::versionText() const
{
    return translated(QT_TRANSLATE_NOOP("MessageTools", "%1 / %2"))
        .arg(QLocale().toString(m_actions.version), QLocale().toString(m_actions.versions));
}

/// Returns the x behind them.
qreal MessageTools::placeVersions(ToolRow& tools, const QRectF& line, const MessageStyle& style) const
{
    if (m_actions.versions < 2)
        return line.left();
    qreal x = line.left() - 4; // the arrow, not its room, stands at the edge of the column
    const qreal width = tabularWidth(style.small, versionText()), step = kStepWidth * style.factor;
    if (m_actions.version > 1)
        tools.spots.push_back(
            actionSpot(MessageAction::PreviousVersion, {x, line.top(), step, line.height()}));
    x += step;
    tools.version = QRectF(x, line.top(), width, line.height());
    x += width;
    if (m_actions.version < m_actions.versions)
        tools.spots.push_back(actionSpot(MessageAction::NextVersion, {x, line.top(), step, line.height()}));
    return x + step + 8;
}

ToolRow MessageTools::placeReply(const QRectF& row, const MessageStyle& style, bool hasText) const
{
    ToolRow tools;
    const qreal left = placeVersions(tools, row, style);
    const std::vector<MessageAction> icons = replyIcons(hasText);
    // In a narrow pane the icons come with the pointer and cover figures.
    qreal right = row.right() - (style.narrow ? 0 : kButton * style.factor * qreal(icons.size()) + kSpace2);
    std::vector<MessageAction> links;
    if (m_actions.continues && !m_message.isOpen())
        links.push_back(MessageAction::Continue);
    if (m_actions.why && !m_message.isOpen())
        links.push_back(MessageAction::Why);
    for (const MessageAction link : links)
        right -= linkWidth(link, style) + kWhyGap;
    const qreal figures = StatsLine(m_message).width(style, std::max(0.0, right - left));
    tools.figures = QRectF(left, row.top(), std::max(0.0, right - left), row.height());
    qreal x = left + figures + (figures > 0 ? kWhyGap : 0);
    for (const MessageAction link : links) {
        tools.spots.push_back(actionSpot(link, {x, row.top(), linkWidth(link, style), row.height()}));
        x += linkWidth(link, style) + kWhyGap;
    }
    placeIcons(tools, icons, row, kButton * style.factor);
    return tools;
}

ToolRow MessageTools::placeUser(const QRectF& bubble, const QRectF& row, const MessageStyle& style) const
{
    ToolRow tools;
    if (!row.isEmpty())
        placeVersions(tools, row, style);
    const qreal button = kButton * style.factor;
    const QRectF chip(bubble.left(), bubble.bottom() - button + kChipOver, bubble.width() - kSpace2, button);
    placeIcons(tools, userIcons(), row.isEmpty() ? chip : row, button);
    return tools;
}

void MessageTools::paintVersion(QPainter& painter, const QRectF& rect, const MessageStyle& style) const
{
    if (rect.isEmpty())
        return;
    painter.setPen(style.tokens.secondary);
    const qreal baseline = rect.center().y() + QFontMetricsF(style.small).capHeight() / 2;
    drawTabular(painter, style.small, rect.left(), baseline, versionText());
    const qreal step = kStepWidth * style.factor, side = kChevron * style.factor;
    const auto end = [&](const char* icon, qreal x) { // there is no version beyond
        painter.drawPixmap(
            QPointF(x + (step - side) / 2, rect.center().y() - side / 2),
            iconPixmap(icon, style.tokens.borderStrong, int(side), painter.device()->devicePixelRatioF()));
    };
    if (m_actions.version <= 1)
        end("leftc", rect.left() - step);
    if (m_actions.version >= m_actions.versions)
        end("rightc", rect.right());
}

void MessageTools::paintSpot(QPainter& painter, const ItemSpot& spot, const MessageStyle& style, bool hovered,
                             bool open)
{
    const Tokens& tokens = style.tokens;
    const qreal ratio = painter.device()->devicePixelRatioF();
    if (spot.action == MessageAction::Why || spot.action == MessageAction::ShowInProfiler ||
        spot.action == MessageAction::Continue) {
        const bool why = spot.action == MessageAction::Why;
        const qreal baseline = spot.rect.center().y() + QFontMetricsF(style.smallStrong).capHeight() / 2;
        painter.setPen(tokens.accentText);
        QFont font = style.smallStrong;
        font.setUnderline(hovered);
        const qreal end = drawTabular(painter, font, spot.rect.left(), baseline, linkText(spot.action));
        if (!hasChevron(spot.action))
            return;
        const char* chevron = !why ? "rightc" : open ? "upc" : "down";
        const qreal side = kChevron * style.factor;
        painter.drawPixmap(QPointF(end + 6, spot.rect.center().y() - side / 2),
                           iconPixmap(chevron, tokens.accentText, int(side), ratio));
        return;
    }
    const bool step =
        spot.action == MessageAction::PreviousVersion || spot.action == MessageAction::NextVersion;
    const int size = int((step ? kChevron : kIconSize) * style.factor);
    painter.setPen(Qt::NoPen);
    painter.setBrush(hovered ? tokens.hover : QColor(Qt::transparent));
    painter.drawRoundedRect(spot.rect, step ? kRadiusChip : kRadius, step ? kRadiusChip : kRadius);
    const QPixmap icon =
        iconPixmap(iconOf(spot.action), hovered ? tokens.text : tokens.secondary, size, ratio);
    painter.drawPixmap(spot.rect.center() - QPointF(size / 2.0, size / 2.0), icon);
}

} // namespace vitrine::ui
