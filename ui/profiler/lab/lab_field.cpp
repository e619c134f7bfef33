// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_field.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

LabField::LabField(QWidget* control, QWidget* parent)
    : QWidget(parent), m_name(new QLabel), m_control(control)
{
    m_name->setProperty("role", "small");
    m_name->setBuddy(control);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace1);
    column->addWidget(m_name);
    column->addWidget(control);
}

void LabField::setName(const QString& name, const QString& explanation)
{
    m_name->setText(name);
    m_control->setAccessibleName(name);
    m_control->setAccessibleDescription(explanation);
    setToolTip(explanation);
}

} // namespace vitrine::ui
