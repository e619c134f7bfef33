// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_shelf.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

namespace vitrine::ui {

RecordingShelf::RecordingShelf(RecordingSession& live, QString folder, QObject* parent)
    : QObject(parent), m_live(live), m_current(&live), m_folder(std::move(folder))
{
    m_pool.setMaxThreadCount(1); // the newest answer comes last
    connect(&live, &RecordingSession::fileRecordingChanged, this,
            [this, active = false](const FileRecording& state) mutable {
                if (!state.error.isEmpty())
                    emit failed(state.path, state.error);
                if (std::exchange(active, state.active) != state.active)
                    rescan();
            });
}

RecordingShelf::~RecordingShelf()
{
    m_pool.waitForDone();
}

RecordingSession* RecordingShelf::find(const QString& path) const
{
    const auto found = m_opened.find(QFileInfo(path).absoluteFilePath());
    return found == m_opened.end() ? nullptr : found->second.get();
}

RecordingSession& RecordingShelf::open(const QString& path)
{
    const QString file = QFileInfo(path).absoluteFilePath();
    if (RecordingSession* known = find(file))
        return *known;
    const auto [at, isNew] = m_opened.emplace(file, std::make_unique<RecordingSession>(file));
    connect(at->second.get(), &RecordingSession::openFailed, this, [this, file](const QString& reason) {
        emit failed(file, reason);
        close(file);
    });
    if (QFileInfo(file).absolutePath() != QFileInfo(m_folder).absoluteFilePath()) {
        m_elsewhere.append(file);
        rescan();
    }
    return *at->second;
}

void RecordingShelf::show(const QString& path)
{
    setCurrent(open(path));
}

void RecordingShelf::showLive()
{
    setCurrent(m_live);
}

void RecordingShelf::setCurrent(RecordingSession& session)
{
    if (m_current == &session)
        return;
    m_current = &session;
    emit currentChanged(m_current);
}

/// Whoever shows it learns first that it goes. It may be in the midst of telling something.
void RecordingShelf::close(const QString& path)
{
    const auto found = m_opened.find(path);
    if (found == m_opened.end())
        return;
    if (m_current == found->second.get())
        setCurrent(m_live);
    found->second.release()->deleteLater();
    m_opened.erase(found);
    if (m_elsewhere.removeAll(path) > 0)
        rescan();
}

bool RecordingShelf::remove(const QString& path)
{
    if (m_live.fileRecording().active && m_live.fileRecording().path == path) {
        emit failed(path, tr("It is being written. Stop the recording first."));
        return false;
    }
    if (!QFile::moveToTrash(path)) {
        emit failed(path, tr("It could not be moved to the trash."));
        return false;
    }
    close(path);
    rescan();
    return true;
}

void RecordingShelf::startRecording(const QString& model)
{
    m_live.startRecording(newRecordingPath(m_folder, model, QDateTime::currentDateTime()));
}

void RecordingShelf::stopRecording()
{
    m_live.stopRecording();
}

void RecordingShelf::rescan()
{
    m_pool.start([this, folder = m_folder, elsewhere = m_elsewhere] {
        QList<RecordingFile> files = recordingsIn(folder);
        for (const QString& path : elsewhere)
            files.append(describeRecording(path));
        QMetaObject::invokeMethod(
            this, [this, files] { take(files); }, Qt::QueuedConnection);
    });
}

void RecordingShelf::take(const QList<RecordingFile>& files)
{
    if (m_files == files)
        return;
    m_files = files;
    emit filesChanged();
}

} // namespace vitrine::ui
