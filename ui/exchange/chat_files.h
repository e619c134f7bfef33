// SPDX-License-Identifier: GPL-3.0-or-later
// Chats out of a file and into one. Any thread; long: not for the window's.
#pragma once

#include <QIODevice>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

enum class ChatFormat { Json, Markdown, Pdf };

/// Vitrine's JSON, ChatGPT's conversations.json, Markdown: the content decides.
ImportResult readChats(const QString& path, ExchangeProgress& progress, const ExchangeLimits& limits = {});
/// `name`: a title where the content has none. `time`: of chats without one, ms since the epoch.
ImportResult readChats(QIODevice& device, const QString& name, qint64 time, ExchangeProgress& progress,
                       const ExchangeLimits& limits = {});

/// A new file or the old one, never half of it. Returns what went wrong; empty when all is well or it was
/// cancelled. Not for Pdf, which is painted (window/pdf_writer.h).
QString writeChats(const ExchangedChats& chats, ChatFormat format, const QString& path,
                   ExchangeProgress& progress);

/// How many turns there are to write.
qint64 countTurns(const ExchangedChats& chats);

} // namespace vitrine::ui
