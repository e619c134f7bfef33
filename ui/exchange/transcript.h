// SPDX-License-Identifier: GPL-3.0-or-later
// Reads Markdown of any origin as a conversation. Pure; any thread.
#pragma once

#include <optional>

#include <QStringView>

#include "ui/exchange/import_log.h"

namespace vitrine::ui {

/// A line that says whose turn begins.
struct SpeakerLine
{
    Role role = Role::User;
    QString text; ///< that follows on the same line
};

std::optional<SpeakerLine> speakerLine(QStringView line);

void readTranscript(const QString& text, const QString& name, qint64 time, ImportLog& log);

} // namespace vitrine::ui
