// SPDX-License-Identifier: GPL-3.0-or-later
// What is attached to the message that is being written: chips in rows, files that are still being read among
// them. Hidden while there is nothing. Thread: UI; reading happens elsewhere.
//
// Invariant: at most kMostAttachments with kMostAttachedCharacters together (attachment_limits.h); what is
// beyond is refused with a note.
#pragma once

#include <optional>
#include <vector>

#include <QPointer>
#include <QWidget>

#include "ui/chat/draft_reads.h"

namespace vitrine::ui {

class AttachmentChip;
class Theme;

class AttachmentStrip : public QWidget
{
    Q_OBJECT

public:
    explicit AttachmentStrip(const Theme& theme, QWidget* parent = nullptr);

    void addFiles(const QStringList& paths);
    /// Returns its name, empty when it was refused.
    QString addPaste(const QString& text);
    /// Takes it back, if it is still there.
    std::optional<Attachment> take(const QString& name);
    /// Who reads; outlives it. Without one, it reads itself.
    void setReader(AttachmentReader& reader);
    /// Gives away the files being read: they are not here any more, and their reading goes on.
    QList<PendingRead> giveReads();
    /// Takes such files in again.
    void takeReads(const QList<PendingRead>& reads);
    /// Replaces all; the reading of files that are here is cancelled.
    void setAttachments(const QList<Attachment>& attachments);
    QList<Attachment> attachments() const; ///< those that were read
    bool isReading() const;

signals:
    void changed();
    void noteRaised(const QString& note); ///< why a file was not taken, or not all of it
    void emptied();                       ///< the last one was removed by hand: the keyboard needs a place

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry
    {
        Attachment attachment;
        quint64 reading = 0; ///< number of the read; 0: done
        AttachmentChip* chip = nullptr;
    };

    Entry& add(const Attachment& attachment, quint64 reading);
    void showFacts(Entry& entry);
    void onRead(quint64 id, const ReadOutcome& outcome);
    void removeChip(const AttachmentChip* chip);
    void drop(std::size_t index);
    void moveFocus(const QObject* from, int by);
    QString reasonAgainst(qsizetype characters) const;
    QString nameForPaste() const;
    void arrange();

    const Theme& m_theme;
    QPointer<AttachmentReader> m_reader;
    std::vector<Entry> m_entries;
};

} // namespace vitrine::ui
