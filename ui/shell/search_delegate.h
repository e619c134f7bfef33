// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a result of a search: a title, or a title and the stretch of a message, with the matches marked.
#pragma once

#include <QTextLayout>

#include "ui/chat/search_results.h"
#include "ui/theme/row_delegate.h"

namespace vitrine::ui {

class SearchDelegate : public RowDelegate
{
    Q_OBJECT

public:
    using RowDelegate::RowDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    bool isHeading(const QModelIndex& index) const override;
    void paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const override;
    void paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                    const QModelIndex& index) const override;

private:
    QList<QTextLayout::FormatRange> marks(const QList<MatchRange>& matches) const;
};

} // namespace vitrine::ui
