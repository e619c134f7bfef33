// SPDX-License-Identifier: GPL-3.0-or-later
// Reads one conversation of ChatGPT's conversations.json: the turns of the person and of the model with all
// their branches. Turns of the system and of tools are passed over, and so is what the model's own page
// hides; pictures are noted as "[image]". Pure; any thread.
#pragma once

#include <QJsonObject>

#include "ui/exchange/import_log.h"

namespace vitrine::ui {

void readChatGptConversation(const QJsonObject& object, ImportLog& log);

} // namespace vitrine::ui
