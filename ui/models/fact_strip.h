// SPDX-License-Identifier: GPL-3.0-or-later
// A card of short facts side by side: a small label over a value. Thread: UI.
#pragma once

#include <vector>

#include <QFrame>

class QLabel;

namespace vitrine::ui {

class ElidedLabel;
class Theme;

class FactStrip : public QFrame
{
    Q_OBJECT

public:
    FactStrip(const QStringList& names, const Theme& theme, QWidget* parent = nullptr);

    /// In the order of the names; an empty one shows as a dash.
    void setValues(const QStringList& values);
    QStringList values() const;

private:
    QStringList m_names;
    std::vector<ElidedLabel*> m_values;
};

} // namespace vitrine::ui
