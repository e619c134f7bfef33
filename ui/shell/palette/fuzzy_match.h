// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what was typed means a text, and how well. Free functions, any thread.
#pragma once

#include <optional>

#include <QList>
#include <QString>

namespace vitrine::ui {

struct FuzzyMatch
{
    int score = 0;        ///< more is better
    QList<int> positions; ///< of the text's characters that were typed, ascending
};

/// Every word of `query` has to be found: as it is, or spread over the beginnings of words ("nc" is "New
/// Chat", "qw4" is "Qwen3-4B"). Letters strewn anywhere do not count. Upper and lower case are one. An empty
/// query means every text. Cost: length of the query times that of the text, of which it looks at the first
/// 256 characters.
std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text);

} // namespace vitrine::ui
