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

/// What the trial of a page looks at while it is under way.
struct Trial
{
    QElapsedTimer timer;
    int milliseconds = 0;
    const std::function<bool()>* isCancelled = nullptr;
    bool broken = false;
};

bool isToEnd(const QVariant& closure)
{
    auto& trial = *static_cast<Trial*>(closure.value<void*>());
    trial.broken = trial.broken || trial.timer.elapsed() > trial.milliseconds || (*trial.isCancelled)();
    return trial.broken;
}

/// Nothing where it took too long, or was cancelled.
std::optional<QString> textOf(const Poppler::Page& page, const PdfLimits& limits,
                              const std::function<bool()>& isCancelled)
{
    Trial trial{{}, limits.pageMilliseconds, &isCancelled, false};
    trial.timer.start();
    (void)page.textList(Poppler::Page::Rotate0, &isToEnd, QVariant::fromValue(static_cast<void*>(&trial)));
    if (isToEnd(QVariant::fromValue(static_cast<void*>(&trial))))
        return std::nullopt;
    return page.text(QRectF()).trimmed();
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
        const std::optional<QString> text =
            page != nullptr ? textOf(*page, limits, isCancelled) : std::optional(QString());
        result.skipped += text ? 0 : 1;
        if (text && !text->isEmpty())
            result.text += (result.text.isEmpty() ? QString() : QStringLiteral("\n\n")) + *text;
        ++result.taken;
    }
    if (isCancelled()) {
        result.problem = PdfContents::Problem::Cancelled;
        return result;
    }
    result.text.truncate(limits.characters);
    if (result.pages <= 0)
        result.problem = PdfContents::Problem::NoPdf;
    else if (result.text.isEmpty())
        result.problem = PdfContents::Problem::NoText;
    return result;
}

} // namespace vitrine::ui
