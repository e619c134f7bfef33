// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment_reader.h"

#include <memory>

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QMimeDatabase>
#include <QPromise>
#include <QThreadPool>

#include "ui/chat/pdf_contents.h"
#include "ui/chat/text_decoding.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {

namespace {

constexpr int kThreads = 2;

ReadOutcome refused(const QString& why)
{
    return {{}, why, {}};
}

/// Some programs write a few bytes of their own before the mark.
bool isPdf(const QString& name, const QByteArray& bytes)
{
    return bytes.startsWith("%PDF-") ||
           (name.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive) && !bytes.isEmpty());
}

/// What a file is that holds no text.
QString noText(const QString& name, const QByteArray& bytes)
{
    const QMimeDatabase types;
    QMimeType type = types.mimeTypeForData(bytes.left(4096)); // a name may be wrong
    if (type.isDefault())
        type = types.mimeTypeForFile(name, QMimeDatabase::MatchExtension);
    if (bytes.startsWith("GGUF"))
        return AttachmentReader::tr("%1 is a model. Open it with “Open a model…”.").arg(name);
    if (type.name().startsWith(QLatin1String("image/")))
        return AttachmentReader::tr("%1 is a picture: this model reads text only.").arg(name);
    if (type.name().startsWith(QLatin1String("audio/")) || type.name().startsWith(QLatin1String("video/")))
        return AttachmentReader::tr("%1 is a recording: this model reads text only.").arg(name);
    if (bytes.startsWith("PK\x03\x04") || bytes.startsWith("\xD0\xCF\x11\xE0"))
        return AttachmentReader::tr(
                   "%1 is a document or an archive that cannot be read here: save it as PDF or text.")
            .arg(name);
    return AttachmentReader::tr("%1 is not text: this model reads text and PDF only.").arg(name);
}

QString tooLarge(const QString& name, qint64 bytes, qint64 most)
{
    return AttachmentReader::tr("%1 has %2, at most %3 are read: attach the part that matters.")
        .arg(name, sizeText(quint64(bytes)), sizeText(quint64(most)));
}

ReadOutcome fromPdf(const QFileInfo& file, const QByteArray& bytes, const AttachmentLimits& limits,
                    const std::function<bool()>& isCancelled)
{
    const QString name = file.fileName();
    PdfLimits pdf;
    pdf.pages = limits.pages;
    pdf.characters = limits.characters;
    const PdfContents read = readPdf(bytes, pdf, isCancelled);
    switch (read.problem) {
    case PdfContents::Problem::NoPdf:
        return refused(AttachmentReader::tr("%1 is damaged: it cannot be read as PDF.").arg(name));
    case PdfContents::Problem::Locked:
        return refused(
            AttachmentReader::tr("%1 is protected by a password: save a copy without it.").arg(name));
    case PdfContents::Problem::NoText:
        return refused(AttachmentReader::tr("%1 has no text: its pages are pictures.").arg(name));
    case PdfContents::Problem::Cancelled:
    case PdfContents::Problem::None:
        break;
    }
    const QLocale locale;
    QStringList notes, skipped;
    if (read.taken < read.pages) {
        notes << AttachmentReader::tr("%1 is long: only its first %2 of %3 pages were read.")
                     .arg(name, locale.toString(read.taken), locale.toString(read.pages));
        skipped << AttachmentReader::tr("pages 1–%1 of %2")
                       .arg(locale.toString(read.taken), locale.toString(read.pages));
    }
    if (read.skipped > 0) {
        notes << AttachmentReader::tr("%1: %2 pages took too long to read and were left out.")
                     .arg(name, locale.toString(read.skipped));
        skipped << AttachmentReader::tr("%1 pages left out").arg(locale.toString(read.skipped));
    }
    return {{name, read.text, bytes.size(), skipped.join(QStringLiteral(", "))},
            {},
            notes.join(QLatin1Char(' '))};
}

ReadOutcome fromText(const QFileInfo& file, const QByteArray& bytes, const AttachmentLimits& limits)
{
    const QString name = file.fileName();
    const std::optional<QString> text = decodeText(bytes);
    if (!text)
        return refused(noText(name, bytes));
    if (text->trimmed().isEmpty())
        return refused(AttachmentReader::tr("%1 is empty.").arg(name));
    if (text->size() > limits.characters)
        return refused(
            AttachmentReader::tr("%1 has %2 characters, at most %3 are read: attach the part that matters.")
                .arg(name, QLocale().toString(text->size()), QLocale().toString(limits.characters)));
    return {{name, *text, bytes.size()}, {}, {}};
}

} // namespace

ReadOutcome readAttachment(const QString& path, const AttachmentLimits& limits,
                           const std::function<bool()>& isCancelled)
{
    const QFileInfo info(path);
    const QString name = info.fileName();
    if (info.isDir())
        return refused(AttachmentReader::tr("%1 is a folder: attach the files that matter.").arg(name));
    if (!info.exists())
        return refused(AttachmentReader::tr("%1 is not there any more.").arg(name));
    if (!info.isFile()) // a pipe or a device might never end
        return refused(AttachmentReader::tr("%1 is not a file that can be read.").arg(name));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refused(AttachmentReader::tr("%1 cannot be read: %2").arg(name, file.errorString()));
    QByteArray bytes = file.read(limits.textBytes + 1);
    const bool pdf = isPdf(name, bytes);
    if (pdf && bytes.size() > limits.textBytes)
        bytes += file.read(limits.pdfBytes + 1 - bytes.size());
    const qint64 most = pdf ? limits.pdfBytes : limits.textBytes;
    if (bytes.size() > most) {
        const bool text = pdf || decodeText(bytes.left(1 << 16)).has_value();
        return refused(text ? tooLarge(name, info.size(), most) : noText(name, bytes));
    }
    return pdf ? fromPdf(info, bytes, limits, isCancelled) : fromText(info, bytes, limits);
}

AttachmentReader::AttachmentReader(QObject* parent, const AttachmentLimits& limits)
    : QObject(parent), m_limits(limits)
{
    m_threads.setMaxThreadCount(kThreads);
}

AttachmentReader::~AttachmentReader()
{
    for (QFuture<ReadOutcome>& each : m_running)
        each.cancel();
    m_threads.clear();
    m_threads.waitForDone();
}

quint64 AttachmentReader::read(const QString& path)
{
    const quint64 id = ++m_last;
    const auto promise = std::make_shared<QPromise<ReadOutcome>>();
    QFuture<ReadOutcome> future = promise->future();
    promise->start();
    m_running.insert(id, future);
    future.then(this, [this, id](const ReadOutcome& outcome) {
        if (m_running.remove(id))
            emit finished(id, outcome);
    });
    m_threads.start([promise, path, limits = m_limits] {
        const auto isCancelled = [&promise] { return promise->isCanceled(); };
        ReadOutcome outcome;
        try {
            outcome = readAttachment(path, limits, isCancelled);
        } catch (const std::bad_alloc&) {
            outcome.refusal = tr("%1 needs more memory than there is.").arg(QFileInfo(path).fileName());
        }
        promise->addResult(std::move(outcome));
        promise->finish();
    });
    return id;
}

void AttachmentReader::cancel(quint64 id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->cancel();
    m_running.erase(found);
}

} // namespace vitrine::ui
