// SPDX-License-Identifier: GPL-3.0-or-later
// What a drag out of the sidebar carries: ids of conversations, or of one folder. Another window's mean
// nothing here: ids are never used twice.
#pragma once

#include <QList>

#include "ui/chat/conversation_store.h"

class QMimeData;

namespace vitrine::ui {

QMimeData* dragOf(const QList<ConversationId>& ids); ///< the caller owns it
QMimeData* dragOf(FolderId id);
QList<ConversationId> conversationsIn(const QMimeData* data); ///< empty when it carries none
FolderId folderIn(const QMimeData* data);

} // namespace vitrine::ui
