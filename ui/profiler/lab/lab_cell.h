// SPDX-License-Identifier: GPL-3.0-or-later
// A cell of the load lab's table: a value, below it a note; the best one marked, a bar where something is
// under way. Thread: UI; the theme outlives it.
#pragma once

#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class LabCell : public QStyledItemDelegate
{
public:
    enum Role {
        NoteRole = Qt::UserRole + 1, ///< second line
        ToneRole,                    ///< of the note: 1 good, -1 bad
        BestRole,
        ProgressRole ///< 0 … 1 instead of the end of the note
    };

    LabCell(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    static int height(const Theme& theme);
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintValue(QPainter& painter, const QRect& line, const QModelIndex& index) const;
    void paintNote(QPainter& painter, const QRect& line, const QModelIndex& index) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
