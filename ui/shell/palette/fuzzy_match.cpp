// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/fuzzy_match.h"

#include <algorithm>
#include <vector>

#include <QStringList>

namespace vitrine::ui {
namespace {

constexpr qsizetype kLongestText = 256;
constexpr qsizetype kLongestWord = 64;

constexpr int kAtStart = 100;
constexpr int kAtWord = 80;
constexpr int kOverWords = 60;
constexpr int kInsideWord = 40;

bool sameLetter(QChar a, QChar b)
{
    return a.toCaseFolded() == b.toCaseFolded();
}

/// A letter after something else, a figure after a letter, a capital after a small letter; every Chinese
/// character, since there words are not set apart.
bool beginsWord(const QString& text, qsizetype at)
{
    const QChar here = text[at];
    if (!here.isLetterOrNumber())
        return false;
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    if (!before.isLetterOrNumber() || here.script() == QChar::Script_Han)
        return true;
    return here.isLetter() != before.isLetter() || (here.isUpper() && before.isLower());
}

/// Positions of the letters of `word`, each right behind the one before or at the beginning of a word.
QList<int> overWords(const QString& word, const QString& text)
{
    const auto rows = std::size_t(word.size()), columns = std::size_t(text.size());
    // fits[i][j]: the letters from i on can be placed with the i-th at j.
    std::vector<std::vector<bool>> fits(rows, std::vector<bool>(columns, false));
    for (std::size_t i = rows; i-- > 0;) {
        bool later = false; // a beginning of a word right of j takes the next letter
        for (std::size_t j = columns; j-- > 0;) {
            const bool next = i + 1 == rows || later || (j + 1 < columns && fits[i + 1][j + 1]);
            fits[i][j] = next && sameLetter(word[qsizetype(i)], text[qsizetype(j)]);
            if (i + 1 < rows && fits[i + 1][j] && beginsWord(text, qsizetype(j)))
                later = true;
        }
    }
    QList<int> positions;
    std::size_t from = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool adjacent = i > 0 && from < columns && fits[i][from];
        std::size_t j = from;
        while (!adjacent && j < columns && !(fits[i][j] && beginsWord(text, qsizetype(j))))
            ++j;
        if (j >= columns)
            return {};
        positions << int(j);
        from = j + 1;
    }
    return positions;
}

std::optional<FuzzyMatch> matchWord(const QString& word, const QString& text)
{
    qsizetype inside = -1;
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (inside < 0)
            inside = at;
        if (beginsWord(text, at)) {
            inside = at;
            break;
        }
    }
    FuzzyMatch match;
    const bool atWord = inside >= 0 && beginsWord(text, inside);
    if (!atWord)
        match.positions = overWords(word, text);
    if (!match.positions.isEmpty()) {
        match.score = kOverWords;
        return match;
    }
    if (inside < 0)
        return std::nullopt;
    for (qsizetype i = 0; i < word.size(); ++i)
        match.positions << int(inside + i);
    match.score = inside == 0 ? kAtStart : atWord ? kAtWord : kInsideWord;
    return match;
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text)
{
    const QString looked = text.left(kLongestText);
    FuzzyMatch all;
    int words = 0;
    for (const QString& word : query.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (word.size() > kLongestWord)
            return std::nullopt;
        const auto one = matchWord(word, looked);
        if (!one)
            return std::nullopt;
        all.score += one->score;
        all.positions += one->positions;
        ++words;
    }
    if (words > 1)
        all.score /= words;
    std::sort(all.positions.begin(), all.positions.end());
    all.positions.erase(std::unique(all.positions.begin(), all.positions.end()), all.positions.end());
    return all;
}

} // namespace vitrine::ui
