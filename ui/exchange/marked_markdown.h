// SPDX-License-Identifier: GPL-3.0-or-later
// Reads Markdown that Vitrine wrote, by its marks. Pure; any thread.
#pragma once

#include "ui/exchange/import_log.h"

namespace vitrine::ui {

/// False, and nothing is taken, where the text is not of this form.
bool readMarkedMarkdown(const QString& text, ImportLog& log);

} // namespace vitrine::ui
