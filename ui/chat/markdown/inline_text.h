// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown inside a paragraph: emphasis, code spans, links. Values and pure functions; any thread.
#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace vitrine::ui {

enum InlineStyle : quint8 {
    kPlain = 0,
    kBold = 1,
    kItalic = 2,
    kCode = 4,
    kStrike = 8,
    kLink = 16,
    kMath = 32, ///< a formula as it was written, with its marks
};

/// A stretch of InlineText::text with one style.
struct InlineSpan
{
    qsizetype start = 0;
    qsizetype length = 0;
    quint8 styles = kPlain; ///< InlineStyle, or-ed
    QString target;         ///< of a link

    bool operator==(const InlineSpan&) const = default;
};

struct InlineText
{
    QString text;            ///< as it is shown; line breaks are QChar::LineSeparator
    QList<InlineSpan> spans; ///< styled stretches in order, not overlapping; the rest is plain

    bool operator==(const InlineText&) const = default;
};

/// Time is linear in the length but for links, whose ends are looked for over a bounded distance.
/// `open`: more text may follow, so a mark without its partner counts as begun instead of as a character.
InlineText parseInline(QStringView source, bool open);

} // namespace vitrine::ui
