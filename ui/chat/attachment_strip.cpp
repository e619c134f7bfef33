// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment_strip.h"

#include <algorithm>

#include <QFileInfo>
#include <QKeyEvent>
#include <QLocale>

#include "ui/chat/attachment_chip.h"
#include "ui/chat/attachment_limits.h"
#include "ui/chat/message_chips.h"
#include "ui/chat/token_estimate.h"
#include "ui/theme/size_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

AttachmentStrip::AttachmentStrip(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Attachments"));
    setReader(*new AttachmentReader(this));
    hide();
}

void AttachmentStrip::setReader(AttachmentReader& reader)
{
    if (m_reader != nullptr)
        m_reader->disconnect(this);
    m_reader = &reader;
    connect(m_reader, &AttachmentReader::finished, this, &AttachmentStrip::onRead);
}

QList<PendingRead> AttachmentStrip::giveReads()
{
    QList<PendingRead> reads;
    std::erase_if(m_entries, [&](const Entry& entry) {
        if (entry.reading == 0)
            return false;
        reads.append({entry.reading, entry.attachment.name});
        entry.chip->hide();
        entry.chip->deleteLater();
        return true;
    });
    arrange();
    return reads;
}

void AttachmentStrip::takeReads(const QList<PendingRead>& reads)
{
    for (const PendingRead& read : reads)
        add({read.name, {}, 0}, read.id);
    arrange();
    emit changed();
}

AttachmentStrip::Entry& AttachmentStrip::add(const Attachment& attachment, quint64 reading)
{
    auto* chip = new AttachmentChip(attachment.name, m_theme, this);
    chip->installEventFilter(this);
    connect(chip, &AttachmentChip::removeRequested, this, [this, chip] { removeChip(chip); });
    m_entries.push_back({attachment, reading, chip});
    showFacts(m_entries.back());
    chip->show();
    return m_entries.back();
}

void AttachmentStrip::showFacts(Entry& entry)
{
    const Attachment& attachment = entry.attachment;
    entry.chip->setDetail(entry.reading != 0 ? tr("Reading…") : attachmentFacts(attachment));
}

QString AttachmentStrip::reasonAgainst(qsizetype characters) const
{
    QList<Attachment> there;
    for (const Entry& entry : m_entries)
        there.append(entry.attachment);
    return reasonAgainstMore(there, characters);
}

void AttachmentStrip::addFiles(const QStringList& paths)
{
    for (const QString& path : paths) {
        if (const QString reason = reasonAgainst(0); !reason.isEmpty()) {
            emit noteRaised(reason);
            break;
        }
        add({QFileInfo(path).fileName(), {}, 0}, m_reader->read(path));
    }
    arrange();
    emit changed();
}

QString AttachmentStrip::nameForPaste() const
{
    const auto taken = [this](const QString& name) {
        return std::ranges::any_of(m_entries,
                                   [&](const Entry& each) { return each.attachment.name == name; });
    };
    QString name = tr("Pasted text");
    for (int i = 2; taken(name); ++i)
        name = tr("Pasted text %1").arg(i);
    return name;
}

QString AttachmentStrip::addPaste(const QString& text)
{
    const qsizetype most = AttachmentLimits().characters;
    QString reason = reasonAgainst(text.size());
    if (text.size() > most)
        reason = tr("The text has %1 characters, at most %2 are taken: paste the part that matters.")
                     .arg(QLocale().toString(text.size()), QLocale().toString(most));
    if (!reason.isEmpty()) {
        emit noteRaised(reason);
        return {};
    }
    const QString name = nameForPaste();
    add({name, text, text.toUtf8().size()}, 0);
    arrange();
    emit changed();
    return name;
}

std::optional<Attachment> AttachmentStrip::take(const QString& name)
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].attachment.name != name || m_entries[i].reading != 0)
            continue;
        const Attachment taken = m_entries[i].attachment;
        drop(i);
        return taken;
    }
    return std::nullopt;
}

void AttachmentStrip::onRead(quint64 id, const ReadOutcome& outcome)
{
    const auto entry =
        std::ranges::find_if(m_entries, [id](const Entry& each) { return each.reading == id; });
    if (entry == m_entries.end())
        return;
    QString refusal = outcome.refusal;
    if (refusal.isEmpty()) {
        QList<Attachment> others;
        for (const Entry& each : m_entries) {
            if (each.reading != id)
                others.append(each.attachment);
        }
        refusal = reasonAgainstMore(others, outcome.attachment.text.size());
    }
    if (!refusal.isEmpty()) {
        drop(std::size_t(entry - m_entries.begin()));
        emit noteRaised(refusal);
        return;
    }
    entry->attachment = outcome.attachment;
    entry->reading = 0;
    showFacts(*entry);
    arrange();
    if (!outcome.note.isEmpty())
        emit noteRaised(outcome.note);
    emit changed();
}

void AttachmentStrip::removeChip(const AttachmentChip* chip)
{
    const auto entry = std::ranges::find(m_entries, chip, &Entry::chip);
    if (entry == m_entries.end())
        return;
    const auto index = std::size_t(entry - m_entries.begin());
    drop(index);
    if (m_entries.empty())
        emit emptied();
    else
        m_entries[std::min(index, m_entries.size() - 1)].chip->setFocus();
}

void AttachmentStrip::drop(std::size_t index)
{
    const Entry entry = m_entries[index];
    m_entries.erase(m_entries.begin() + std::ptrdiff_t(index));
    if (entry.reading != 0 && m_reader != nullptr)
        m_reader->cancel(entry.reading);
    entry.chip->hide();
    entry.chip->deleteLater(); // its key press may still be under way
    arrange();
    emit changed();
}

void AttachmentStrip::setAttachments(const QList<Attachment>& attachments)
{
    for (const Entry& entry : m_entries) {
        if (entry.reading != 0 && m_reader != nullptr)
            m_reader->cancel(entry.reading);
        entry.chip->hide();
        entry.chip->deleteLater();
    }
    m_entries.clear();
    for (const Attachment& each : attachments)
        add(each, 0);
    arrange();
    emit changed();
}

QList<Attachment> AttachmentStrip::attachments() const
{
    QList<Attachment> all;
    for (const Entry& entry : m_entries) {
        if (entry.reading == 0)
            all.append(entry.attachment);
    }
    return all;
}

bool AttachmentStrip::isReading() const
{
    return std::ranges::any_of(m_entries, [](const Entry& entry) { return entry.reading != 0; });
}

void AttachmentStrip::moveFocus(const QObject* from, int by)
{
    for (int i = 0; i < int(m_entries.size()); ++i) {
        if (m_entries[std::size_t(i)].chip != from)
            continue;
        const int to = std::clamp(i + by, 0, int(m_entries.size()) - 1);
        m_entries[std::size_t(to)].chip->setFocus();
        return;
    }
}

bool AttachmentStrip::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right) {
            moveFocus(watched, key == Qt::Key_Left ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

/// From left to right, as many to a row as fit.
void AttachmentStrip::arrange()
{
    const int high = m_theme.scaled(kSmallButtonHeight);
    int x = 0, y = 0;
    for (const Entry& entry : m_entries) {
        const QSize size(std::min(entry.chip->sizeHint().width(), std::max(width(), 1)), high);
        if (x > 0 && x + size.width() > width()) {
            x = 0;
            y += high + kSpace1;
        }
        entry.chip->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + kSpace1;
    }
    if (height() != y + high)
        setFixedHeight(y + high);
    setVisible(!m_entries.empty());
}

void AttachmentStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace vitrine::ui
