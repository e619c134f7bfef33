// SPDX-License-Identifier: GPL-3.0-or-later
// A typed query as conditions on message texts: every word must occur, case aside. Words of three and more
// characters go through the trigram index, shorter ones are looked for in the text. Pure; any thread.
#pragma once

#include <QString>
#include <QStringList>

#include "ui/store/records.h"

namespace vitrine::ui {

class TextSearch
{
public:
    static constexpr int kMaxWords = 16;

    explicit TextSearch(const QString& query);

    bool isEmpty() const { return m_words.isEmpty(); }
    /// "AND …" with a mark for each of values().
    QString conditions() const;
    QStringList values() const;
    /// The stretch of `text` around its first match, without Markdown's marks; ids are left 0.
    SearchHit snippet(const QString& text) const;

private:
    QStringList m_words;
};

} // namespace vitrine::ui
