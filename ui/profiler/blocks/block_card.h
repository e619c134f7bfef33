// SPDX-License-Identifier: GPL-3.0-or-later
// What the block under the pointer is: a small card beside it. Shows at once what the map knows and the rest
// when it comes. Thread: UI.
#pragma once

#include <QFrame>

#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QLabel;

namespace vitrine::ui {

class HueDot;

class BlockCard : public QFrame
{
    Q_OBJECT

public:
    /// Lies over `window`, within its edges.
    BlockCard(const Theme& theme, QWidget* window);

    void showBlock(quint32 block, const BlockMap& map, const QRect& cell);
    void addDetails(const BlockDetails& details);
    QString text() const; ///< all of it

private:
    void place(const QRect& cell);
    void showHolders(const QStringList& titles, qsizetype all);

    HueDot* m_dot;
    QLabel* m_title;
    QLabel* m_tier;
    QLabel* m_owner;
    QLabel* m_state;
    QLabel* m_holders; ///< of a shared block: a line each
    quint32 m_block = 0;
    QRect m_cell;
};

} // namespace vitrine::ui
