// SPDX-License-Identifier: GPL-3.0-or-later
// What files for people say about a turn: who, when, how it went. Translated. Pure; any thread.
#pragma once

#include "ui/store/records.h"

namespace vitrine::ui {

/// `one` for 1, else `many` with the number for %1.
QString counted(qint64 number, const QString& one, const QString& many);
QString chatTitle(const ConversationRecord& chat); ///< never empty
QString whenText(qint64 time);                     ///< in the person's time and manner; empty for 0
QString turnHeading(const MessageRecord& message); ///< "Assistant (SmolLM2) · 28 Nov 2026 09:20"
QString turnFigures(const MessageRecord& message); ///< "120 tokens · 35.2 tokens/s"; empty: none
QString turnState(const MessageRecord& message);   ///< what a person should know; empty: it is complete

} // namespace vitrine::ui
