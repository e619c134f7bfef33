// SPDX-License-Identifier: GPL-3.0-or-later
// The settings that are compared: a row each, a column a setting. What a row does not choose stays as it is
// set. Thread: UI; the theme outlives it.
#pragma once

#include <array>

#include <QFrame>

#include "ui/bridge/lab_job.h"
#include "ui/theme/theme.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class ComboBox;

class LabSettingsCard : public QFrame
{
    Q_OBJECT

public:
    static constexpr int kMostRows = 8;

    explicit LabSettingsCard(const Theme& theme, QWidget* parent = nullptr);

    const QList<LabSettings>& rows() const { return m_rows; }
    void setRows(const QList<LabSettings>& rows);
    void setEditable(bool editable);
    /// nullptr: its column is not shown.
    ComboBox* box(int row, LabSetting setting) const;
    QPushButton& addButton() const { return *m_add; }
    QPushButton& moreButton() const { return *m_more; }

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void rebuild();
    bool isShown(LabSetting setting) const;
    void addHead(int column, LabSetting setting);
    void addRow(int row);
    ComboBox* makeBox(int row, LabSetting setting);
    void retranslate();

    const Theme& m_theme;
    QList<LabSettings> m_rows;
    bool m_all = false; ///< also the settings that are rarely asked for
    QLabel* m_heading;
    QLabel* m_note;
    QPushButton* m_add;
    QPushButton* m_more;
    QWidget* m_body = nullptr;
    QGridLayout* m_grid = nullptr;
    QList<std::array<ComboBox*, kLabSettings>> m_boxes;
};

} // namespace vitrine::ui
