// SPDX-License-Identifier: GPL-3.0-or-later
// Writes chats as "vitrine-chats" JSON: everything of them, one chat a line. Any thread.
#pragma once

#include <QIODevice>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

/// False when the device failed or it was cancelled.
bool writeChatsJson(const ExchangedChats& chats, QIODevice& device, ExchangeProgress& progress);

} // namespace vitrine::ui
