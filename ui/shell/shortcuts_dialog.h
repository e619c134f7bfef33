// SPDX-License-Identifier: GPL-3.0-or-later
// The list of keys that work. Thread: UI.
#pragma once

#include <QDialog>

namespace vitrine::ui {

class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(QWidget* parent = nullptr);
};

} // namespace vitrine::ui
