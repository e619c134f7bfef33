// SPDX-License-Identifier: GPL-3.0-or-later
// What a conversation is called until a person names it.
#include "ui/chat/conversation.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kTitleLength = 48;
constexpr qsizetype kTitleSource = 400; // the rest of a long paste cannot matter

} // namespace

QString titleFromText(const QString& text)
{
    const QString line = text.left(kTitleSource).simplified();
    if (line.size() <= kTitleLength)
        return line;
    const qsizetype space = line.lastIndexOf(' ', kTitleLength - 1);
    QString title = line.left(space > kTitleLength / 2 ? space : kTitleLength - 1);
    if (title.back().isHighSurrogate())
        title.chop(1);
    return title + QChar(0x2026);
}

} // namespace vitrine::ui
