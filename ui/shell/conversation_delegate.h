// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a row of the sidebar: a heading, a folder with how many chats are in it, or a conversation with its
// hue, its title and what it does. Its editor is a line for the title, in the row. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/chat/conversation_list.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class ConversationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Below this width the right-hand detail gives way to the title.
    static constexpr int kWidthForDetail = 248;

    explicit ConversationDelegate(const Theme& theme, QObject* parent = nullptr);

    /// The conversation that has the page: its title stands out, whatever is selected.
    void setShown(ConversationId id) { m_shown = id; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    int textLeft() const;
    void paintHeading(QPainter& painter, const QRect& rect, const QString& text) const;
    void paintGround(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const;
    void paintFolder(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const;

    const Theme& m_theme;
    ConversationId m_shown;
};

/// Baseline that centres capitals in a row.
qreal baselineIn(const QRect& row, const QFont& font);

} // namespace vitrine::ui
