// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the palette's rows: icon or dot, title with what was typed picked out, detail, keys. Thread: UI.
#pragma once

#include <QStyledItemDelegate>

#include "ui/shell/palette/palette_list.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class PaletteDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// Both outlive it.
    PaletteDelegate(const PaletteList& list, const Theme& theme, QObject* parent = nullptr);

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    struct Line
    {
        QString text;
        QList<int> matches;
        QFont font;
        QColor colour;
    };

    void paintHeading(QPainter& painter, const QRect& rect, const QString& text) const;
    void paintEntry(QPainter& painter, const QStyleOptionViewItem& option, const PaletteEntry& entry) const;
    void paintMark(QPainter& painter, const QRect& row, const PaletteEntry& entry, bool selected) const;
    /// Returns where it ended.
    qreal paintLine(QPainter& painter, const Line& line, qreal left, qreal room, const QRect& row) const;

    const PaletteList& m_list;
    const Theme& m_theme;
};

} // namespace vitrine::ui
