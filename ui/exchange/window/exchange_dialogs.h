// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogs that ask where chats go and come from. Not modal to the program; they delete themselves when
// closed. Thread: UI.
#pragma once

#include <QFileDialog>

#include "ui/exchange/chat_files.h"

namespace vitrine::ui {

/// `name`: suggested, without an ending. The caller connects fileSelected() and opens it.
QFileDialog* makeExportDialog(const QString& name, const QString& folder, QWidget* parent);
/// What the person chose: the ending that was typed, else the kind of file. Appends the ending to `path`
/// where it is missing.
ChatFormat chosenFormat(const QFileDialog& dialog, QString& path);

/// The caller connects filesSelected() and opens it.
QFileDialog* makeImportDialog(const QString& folder, QWidget* parent);

/// A title as part of a file's name.
QString fileNameFor(const QString& title);

} // namespace vitrine::ui
