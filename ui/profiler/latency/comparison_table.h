// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a comparison: metric, A, B, what changed and how sure that is. Thread: UI.
#pragma once

#include <vector>

#include <QWidget>

#include "engine/analysis/compare.h"
#include "ui/theme/theme.h"

class QGridLayout;

namespace vitrine::ui {

class ComparisonTable : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::size_t kMostRows = 16;

    explicit ComparisonTable(const Theme& theme, QWidget* parent = nullptr);
    void setRows(const std::vector<engine::CompareRow>& rows);
    QString text() const; ///< a line a row, cells parted by tabs

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();
    void addCell(int row, int column, const QString& text, const QColor& colour, bool strong = false);

    const Theme& m_theme;
    std::vector<engine::CompareRow> m_rows;
    QGridLayout* m_grid = nullptr;
};

} // namespace vitrine::ui
