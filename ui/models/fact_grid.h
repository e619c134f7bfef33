// SPDX-License-Identifier: GPL-3.0-or-later
// A card of facts in two rows of four, fewer in a row where there is no room: a small label over a value.
// Thread: UI.
#pragma once

#include <vector>

#include <QFrame>

class QGridLayout;
class QLabel;

namespace vitrine::ui {

class ElidedLabel;
class Theme;

class FactGrid : public QFrame
{
    Q_OBJECT

public:
    FactGrid(int facts, const Theme& theme, QWidget* parent = nullptr);

    void setNames(const QStringList& names);
    /// In the order of the names; an empty one shows as a dash.
    void setValues(const QStringList& values);
    QStringList values() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Cell
    {
        QWidget* box = nullptr;
        ElidedLabel* name = nullptr;
        ElidedLabel* value = nullptr;
    };

    void arrange(int columns);

    const Theme& m_theme;
    QGridLayout* m_grid = nullptr;
    std::vector<Cell> m_cells;
    int m_columns = 0;
};

} // namespace vitrine::ui
