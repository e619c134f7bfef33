// SPDX-License-Identifier: GPL-3.0-or-later
// The icon set, drawn from SVG in any colour at any device pixel ratio. UI thread.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace vitrine::ui {

class Theme;

/// What an icon says; the Theme in force decides the colour when it is painted.
enum class IconTone { Secondary, Text, Accent, OnAccent, Danger, Warning };

/// `name` is a file of resources/icons without its suffix. `size` is in logical pixels; the pixmap carries
/// the ratio. An unknown name gives a transparent pixmap.
QPixmap iconPixmap(const QString& name, const QColor& colour, int size, qreal devicePixelRatio);

/// An icon that follows the theme. Checked (QIcon::On) and selected states use the accent, disabled ones
/// fade. The theme must outlive it.
QIcon themedIcon(const Theme& theme, const QString& name, IconTone tone = IconTone::Secondary);

} // namespace vitrine::ui
