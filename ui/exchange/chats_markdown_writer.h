// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the shown turns of chats as Markdown: a title, a heading a turn, texts as they are, attachments in
// fences. Comments mark where each begins (markdown_marks.h). Any thread.
#pragma once

#include <QIODevice>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

/// False when the device failed or it was cancelled.
bool writeChatsMarkdown(const QList<ExchangedChat>& chats, QIODevice& device, ExchangeProgress& progress);

} // namespace vitrine::ui
