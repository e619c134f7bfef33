// SPDX-License-Identifier: GPL-3.0-or-later
// The comments by which an exported Markdown file is read again exactly: "<!-- turn user 2026-… -->". Their
// first word occurs in no text of the file, so that nothing a person wrote is taken for one. Pure; any
// thread.
#pragma once

#include <optional>

#include <QStringView>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

struct MarkdownMark
{
    QString kind; ///< "chat", "user", "assistant", "file", "note"
    QString rest; ///< what stands behind it
};

inline constexpr QLatin1String kMarkdownForm("vitrine-chats");

QString markLine(const QString& word, const QString& kind, const QString& rest = {});
std::optional<MarkdownMark> readMark(QStringView line, const QString& word);
/// Occurs in none of the texts.
QString markWord(const QList<ExchangedChat>& chats);

} // namespace vitrine::ui
