// SPDX-License-Identifier: GPL-3.0-or-later
// Chats as a PDF: each begins a page; page numbers below. Any thread; long.
#pragma once

#include "ui/exchange/exchanged_chat.h"
#include "ui/exchange/window/pdf_style.h"

namespace vitrine::ui {

struct PdfResult
{
    int pages = 0;
    QString error; ///< empty when all is well or it was cancelled
};

/// A new file or the old one, never half of it.
PdfResult writePdf(const QList<ExchangedChat>& chats, const PdfStyle& style, const QString& path,
                   ExchangeProgress& progress);

} // namespace vitrine::ui
