// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/pdf_contents.h"

#include <QElapsedTimer>

#include <poppler-qt6.h>

namespace vitrine::ui {

namespace {

/// Poppler would write each oddity of a file to the terminal.
void ignoreComplaints()
{
    static const bool done = [] {
        Poppler::setDebugErrorFunction([](const QString&, const QVariant&) {}, {});
        return true;
    }();
    Q_UNUSED(done)
}

} // namespace

PdfContents readPdf(const QByteArray& bytes, const PdfLimits& limits,
                    const std::function<bool()>& isCancelled)
{
    ignoreComplaints();
    PdfContents result;
    const std::unique_ptr<Poppler::Document> document = Poppler::Document::loadFromData(bytes);
    if (document == nullptr) {
        result.problem = PdfContents::Problem::NoPdf;
        return result;
    }
    if (document->isLocked()) {
        result.problem = PdfContents::Problem::Locked;
        return result;
    }
    QElapsedTimer timer;
    timer.start();
    result.pages = document->numPages();
    while (result.taken < std::min(result.pages, limits.pages) && result.text.size() < limits.characters &&
           timer.elapsed() < limits.milliseconds) {
        if (isCancelled()) {
            result.problem = PdfContents::Problem::Cancelled;
            return result;
        }
        const std::unique_ptr<Poppler::Page> page = document->page(result.taken);
        const QString text = page != nullptr ? page->text(QRectF()).trimmed() : QString();
        if (!text.isEmpty())
            result.text += (result.text.isEmpty() ? QString() : QStringLiteral("\n\n")) + text;
        ++result.taken;
    }
    result.text.truncate(limits.characters);
    if (result.pages <= 0)
        result.problem = PdfContents::Problem::NoPdf;
    else if (result.text.isEmpty())
        result.problem = PdfContents::Problem::NoText;
    return result;
}

} // namespace vitrine::ui
