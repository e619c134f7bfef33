// SPDX-License-Identifier: GPL-3.0-or-later
// A stretch of Markdown as it reads without its marks, on one line, for showing where something was found.
// Pure; any thread; linear in the text.
#pragma once

#include <QList>
#include <QString>

namespace vitrine::ui {

struct PlainText
{
    QString text;
    QList<qsizetype> origins; ///< of each character, in the Markdown; ascending
};

/// `atLineStart`: a heading or a list may begin with the first character.
PlainText withoutMarks(QStringView markdown, bool atLineStart);

} // namespace vitrine::ui
