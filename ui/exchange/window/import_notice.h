// SPDX-License-Identifier: GPL-3.0-or-later
// What a person is told after an import. Thread: UI.
#pragma once

#include "ui/exchange/exchanged_chat.h"
#include "ui/shell/notice_bar.h"

namespace vitrine::ui {

/// Of all files of one import together.
struct ImportSummary
{
    qsizetype imported = 0;
    qsizetype known = 0; ///< were there already
    int chatsLeftOut = 0;
    qint64 messagesLeftOut = 0;
    QStringList reasons; ///< with the file's name
    bool cancelled = false;

    void add(const QString& file, const ImportResult& result);
};

Notice noticeOf(const ImportSummary& summary);

} // namespace vitrine::ui
