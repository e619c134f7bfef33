// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/palette_source.h"

#include "ui/shell/palette/fuzzy_match.h"

namespace vitrine::ui {

bool rate(PaletteEntry& entry, const QString& query, const QString& otherName)
{
    if (const auto match = fuzzyMatch(query, entry.title)) {
        entry.score = match->score;
        entry.titleMatches = match->positions;
        return true;
    }
    const auto match = otherName.isEmpty() ? std::nullopt : fuzzyMatch(query, otherName);
    if (match)
        entry.score = match->score / 2;
    return match.has_value();
}

} // namespace vitrine::ui
