// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a result of a search: a title, or a title and the stretch of a message, with the matches marked.
#pragma once

#include <QStyledItemDelegate>
#include <QTextLayout>

#include "ui/chat/search_results.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class SearchDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit SearchDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintHeading(QPainter& painter, const QRect& rect, const QString& text) const;
    void paintResult(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    QList<QTextLayout::FormatRange> marks(const QList<MatchRange>& matches) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
