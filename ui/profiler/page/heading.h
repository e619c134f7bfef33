// SPDX-License-Identifier: GPL-3.0-or-later
// The heading of a panel or a card: a row of what it consists of, with a legend in it. Where the row is too
// narrow for both, the legend has a line of its own below. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QVBoxLayout;

namespace vitrine::ui {

class LegendRow;

class Heading : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kLegendLine = 24;

    explicit Heading(const Theme& theme, QWidget* parent = nullptr);

    QHBoxLayout& row() const { return *m_row; }
    LegendRow& legend() const { return *m_legend; }
    /// Its place in the row is the end of it as it is now.
    void placeLegendHere();
    void setLegendShown(bool shown);
    /// Where a line of its own begins.
    void setIndent(int indent);
    bool isLegendBelow() const { return m_below; }
    /// Of all of it, with `row` for the row.
    int heightWith(int row) const;

signals:
    void rearranged(); ///< the legend has moved to another line

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    bool isTooNarrow() const;
    void arrange();

    const Theme& m_theme;
    QVBoxLayout* m_lines;
    QHBoxLayout* m_row;
    LegendRow* m_legend;
    int m_place = 0, m_indent = 0;
    bool m_shown = true, m_below = false;
};

} // namespace vitrine::ui
