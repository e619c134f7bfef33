// SPDX-License-Identifier: GPL-3.0-or-later
// The application's style sheet and palette, made from tokens.
#pragma once

#include <QPalette>
#include <QString>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

/// resources/style.qss with every @name replaced by that token's colour, and every size but lines and radii
/// at `zoom` percent.
QString buildStyleSheet(const Tokens& tokens, int zoom = 100);

QPalette buildPalette(const Tokens& tokens);

} // namespace vitrine::ui
