// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/item_images.h"

#include <optional>
#include <utility>

#include <QList>

#include "ui/chat/markdown/line_kind.h"

namespace vitrine::ui {

namespace {

/// Where an image that is whole begins in a line behind `from`, and its length; 0: none. What stands in a
/// code span is none.
std::pair<qsizetype, qsizetype> imageInside(QStringView line, qsizetype from)
{
    for (qsizetype at = line.indexOf(u"![", from); at >= 0; at = line.indexOf(u"![", at + 2)) {
        const qsizetype middle = line.indexOf(u"](", at);
        const qsizetype end = middle < 0 ? -1 : line.indexOf(')', middle);
        if (end < 0)
            break;
        const bool inCode = line.left(at).count('`') % 2 == 1;
        if (!inCode && imageStart(line.mid(at, end + 1 - at), false))
            return {at, end + 1 - at};
    }
    return {0, 0};
}

} // namespace

QString imagesApart(const QString& text)
{
    if (!text.contains(QLatin1String("![")))
        return text;
    QString apart;
    std::optional<FenceStart> fence;
    bool first = true;
    for (const QStringView line : QStringView(text).split('\n')) {
        apart += std::exchange(first, false) ? QString() : QStringLiteral("\n");
        if (fence && closesFence(line, fence->mark, fence->length))
            fence.reset();
        else if (!fence)
            fence = fenceStart(line);
        qsizetype at = 0;
        const bool row = line.trimmed().startsWith('|'); // of a table
        while (!fence && !row) {
            const auto [begin, length] = imageInside(line, at);
            if (length == 0)
                break;
            const QStringView before = line.mid(at, begin - at);
            apart += before;
            apart += isBlank(before) ? QString() : QStringLiteral("\n");
            apart += line.mid(begin, length);
            at = begin + length;
            apart += isBlank(line.mid(at)) ? QString() : QStringLiteral("\n");
        }
        apart += line.mid(at);
    }
    return apart;
}

} // namespace vitrine::ui
