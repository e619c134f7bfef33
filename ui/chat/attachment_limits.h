// SPDX-License-Identifier: GPL-3.0-or-later
// How much may go with one message. Values; any thread.
#pragma once

#include <QList>
#include <QString>

#include "ui/chat/attachment.h"

namespace vitrine::ui {

inline constexpr qsizetype kMostAttachments = 20;
inline constexpr qsizetype kMostAttachedCharacters = 4'000'000; ///< of all of them

/// Why another one with so many characters has no room beside `there`; empty: it has.
QString reasonAgainstMore(const QList<Attachment>& there, qsizetype characters);

} // namespace vitrine::ui
