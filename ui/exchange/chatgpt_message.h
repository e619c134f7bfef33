// SPDX-License-Identifier: GPL-3.0-or-later
// One message of ChatGPT's conversations.json. Pure; any thread.
#pragma once

#include <QJsonObject>

#include "ui/store/records.h"

namespace vitrine::ui {

/// A turn that is shown; without text: there is nothing of it to show.
/// Its role, time, text and model; ids stay 0.
MessageRecord chatGptMessage(const QJsonObject& message);

/// Seconds since the epoch, as the file has them, in milliseconds; 0 where there are none.
qint64 chatGptTime(const QJsonValue& seconds);

} // namespace vitrine::ui
