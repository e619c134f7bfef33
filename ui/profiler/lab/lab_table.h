// SPDX-License-Identifier: GPL-3.0-or-later
// The settings of a plan beside each other: a row each with how far its runs are and what came of them, the
// best of each figure marked, differences to the first row below the figure. Thread: UI; the theme outlives
// it.
#pragma once

#include <QTreeWidget>

#include "engine/workload/setting_comparison.h"
#include "ui/profiler/lab/lab_runner.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class LabTable : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column { Settings, FirstFigure };

    explicit LabTable(const Theme& theme, QWidget* parent = nullptr);

    void show(const LabRunner& runner);
    /// Only how far the run under way is: while load runs, painting takes its time from the engine.
    void showProgress(const LabRunner& runner);
    /// Of the cells as they are painted: value, then note, parted by a line break.
    QString text(int row, int column) const;

signals:
    void rowPicked(int row);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showState(QTreeWidgetItem& item, const LabRunner& runner, int row);
    void showFigures(QTreeWidgetItem& item, const engine::LoadRow& row);
    void fit();
    void retranslate();

    const Theme& m_theme;
    const LabRunner* m_runner = nullptr;
};

} // namespace vitrine::ui
