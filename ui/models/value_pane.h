// SPDX-License-Identifier: GPL-3.0-or-later
// The whole value of one metadata row, to read and to select from. Thread: UI.
#pragma once

#include <QFrame>

class QModelIndex;
class QPlainTextEdit;

namespace vitrine::ui {

class ElidedLabel;
class Theme;

class ValuePane : public QFrame
{
    Q_OBJECT

public:
    explicit ValuePane(const Theme& theme, QWidget* parent = nullptr);

    /// A row that knows the roles of detail_roles.h; an invalid one empties the pane.
    void showRow(const QModelIndex& row);
    QString text() const;

private:
    ElidedLabel* m_key = nullptr;
    ElidedLabel* m_type = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

} // namespace vitrine::ui
