// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a file's details on a thread of the pool and tells the window when they are there.
//
// Thread: the window's; no call waits. Destroyed while a read is under way, it says nothing any more; the
// read ends by itself.
#pragma once

#include <memory>

#include <QFutureWatcher>
#include <QObject>

#include "ui/bridge/model_details.h"

namespace vitrine::ui {

class ModelDetailsReader : public QObject
{
    Q_OBJECT

public:
    explicit ModelDetailsReader(QObject* parent = nullptr);

    /// Answered by one finished() or failed(), unless another read() comes before: the newest is answered.
    void read(const QString& path);

signals:
    void finished(const vitrine::ui::ModelDetails& details);
    void failed(const QString& error);

private:
    using Outcome = std::shared_ptr<const engine::Result<ModelDetails>>;

    void take();

    QFutureWatcher<Outcome> m_watcher;
};

} // namespace vitrine::ui
