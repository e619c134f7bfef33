// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings of the window: the running engine's, and those of files that were opened, each in its own
// session; which one is shown; and the files there are. Thread: UI. Reading the folder happens beside it.
#pragma once

#include <map>
#include <memory>

#include <QObject>
#include <QThreadPool>

#include "ui/profiler/recordings/recording_file.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {

class RecordingShelf : public QObject
{
    Q_OBJECT

public:
    /// The live session outlives it. `folder`: where recordings go.
    RecordingShelf(RecordingSession& live, QString folder, QObject* parent = nullptr);
    ~RecordingShelf() override;

    const QString& folder() const { return m_folder; }
    RecordingSession& live() const { return m_live; }
    RecordingSession& current() const { return *m_current; }
    /// Of an opened file; nullptr: it is not open.
    RecordingSession* find(const QString& path) const;
    const QList<RecordingFile>& files() const { return m_files; }

    /// Opens it where it is not open yet, without showing it.
    RecordingSession& open(const QString& path);
    void show(const QString& path);
    void showLive();
    /// Closed where it is open, then to the trash; false: it stays, and why is told by failed().
    bool remove(const QString& path);

    /// A new file in the folder.
    void startRecording(const QString& model);
    void stopRecording();

    void rescan();

signals:
    void currentChanged(vitrine::ui::RecordingSession* session);
    void filesChanged();
    void failed(const QString& path, const QString& reason);

private:
    void take(const QList<RecordingFile>& files);
    void close(const QString& path);
    void setCurrent(RecordingSession& session);

    RecordingSession& m_live;
    RecordingSession* m_current;
    QString m_folder;
    std::map<QString, std::unique_ptr<RecordingSession>> m_opened;
    QStringList m_elsewhere; // opened files of other folders
    QList<RecordingFile> m_files;
    QThreadPool m_pool;
};

} // namespace vitrine::ui
