// SPDX-License-Identifier: GPL-3.0-or-later
// Fonts, line heights, distances and colours of message text, for wide and narrow panes. A value.
#pragma once

#include <QFont>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct MessageStyle
{
    MessageStyle(const Theme& theme, bool narrow);

    Tokens tokens;
    QFont body, heading, bigHeading, code, inlineCode, table, tableHead, small, smallStrong;
    qreal bodyLine, headingLine, codeLine, tableLine; ///< line heights
    qreal listIndent;
    qreal codePaddingX, codePaddingY;
    qreal userPaddingX, userPaddingY;
    qreal paragraphGap = 12;
    qreal itemGap = 4;
    qreal codeHeader = 32;
};

} // namespace vitrine::ui
