// SPDX-License-Identifier: GPL-3.0-or-later
// The names of "vitrine-chats", the lossless form of chats (docs/formats.md). Values; any thread.
#pragma once

#include <array>

#include <QString>

#include "ui/store/records.h"

namespace vitrine::ui {

inline constexpr const char* kChatsFormat = "vitrine-chats";
inline constexpr int kChatsVersion = 1;

/// In the order of MessageState.
inline constexpr std::array kStateNames{"complete", "queued",  "reading", "streaming",
                                        "stopped",  "cut-off", "failed",  "interrupted"};

/// JSON kept as text in a record, as a value of its own where that brings the same text back.
QJsonValue embedJson(const QString& json);
QString extractJson(const QJsonValue& value);

} // namespace vitrine::ui
