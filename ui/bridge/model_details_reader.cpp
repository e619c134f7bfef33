// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_details_reader.h"
#include "ui/bridge/engine_text.h"

#include <QPromise>
#include <QThreadPool>

namespace vitrine::ui {

ModelDetailsReader::ModelDetailsReader(QObject* parent) : QObject(parent)
{
    connect(&m_watcher, &QFutureWatcher<Outcome>::finished, this, &ModelDetailsReader::take);
}

void ModelDetailsReader::read(const QString& path)
{
    // Shared, because the pool wants a task that can be copied.
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    m_watcher.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, path] {
        promise->addResult(std::make_shared<const engine::Result<ModelDetails>>(readModelDetails(path)));
        promise->finish();
    });
}

void ModelDetailsReader::take()
{
    const Outcome outcome = m_watcher.result();
    if (outcome->has_value())
        emit finished(outcome->value());
    else
        emit failed(EngineText::translated(outcome->error().message));
}

} // namespace vitrine::ui
