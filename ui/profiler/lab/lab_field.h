// SPDX-License-Identifier: GPL-3.0-or-later
// A field with its name above it. Thread: UI.
#pragma once

#include <QWidget>

class QLabel;

namespace vitrine::ui {

class LabField : public QWidget
{
    Q_OBJECT

public:
    /// Takes `control` over, which people who do not see it hear by the same name.
    explicit LabField(QWidget* control, QWidget* parent = nullptr);
    void setName(const QString& name, const QString& explanation = {});

private:
    QLabel* m_name;
    QWidget* m_control;
};

} // namespace vitrine::ui
