// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/conversation_delegate.h"

#include <QLineEdit>
#include <QLocale>
#include <QPainter>

#include "ui/shell/conversation_glyph.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kHeadingHeight = 36;                  // 8 above, 28 of its own
constexpr int kFolderHeight = kRowHeight + kSpace1; // set a little apart from what is above
constexpr int kChevron = 14;

ConversationList::Kind kindOf(const QModelIndex& index)
{
    return index.data(ConversationList::KindRole).value<ConversationList::Kind>();
}

} // namespace

qreal baselineIn(const QRect& row, const QFont& font)
{
    return row.top() + (row.height() + QFontMetricsF(font).capHeight()) / 2.0;
}

ConversationDelegate::ConversationDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{}

/// Of a row's text.
int ConversationDelegate::textLeft() const
{
    return kSpace2 + m_theme.scaled(kGlyph) + kSpace2;
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    switch (kindOf(index)) {
    case ConversationList::Kind::Heading:
        return {100, m_theme.scaled(kHeadingHeight)};
    case ConversationList::Kind::Folder:
        return {100, m_theme.scaled(kFolderHeight)};
    case ConversationList::Kind::Conversation:
        break;
    }
    return {100, m_theme.scaled(kRowHeight)};
}

void ConversationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    switch (kindOf(index)) {
    case ConversationList::Kind::Heading:
        paintHeading(*painter, option.rect, index.data(Qt::DisplayRole).toString());
        break;
    case ConversationList::Kind::Folder:
        paintFolder(*painter, option, index);
        break;
    case ConversationList::Kind::Conversation:
        paintConversation(*painter, option, index);
        break;
    }
    painter->restore();
}

void ConversationDelegate::paintHeading(QPainter& painter, const QRect& rect, const QString& text) const
{
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(
        QPointF(rect.left() + kSpace4, baselineIn(rect.adjusted(0, m_theme.scaled(kSpace2), 0, 0), font)),
        text);
}

/// Selected, under the mouse, and the ring of the keyboard.
void ConversationDelegate::paintGround(QPainter& painter, const QRect& row,
                                       const QStyleOptionViewItem& option) const
{
    const Tokens& tokens = m_theme.tokens();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(selected ? tokens.select : tokens.hover);
        painter.drawRoundedRect(row, kRadius, kRadius);
    }
    if (option.state.testFlag(QStyle::State_HasFocus) &&
        option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), kRadius - 1, kRadius - 1);
    }
}

void ConversationDelegate::paintFolder(QPainter& painter, const QStyleOptionViewItem& option,
                                       const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, m_theme.scaled(kSpace1), -kSpace2, 0);
    paintGround(painter, row, option);
    const bool collapsed = index.data(ConversationList::CollapsedRole).toBool();
    const qreal ratio = painter.device()->devicePixelRatioF();
    const int side = m_theme.scaled(kChevron);
    const QPixmap chevron = iconPixmap(collapsed ? QStringLiteral("rightc") : QStringLiteral("down"),
                                       tokens.secondary, side, ratio);
    painter.drawPixmap(QPointF(row.left() + kSpace2 + (m_theme.scaled(kGlyph) - side) / 2.0,
                               row.top() + (row.height() - side) / 2.0),
                       chevron);
    const QFont small = m_theme.font(TextSize::Small);
    const QString count = QLocale().toString(index.data(ConversationList::CountRole).toInt());
    const qreal right = row.right() + 1 - kSpace2 - tabularWidth(small, count);
    painter.setPen(tokens.secondary);
    drawTabular(painter, small, right, baselineIn(row, small), count);
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    painter.setFont(font);
    const qreal left = row.left() + textLeft();
    painter.drawText(QPointF(left, baselineIn(row, font)),
                     QFontMetricsF(font).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight,
                                                    right - left - kSpace2));
}

void ConversationDelegate::paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                                             const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, 0, -kSpace2, 0);
    paintGround(painter, row, option);
    const auto activity = index.data(ConversationList::ActivityRole).value<ConversationList::Activity>();
    const QColor& hue = tokens.conversation(index.data(ConversationList::NumberRole).toULongLong());
    painter.save();
    painter.translate(row.left() + kSpace2 + m_theme.scaled(kGlyph) / 2.0, row.center().y() + 0.5);
    painter.scale(m_theme.factor(), m_theme.factor());
    paintConversationGlyph(painter, {}, tokens, hue, activity, index.data(ConversationList::KvRole).toInt());
    painter.restore();

    qreal right = row.right() + 1 - kSpace2;
    const QFont small = m_theme.font(TextSize::Small);
    const QString detail = index.data(ConversationList::DetailRole).toString();
    const bool active =
        activity == ConversationList::Activity::Queued || activity == ConversationList::Activity::Generating;
    if (!detail.isEmpty() && (option.rect.width() >= m_theme.scaledColumn(kWidthForDetail) || active)) {
        right -= tabularWidth(small, detail);
        painter.setPen(tokens.secondary);
        drawTabular(painter, small, right, baselineIn(row, small), detail);
        right -= kSpace2;
    }
    const bool shown = index.data(ConversationList::IdRole).value<ConversationId>() == m_shown;
    const QFont font = m_theme.font(TextSize::Body, shown ? QFont::Medium : QFont::Normal);
    const qreal left = row.left() + textLeft();
    painter.setFont(font);
    painter.setPen(tokens.text);
    painter.drawText(
        QPointF(left, baselineIn(row, font)),
        QFontMetricsF(font).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, right - left));
}

QWidget* ConversationDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                            const QModelIndex& index) const
{
    const bool folder = kindOf(index) == ConversationList::Kind::Folder;
    auto* editor = new QLineEdit(parent);
    editor->setMaxLength(int(ConversationList::kLongestName));
    editor->setFont(folder ? m_theme.font(TextSize::Small, QFont::DemiBold) : m_theme.font(TextSize::Body));
    editor->setPlaceholderText(index.data(Qt::DisplayRole).toString());
    editor->setAccessibleName(folder ? tr("Name of the folder") : tr("Title of the chat"));
    return editor;
}

void ConversationDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                                const QModelIndex&) const
{
    const int text = kSpace2 + textLeft(); // the editor's own padding ends where the title begins
    QRect place = option.rect.adjusted(text - kSpace2 - 1, 0, -kSpace2, 0);
    place.setTop(place.bottom() + 1 - m_theme.scaled(kRowHeight));
    editor->setGeometry(place);
}

} // namespace vitrine::ui
