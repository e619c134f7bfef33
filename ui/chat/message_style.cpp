// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_style.h"

namespace vitrine::ui {

MessageStyle::MessageStyle(const Theme& theme, bool forNarrow)
    : narrow(forNarrow), tokens(theme.tokens()),
      body(theme.font(narrow ? TextSize::Body : TextSize::Reading)),
      heading(theme.font(narrow ? TextSize::Body : TextSize::Reading, QFont::DemiBold)),
      bigHeading(theme.font(narrow ? TextSize::Reading : TextSize::Title, QFont::DemiBold)),
      code(theme.fixedFont(narrow ? TextSize::Small : TextSize::Body)), inlineCode(code),
      table(theme.font(TextSize::Body)), tableHead(theme.font(TextSize::Small, QFont::DemiBold)),
      small(theme.font(TextSize::Small)), smallStrong(theme.font(TextSize::Small, QFont::Medium)),
      factor(theme.factor()), bodyLine(narrow ? 22 : 26), headingLine(narrow ? 20 : 24),
      codeLine(narrow ? 18 : 20), tableLine(20), listIndent(narrow ? 20 : 24), codePaddingX(narrow ? 12 : 16),
      codePaddingY(narrow ? 8 : 12), userPaddingX(narrow ? 12 : 16), userPaddingY(narrow ? 8 : 12)
{
    for (qreal* length :
         {&bodyLine, &headingLine, &codeLine, &tableLine, &listIndent, &codePaddingX, &codePaddingY,
          &userPaddingX, &userPaddingY, &paragraphGap, &itemGap, &codeHeader, &thoughtLine, &thoughtIndent})
        *length = theme.scaled(int(*length));
}

} // namespace vitrine::ui
