// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for model files and reads their descriptions, on a thread of the pool; what it finds comes one by
// one. Bounded: depth, folders, files, models and time; a folder reached twice (links) is walked once.
// Thread: the window's; no call waits. Destroyed while a scan is under way, it says nothing any more.
#pragma once

#include <QFutureWatcher>
#include <QObject>

#include "ui/models/model_entry.h"
#include "ui/models/model_places.h"

namespace vitrine::ui {

class ModelScanner : public QObject
{
    Q_OBJECT

public:
    explicit ModelScanner(QObject* parent = nullptr);
    ~ModelScanner() override;

    /// `files` first, whatever they are called. Supersedes a scan under way.
    void scan(const QStringList& files, const QList<ModelPlace>& places,
              const engine::MemoryPlanOptions& options = {});
    bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void found(const vitrine::ui::ModelEntry& entry);
    /// `places` that exist; `complete` is false where a limit ended it.
    void finished(int places, bool complete);

private:
    struct Found
    {
        std::optional<ModelEntry> entry; ///< none: the end
        int places = 0;
        bool complete = true;
    };
    class Walk;

    void take(int index);

    QFutureWatcher<Found> m_watcher;
};

} // namespace vitrine::ui
