// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fact_strip.h"

#include <QHBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

FactStrip::FactStrip(const QStringList& names, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_names(names)
{
    setProperty("role", "card");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    row->setSpacing(kSpace4);
    for (const QString& name : names) {
        auto* label = new ElidedLabel;
        label->setProperty("role", "small");
        label->setFullText(name);
        auto* value = new ElidedLabel;
        value->setFont(theme.font(TextSize::Body, QFont::Medium));
        auto* cell = new QVBoxLayout;
        cell->setSpacing(2);
        cell->addWidget(label);
        cell->addWidget(value);
        row->addLayout(cell);
        m_values.push_back(value);
    }
    setValues({});
}

void FactStrip::setValues(const QStringList& values)
{
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const QString value = values.value(qsizetype(i));
        m_values[i]->setFullText(value.isEmpty() ? QStringLiteral("–") : value);
        m_values[i]->setAccessibleName(
            QStringLiteral("%1: %2").arg(m_names[qsizetype(i)], m_values[i]->fullText()));
    }
}

QStringList FactStrip::values() const
{
    QStringList values;
    for (const ElidedLabel* value : m_values)
        values << value->fullText();
    return values;
}

} // namespace vitrine::ui
