// SPDX-License-Identifier: GPL-3.0-or-later
// Reads Markdown as chats: what writeChatsMarkdown() made comes back exactly; in other files headings or bold
// words that name a side ("## User", "**Assistant:**") begin the turns; without any it is one message of the
// person. Pure; any thread.
#pragma once

#include "ui/exchange/import_log.h"

namespace vitrine::ui {

/// `name`: the title where the text has none. `time`: of turns without one, ms since the epoch.
void readMarkdown(const QString& text, const QString& name, qint64 time, ImportLog& log);

} // namespace vitrine::ui
