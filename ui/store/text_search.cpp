// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/text_search.h"

#include <algorithm>

#include "ui/store/plain_text.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kTrigram = 3;
constexpr qsizetype kBefore = 24; // characters of a snippet before its match
constexpr qsizetype kSnippet = 120;
constexpr qsizetype kAround = 400; // read for it; marks come off

bool isIndexed(const QString& word)
{
    return word.toUcs4().size() >= kTrigram;
}

/// FTS5 takes a phrase in double quotes as it stands, but for double quotes.
QString phrase(const QString& word)
{
    return '"' + QString(word).replace('"', QStringLiteral("\"\"")) + '"';
}

QString likePattern(QString word)
{
    word.replace('\\', QStringLiteral("\\\\"))
        .replace('%', QStringLiteral("\\%"))
        .replace('_', QStringLiteral("\\_"));
    return '%' + word + '%';
}

/// Not inside a surrogate pair.
qsizetype boundary(const QString& text, qsizetype at)
{
    return at > 0 && at < text.size() && text[at].isLowSurrogate() ? at - 1 : at;
}

} // namespace

TextSearch::TextSearch(const QString& query)
    : m_words(query.simplified().split(' ', Qt::SkipEmptyParts).mid(0, kMaxWords))
{
    m_words.removeIf([](const QString& word) { return word.contains(QChar(0)); });
}

QString TextSearch::conditions() const
{
    QString conditions;
    if (std::ranges::any_of(m_words, isIndexed))
        conditions = QStringLiteral(
            "AND message.id IN (SELECT rowid FROM message_index WHERE message_index MATCH ?) ");
    for (const QString& word : m_words) {
        if (!isIndexed(word))
            conditions += QStringLiteral("AND message.text LIKE ? ESCAPE '\\' ");
    }
    return conditions;
}

QStringList TextSearch::values() const
{
    QStringList phrases, patterns;
    for (const QString& word : m_words) {
        if (isIndexed(word))
            phrases << phrase(word);
        else
            patterns << likePattern(word);
    }
    return phrases.isEmpty() ? patterns : QStringList(phrases.join(QStringLiteral(" AND "))) + patterns;
}

namespace {

/// Some text around a match, without marks; where nothing would be left of the match, with them.
struct Surroundings
{
    PlainText plain;
    qsizetype at = 0, length = 0; // of the match, in it
    bool cutBefore = false, cutAfter = false;
};

Surroundings surroundingsOf(const QString& text, qsizetype at, qsizetype length)
{
    qsizetype begin = boundary(text, std::max<qsizetype>(0, at - kAround));
    const qsizetype line = begin > 0 ? text.indexOf('\n', begin) : -1;
    if (line >= 0 && line < at)
        begin = line + 1;
    const qsizetype end = boundary(text, std::min(text.size(), at + length + kAround));
    Surroundings around{
        withoutMarks(QStringView(text).mid(begin, end - begin), begin == 0 || text[begin - 1] == '\n'), 0, 0,
        begin > 0, end < text.size()};
    const auto& origins = around.plain.origins;
    const auto place = [&origins](qsizetype origin) {
        return std::ranges::lower_bound(origins, origin) - origins.begin();
    };
    around.at = place(at - begin);
    around.length = place(at + length - begin) - around.at;
    return around;
}

SearchHit hitIn(const QString& text, qsizetype at, qsizetype length)
{
    Surroundings around = surroundingsOf(text, std::max<qsizetype>(at, 0), length);
    if (at >= 0 && around.length == 0) { // the match is all marks
        const qsizetype from = boundary(text, std::max<qsizetype>(0, at - kAround));
        around = {
            {text.mid(from, 2 * kAround), {}}, at - from, length, from > 0, from + 2 * kAround < text.size()};
    }
    const QString& plain = around.plain.text;
    const qsizetype begin = boundary(plain, std::max<qsizetype>(0, around.at - kBefore));
    const qsizetype end = boundary(plain, std::min(plain.size(), begin + kSnippet));
    SearchHit hit;
    hit.snippet = plain.mid(begin, end - begin);
    for (QChar& each : hit.snippet) {
        if (each.isSpace() || each.category() == QChar::Other_Control)
            each = ' ';
    }
    const QString ellipsis = begin > 0 || around.cutBefore ? QStringLiteral("…") : QString();
    const bool more = end < plain.size() || around.cutAfter;
    hit.snippet = ellipsis + hit.snippet + (more ? QStringLiteral("…") : QString());
    hit.matchStart = at < 0 ? 0 : int(around.at - begin + ellipsis.size());
    hit.matchLength = at < 0 ? 0 : int(std::min(around.length, end - around.at));
    return hit;
}

} // namespace

SearchHit TextSearch::snippet(const QString& text) const
{
    qsizetype at = -1, length = 0;
    for (const QString& word : m_words) {
        const qsizetype found = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (found >= 0 && (at < 0 || found < at)) {
            at = found;
            length = word.size();
        }
    }
    return hitIn(text, at, length);
}

} // namespace vitrine::ui
