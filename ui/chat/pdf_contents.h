// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a PDF, page by page. Any thread; may take seconds.
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
    int pages = 0; ///< of the document
    int taken = 0; ///< fewer where pages, characters or time ended
};

struct PdfLimits
{
    int pages = 2000;
    qsizetype characters = 2'000'000;
    int milliseconds = 30'000;
};

PdfContents readPdf(const QByteArray& bytes, const PdfLimits& limits,
                    const std::function<bool()>& isCancelled);

} // namespace vitrine::ui
