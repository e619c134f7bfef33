// SPDX-License-Identifier: GPL-3.0-or-later
// Fonts, line heights, distances and colours of message text, for wide and narrow panes. A value.
#pragma once

#include <QFont>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class MessageImages;

struct MessageStyle
{
    MessageStyle(const Theme& theme, bool forNarrow);

    bool narrow;
    MessageImages* images = nullptr; ///< where pictures come from; none: they stay placeholders

    Tokens tokens;
    QFont body, heading, bigHeading, code, inlineCode, table, tableHead, small, smallStrong;
    qreal factor;                                     ///< of the zoom: icons and their room
    qreal bodyLine, headingLine, codeLine, tableLine; ///< line heights
    qreal listIndent;
    qreal codePaddingX, codePaddingY;
    qreal userPaddingX, userPaddingY;
    qreal paragraphGap = 12;
    qreal itemGap = 4;
    qreal codeHeader = 32;
    qreal thoughtLine = 28;   ///< the line above a section of thinking
    qreal thoughtIndent = 22; ///< of what stands in it
};

} // namespace vitrine::ui
