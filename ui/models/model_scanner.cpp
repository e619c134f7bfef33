// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_scanner.h"

#include <memory>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QPromise>
#include <QSet>
#include <QThreadPool>

#include "ui/bridge/model_name.h"

namespace vitrine::ui {
namespace {

constexpr int kMostFolders = 20'000;
constexpr int kMostFiles = 200'000;
constexpr int kMostModels = 500;
constexpr qint64 kLongestMs = 30'000;

bool beginsAsGguf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(4) == QByteArrayLiteral("GGUF");
}

} // namespace

/// One scan, on its thread.
class ModelScanner::Walk
{
public:
    Walk(QPromise<Found>& promise, const engine::MemoryPlanOptions& options)
        : m_promise(promise), m_options(options)
    {
        m_clock.start();
    }

    void add(const QString& path)
    {
        const QString real = QFileInfo(path).canonicalFilePath();
        const QString name = real.isEmpty() ? path : real;
        if (m_promise.isCanceled() || m_seen.contains(name))
            return;
        m_seen.insert(name);
        if (auto entry = readModelEntry(path, m_options)) {
            ++m_models;
            m_promise.addResult(Found{std::move(entry)});
        }
    }

    void walk(const ModelPlace& place)
    {
        if (!QFileInfo(place.path).isDir())
            return;
        ++m_places;
        walk(place.path, place.depth, place.byMagic);
    }

    void end() { m_promise.addResult(Found{std::nullopt, m_places, m_complete}); }

private:
    bool goesOn()
    {
        if (m_folders >= kMostFolders || m_files >= kMostFiles || m_models >= kMostModels ||
            m_clock.elapsed() > kLongestMs)
            m_complete = false;
        return m_complete && !m_promise.isCanceled();
    }

    void walk(const QString& path, int depth, bool byMagic)
    {
        const QString real = QFileInfo(path).canonicalFilePath();
        if (real.isEmpty() || m_walked.contains(real) || !goesOn())
            return;
        m_walked.insert(real);
        ++m_folders;
        const QDir folder(path);
        if (isModelFolder(path))
            add(path);
        for (const QString& name : folder.entryList(QDir::Files, QDir::Name)) {
            ++m_files;
            const QString file = folder.filePath(name);
            const bool named = name.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive);
            if (!goesOn())
                return;
            if (named || (byMagic && beginsAsGguf(file)))
                add(file);
        }
        if (depth <= 0)
            return;
        for (const QString& name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
            walk(folder.filePath(name), depth - 1, byMagic);
    }

    QPromise<Found>& m_promise;
    const engine::MemoryPlanOptions m_options;
    QElapsedTimer m_clock;
    QSet<QString> m_seen, m_walked;
    int m_folders = 0, m_files = 0, m_models = 0, m_places = 0;
    bool m_complete = true;
};

ModelScanner::ModelScanner(QObject* parent) : QObject(parent)
{
    connect(&m_watcher, &QFutureWatcherBase::resultReadyAt, this, &ModelScanner::take);
}

ModelScanner::~ModelScanner()
{
    m_watcher.cancel();
}

void ModelScanner::scan(const QStringList& files, const QList<ModelPlace>& places,
                        const engine::MemoryPlanOptions& options)
{
    m_watcher.cancel();
    const auto promise = std::make_shared<QPromise<Found>>(); // shared: the pool wants a task to copy
    promise->start();
    m_watcher.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, files, places, options] {
        Walk walk(*promise, options);
        for (const QString& file : files)
            walk.add(file);
        for (const ModelPlace& place : places)
            walk.walk(place);
        walk.end();
        promise->finish();
    });
}

void ModelScanner::take(int index)
{
    const Found result = m_watcher.resultAt(index);
    if (result.entry)
        emit found(*result.entry);
    else
        emit finished(result.places, result.complete);
}

} // namespace vitrine::ui
