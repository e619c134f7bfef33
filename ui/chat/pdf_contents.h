// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a PDF, page by page. Any thread; may take seconds. A page is tried out first, in a way that can
// be broken off: one that was made to take for ever takes pageMilliseconds, and a cancelled read ends within
// a page as well.
#pragma once

#include <functional>

#include <QByteArray>
#include <QString>

namespace vitrine::ui {

struct PdfContents
{
    enum class Problem { None, NoPdf, Locked, NoText, Cancelled };
    Problem problem = Problem::None;
    QString text;
    int pages = 0;   ///< of the document
    int taken = 0;   ///< fewer where pages, characters or time ended
    int skipped = 0; ///< of those taken: pages that took too long
};

struct PdfLimits
{
    int pages = 2000;
    qsizetype characters = 2'000'000;
    int milliseconds = 60'000;
    int pageMilliseconds = 5'000; ///< a page that takes longer is skipped
};

PdfContents readPdf(const QByteArray& bytes, const PdfLimits& limits,
                    const std::function<bool()>& isCancelled);

} // namespace vitrine::ui
