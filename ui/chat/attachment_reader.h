// SPDX-License-Identifier: GPL-3.0-or-later
// Reads files that are to go with a message: text of any encoding, and PDF. What is no text is refused with a
// sentence that says what it is and what to do.
//
// Thread: UI; the reading itself happens on threads of its own, so that a file that takes long keeps nobody
// else waiting. Its destructor cancels what is under way and waits until that is noticed: moments.
#pragma once

#include <QFuture>
#include <QHash>
#include <QObject>
#include <QThreadPool>

#include "ui/chat/attachment.h"

namespace vitrine::ui {

struct AttachmentLimits
{
    qint64 textBytes = 16 << 20;
    qint64 pdfBytes = 128 << 20;
    qsizetype characters = 2'000'000;
    int pages = 2000;
};

/// What became of one file.
struct ReadOutcome
{
    Attachment attachment;
    QString refusal; ///< why it was not taken; empty: it was
    QString note;    ///< what a person should know although it was, e.g. that pages are missing
};

/// What the pool thread does. `isCancelled` is asked now and then.
ReadOutcome readAttachment(const QString& path, const AttachmentLimits& limits,
                           const std::function<bool()>& isCancelled);

class AttachmentReader : public QObject
{
    Q_OBJECT

public:
    explicit AttachmentReader(QObject* parent = nullptr, const AttachmentLimits& limits = {});
    ~AttachmentReader() override;

    /// Answered by one finished() with the number that is returned, unless it is cancelled.
    quint64 read(const QString& path);
    void cancel(quint64 id);

signals:
    void finished(quint64 id, const vitrine::ui::ReadOutcome& outcome);

private:
    AttachmentLimits m_limits;
    quint64 m_last = 0;
    QHash<quint64, QFuture<ReadOutcome>> m_running;
    QThreadPool m_threads;
};

} // namespace vitrine::ui
