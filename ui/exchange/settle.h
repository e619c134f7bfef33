// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the turns of a chat from any file a tree that the store can take. Pure; any thread.
#pragma once

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

/// Numbers the messages 1, 2, 3 … with parents before what follows them, otherwise in the order they have;
/// a parent that is not there counts as none, a circle is opened, what follows one of two messages with the
/// same id follows the first. Open replies become interrupted ones. Fills in times that are missing.
void settle(ExchangedChat& chat);

/// The same turns at the same times: how a chat that is there already is known again. Ids, title, folder
/// and figures do not count. REQUIRES: messages ordered with parents first.
QByteArray contentDigest(const QList<MessageRecord>& messages);

} // namespace vitrine::ui
