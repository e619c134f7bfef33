// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/line_kind.h"

#include <algorithm>

namespace vitrine::ui {

qsizetype indentOf(QStringView line)
{
    qsizetype indent = 0;
    while (indent < line.size() && (line[indent] == ' ' || line[indent] == '\t'))
        ++indent;
    return indent;
}

bool isBlank(QStringView line)
{
    return indentOf(line) == line.size();
}

bool isRule(QStringView line)
{
    const QStringView text = line.trimmed();
    if (text.size() < 3 || !QStringView(u"-*_").contains(text[0]))
        return false;
    qsizetype marks = 0;
    for (const QChar c : text) {
        if (c != text[0] && c != ' ')
            return false;
        marks += c == text[0] ? 1 : 0;
    }
    return marks >= 3;
}

int headingLevel(QStringView line)
{
    const QStringView text = line.mid(indentOf(line));
    int level = 0;
    while (level < text.size() && text[level] == '#')
        ++level;
    const bool space = level == text.size() || text[level] == ' ';
    return level >= 1 && level <= 6 && space ? level : 0;
}

std::optional<FenceStart> fenceStart(QStringView line)
{
    const QStringView text = line.trimmed();
    if (text.isEmpty() || (text[0] != '`' && text[0] != '~'))
        return std::nullopt;
    int length = 0;
    while (length < text.size() && text[length] == text[0])
        ++length;
    const QStringView info = text.mid(length).trimmed();
    if (length < 3 || info.contains('`'))
        return std::nullopt;
    const QString language = info.left(40).toString().section(' ', 0, 0);
    return FenceStart{text[0], length, language};
}

bool closesFence(QStringView line, QChar mark, int length)
{
    const QStringView text = line.trimmed();
    return text.size() >= length && std::ranges::all_of(text, [mark](QChar c) { return c == mark; });
}

std::optional<ListStart> listStart(QStringView line)
{
    ListStart start;
    start.indent = indentOf(line);
    qsizetype at = start.indent;
    if (at >= line.size())
        return std::nullopt;
    if (QStringView(u"-*+•").contains(line[at])) {
        ++at;
    } else {
        while (at < line.size() && at - start.indent < 9 && line[at].isDigit())
            ++at;
        if (at == start.indent || at >= line.size() || (line[at] != '.' && line[at] != ')'))
            return std::nullopt;
        ++at;
        start.marker = line.mid(start.indent, at - start.indent).toString();
    }
    if (at < line.size() && line[at] != ' ' && line[at] != '\t')
        return std::nullopt;
    start.content = std::min(at + std::max<qsizetype>(1, indentOf(line.mid(at))), line.size());
    return start;
}

bool isQuote(QStringView line)
{
    return line.mid(indentOf(line)).startsWith('>');
}

bool isTableRule(QStringView line)
{
    const QStringView text = line.trimmed();
    const auto allowed = [](QChar c) { return c == '|' || c == '-' || c == ':' || c == ' '; };
    return text.contains('|') && text.contains('-') && std::ranges::all_of(text, allowed);
}

std::optional<ImageStart> imageStart(QStringView line, bool growing)
{
    constexpr qsizetype kLongestLabel = 1000;
    const QStringView text = line.trimmed();
    if (!text.startsWith(u"!["))
        return std::nullopt;
    const qsizetype middle = text.left(kLongestLabel).indexOf(u"](");
    const QStringView label = text.mid(2, std::max<qsizetype>(0, middle - 2));
    if (middle < 0 || label.contains('['))
        return std::nullopt;
    const bool whole = text.endsWith(')');
    if (!whole)
        return growing ? std::optional(ImageStart{label.toString(), {}}) : std::nullopt;
    QStringView target = text.mid(middle + 2).chopped(1).trimmed();
    if (const qsizetype title = target.indexOf(u" \""); title > 0 && target.endsWith('"'))
        target = target.left(title).trimmed();
    if (target.startsWith('<') && target.endsWith('>'))
        target = target.mid(1).chopped(1);
    if (target.isEmpty() || target.contains(u"](") || (target.contains(')') && !target.startsWith('/')))
        return std::nullopt; // more than one thing on the line
    return ImageStart{label.toString(), target.toString()};
}

bool startsBlock(QStringView line)
{
    return headingLevel(line) > 0 || isRule(line) || isQuote(line) || fenceStart(line) || listStart(line);
}

bool isUndecided(QStringView line)
{
    const QStringView text = line.trimmed();
    if (text.size() > 6)
        return false;
    const bool number = text.size() > 1 && (text.back() == '.' || text.back() == ')') &&
                        std::ranges::all_of(text.chopped(1), [](QChar c) { return c.isDigit(); });
    const auto mark = [](QChar c) { return QStringView(u"#>*+-|`~_").contains(c); };
    return number || std::ranges::all_of(text, mark);
}

} // namespace vitrine::ui
