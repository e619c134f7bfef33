// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/pdf_style.h"

#include "ui/theme/theme.h"

namespace vitrine::ui {

PdfStyle::PdfStyle(const Theme& theme)
    : body(theme.font(TextSize::Body)), small(theme.font(TextSize::Small)),
      heading(theme.font(TextSize::Reading, QFont::DemiBold)),
      title(theme.font(TextSize::Title, QFont::DemiBold)), code(theme.fixedFont(TextSize::Small))
{}

} // namespace vitrine::ui
