// SPDX-License-Identifier: GPL-3.0-or-later
// Where windows of their own stood, as it is kept between two starts. What is kept comes from a file that
// anybody may have changed, and from screens that may be gone.
#pragma once

#include <QList>
#include <QRect>
#include <QStringList>

namespace vitrine::ui {

/// "x/y/width/height".
QString placeToText(const QRect& place);
/// Null where the parts are no four numbers.
QRect placeFromText(const QStringList& parts);
/// As much of `place` as can be: no smaller than `least`, no larger than its screen, on one of `screens` so
/// that its title can be taken hold of. Null: in the middle of the first one, with `usual` as its size.
QRect placeOn(const QList<QRect>& screens, const QRect& place, const QSize& least, const QSize& usual);

} // namespace vitrine::ui
