// SPDX-License-Identifier: GPL-3.0-or-later
// The application's style sheet and palette, made from tokens.
#pragma once

#include <QPalette>
#include <QString>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

/// resources/style.qss with every @name replaced by that token's colour.
QString buildStyleSheet(const Tokens& tokens);

QPalette buildPalette(const Tokens& tokens);

} // namespace vitrine::ui
