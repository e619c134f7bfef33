// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the text of something that was attached to a message: to read and to copy. Thread: UI.
#pragma once

#include <QDialog>

#include "ui/chat/attachment.h"

class QPlainTextEdit;
class QPushButton;

namespace vitrine::ui {

class Theme;

class AttachmentDialog : public QDialog
{
    Q_OBJECT

public:
    AttachmentDialog(Attachment attachment, const Theme& theme, QWidget* parent = nullptr);

private:
    void build(const Theme& theme);
    void copyAll();

    Attachment m_attachment;
    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_copy = nullptr;
};

/// Lines of more than `longest` characters in parts: a text field lays out a line at once, however long.
QString withShortLines(const QString& text, qsizetype longest);

} // namespace vitrine::ui
