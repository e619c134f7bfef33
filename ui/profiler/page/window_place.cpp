// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/window_place.h"

#include <algorithm>

namespace vitrine::ui {
namespace {

constexpr int kFurthest = 100'000; // of any screen, logical pixels
constexpr int kHold = 64;          // of the title, to be taken hold of

int between(int least, int value, int most)
{
    return std::max(least, std::min(value, most));
}

} // namespace

QString placeToText(const QRect& place)
{
    return QStringLiteral("%1/%2/%3/%4").arg(place.x()).arg(place.y()).arg(place.width()).arg(place.height());
}

QRect placeFromText(const QStringList& parts)
{
    if (parts.size() != 4)
        return {};
    int values[4] = {};
    for (int i = 0; i < 4; ++i) {
        bool isNumber = false;
        values[i] = parts[i].toInt(&isNumber);
        if (!isNumber || values[i] > kFurthest || values[i] < (i < 2 ? -kFurthest : 1))
            return {};
    }
    return {values[0], values[1], values[2], values[3]};
}

QRect placeOn(const QList<QRect>& screens, const QRect& place, const QSize& least, const QSize& usual)
{
    if (screens.isEmpty())
        return place.isNull() ? QRect(QPoint(), usual) : place;
    QRect screen = screens.first();
    qint64 shared = 0;
    for (const QRect& one : screens) {
        const QRect both = one & place;
        const qint64 area = qint64(both.width()) * both.height();
        if (!both.isEmpty() && area > shared) {
            shared = area;
            screen = one;
        }
    }
    const QSize wanted = place.isNull() ? usual : place.size();
    const QSize size = wanted.expandedTo(least).boundedTo(screen.size());
    QRect found(place.topLeft(), size);
    if (place.isNull() || shared == 0)
        found.moveCenter(screen.center());
    found.moveLeft(between(screen.left() - size.width() + kHold, found.left(), screen.right() - kHold));
    found.moveTop(between(screen.top(), found.top(), screen.bottom() - kHold));
    return found;
}

} // namespace vitrine::ui
