// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/import_undo.h"

#include <algorithm>
#include <optional>

#include <QElapsedTimer>

namespace vitrine::ui {
namespace {

constexpr qint64 kSlice = 6; // ms of work before the window may do something else

} // namespace

ImportUndo::ImportUndo(ConversationStore& store, ConversationList* list, QObject* parent)
    : QObject(parent), m_store(store), m_list(list)
{}

void ImportUndo::start(const QList<ImportOutcome>& outcomes, std::shared_ptr<ExchangeProgress> progress)
{
    m_progress = std::move(progress);
    for (const ImportOutcome& outcome : outcomes) {
        m_added += outcome.added;
        m_folders += outcome.folders;
    }
    m_progress->total = m_added.size();
    QMetaObject::invokeMethod(this, &ImportUndo::step, Qt::QueuedConnection);
}

bool ImportUndo::isAsImported(const ImportOutcome::Added& added) const
{
    const Conversation* conversation = m_store.find(added.id);
    return conversation != nullptr && !conversation->isGenerating() &&
           conversation->tree().size() == added.messages;
}

void ImportUndo::step()
{
    if (m_progress->cancelled)
        m_next = m_added.size();
    {
        std::optional<ConversationList::Hold> hold;
        if (m_list != nullptr)
            hold.emplace(*m_list);
        removeSome();
        if (m_next == m_added.size() && !m_progress->cancelled)
            removeFolders();
    }
    m_progress->done = m_next;
    if (m_next < m_added.size())
        QMetaObject::invokeMethod(this, &ImportUndo::step, Qt::QueuedConnection);
    else
        emit finished();
}

void ImportUndo::removeSome()
{
    QElapsedTimer timer;
    timer.start();
    const qsizetype end = std::min(m_next + kAtOnce, m_added.size());
    QList<ConversationId> going;
    for (qsizetype i = m_next; i < end; ++i) {
        if (isAsImported(m_added[i]))
            going.append(m_added[i].id);
    }
    emit leaving(going);
    for (; m_next < end && timer.elapsed() < kSlice; ++m_next) {
        if (isAsImported(m_added[m_next]) && m_store.remove(m_added[m_next].id))
            ++m_removed;
    }
}

void ImportUndo::removeFolders()
{
    QSet<qint64> used;
    for (const Conversation* each : m_store.byRecency())
        used.insert(each->folder().value);
    for (const FolderId folder : m_folders) {
        if (!used.contains(folder.value))
            m_store.removeFolder(folder);
    }
}

} // namespace vitrine::ui
