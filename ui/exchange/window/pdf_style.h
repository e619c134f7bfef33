// SPDX-License-Identifier: GPL-3.0-or-later
// Fonts of printed chats. A value: made on the UI thread, used on any.
#pragma once

#include <QFont>

namespace vitrine::ui {

class Theme;

struct PdfStyle
{
    explicit PdfStyle(const Theme& theme);

    QFont body, small, heading, title, code;
};

} // namespace vitrine::ui
