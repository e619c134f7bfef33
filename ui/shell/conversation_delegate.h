// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a row of the sidebar: a heading, or a conversation with its hue, its title and what it does.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ConversationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Below this width the right-hand detail gives way to the title.
    static constexpr int kWidthForDetail = 248;

    explicit ConversationDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintHeading(QPainter& painter, const QRect& rect, const QString& text) const;
    void paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const;
    void paintGlyph(QPainter& painter, const QPointF& centre, const QModelIndex& index) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
