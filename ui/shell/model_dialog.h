// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that picks a model file. Not modal to the program: replies go on meanwhile. Thread: UI.
#pragma once

#include <QFileDialog>

namespace vitrine::ui {

/// `lastModel` decides the folder it opens in; it deletes itself when closed. The caller connects
/// fileSelected() and opens it.
QFileDialog* makeModelDialog(const QString& lastModel, QWidget* parent);
/// Likewise, for a folder to look for models in.
QFileDialog* makeModelFolderDialog(const QString& lastModel, QWidget* parent);

} // namespace vitrine::ui
