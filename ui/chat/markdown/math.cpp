// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/math.h"

#include <algorithm>

#include "ui/chat/markdown/block.h"
#include "ui/chat/markdown/line_kind.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kReach = 1000; // of a formula inside a line

QStringView closingOf(QStringView mark)
{
    return mark == u"\\[" ? QStringView(u"\\]") : mark == u"\\(" ? QStringView(u"\\)") : QStringView(u"$$");
}

/// "$5" is money unless something after it says otherwise.
bool looksLikeMath(QStringView inside)
{
    if (inside.isEmpty() || inside.front().isSpace() || inside.back().isSpace())
        return false;
    const auto mark = [](QChar c) { return QStringView(u"\\^_=+<>{}*").contains(c); };
    return !inside.front().isDigit() || inside.size() == 1 || std::ranges::any_of(inside, mark);
}

qsizetype dollarMath(QStringView source, qsizetype at)
{
    const QStringView reach = source.mid(at, kReach);
    for (qsizetype end = reach.indexOf('$', 1); end > 0; end = reach.indexOf('$', end + 1)) {
        if (reach[end - 1] == '\\')
            continue; // \$ is a dollar sign inside the formula
        const bool wordAfter = end + 1 < reach.size() && reach[end + 1].isLetterOrNumber();
        const QStringView inside = reach.mid(1, end - 1);
        return !wordAfter && looksLikeMath(inside) && !inside.contains('\n') ? end + 1 : 0;
    }
    return 0;
}

} // namespace

qsizetype displayMath(QStringView source, bool open)
{
    const qsizetype indent = indentOf(source);
    const QStringView mark = source.mid(indent, 2);
    if (mark != u"$$" && mark != u"\\[")
        return 0;
    const qsizetype from = indent + 2;
    const qsizetype blank = source.indexOf(QLatin1String("\n\n"), from);
    const qsizetype reach = std::min({blank < 0 ? source.size() : blank, source.size(), kMaxBlockText});
    const qsizetype end = source.left(reach).indexOf(closingOf(mark), from);
    if (end < 0)
        return open && reach == source.size() ? reach : 0;
    const qsizetype line = source.indexOf('\n', end);
    const qsizetype lineEnd = line < 0 ? source.size() : line;
    if (!isBlank(source.mid(end + 2, lineEnd - end - 2)) || isBlank(source.mid(from, end - from)))
        return 0;
    return line < 0 ? lineEnd : line + 1;
}

qsizetype inlineMath(QStringView source, qsizetype at)
{
    const QStringView mark = source.mid(at, 2);
    if (mark != u"$$" && mark != u"\\(" && mark != u"\\[")
        return source[at] == '$' ? dollarMath(source, at) : 0;
    const qsizetype end = source.mid(at, kReach).indexOf(closingOf(mark), 2);
    return end > 2 ? end + 2 : 0;
}

} // namespace vitrine::ui
