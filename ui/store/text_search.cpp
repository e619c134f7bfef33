// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/text_search.h"

#include <algorithm>

namespace vitrine::ui {

namespace {

constexpr qsizetype kTrigram = 3;
constexpr qsizetype kBefore = 24; // characters of a snippet before its match
constexpr qsizetype kSnippet = 120;

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
    SearchHit hit;
    const qsizetype begin = boundary(text, std::max<qsizetype>(0, at - kBefore));
    const qsizetype end = boundary(text, std::min(text.size(), begin + kSnippet));
    hit.snippet = text.mid(begin, end - begin);
    for (QChar& each : hit.snippet) {
        if (each.isSpace() || each.category() == QChar::Other_Control)
            each = ' ';
    }
    const QString ellipsis = begin > 0 ? QStringLiteral("…") : QString();
    hit.snippet = ellipsis + hit.snippet + (end < text.size() ? QStringLiteral("…") : QString());
    hit.matchStart = at < 0 ? 0 : int(at - begin + ellipsis.size());
    hit.matchLength = at < 0 ? 0 : int(std::min(length, end - at));
    return hit;
}

} // namespace vitrine::ui
