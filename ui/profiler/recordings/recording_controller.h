// SPDX-License-Identifier: GPL-3.0-or-later
// Ties the Profiler page to recordings: which is shown, recording to a file, opening, exporting, and what
// there is to tell a person about it. Thread: UI; everything handed in outlives it.
#pragma once

#include <QObject>

#include "ui/profiler/anomalies/anomaly_bell.h"
#include "ui/profiler/recordings/recording_shelf.h"
#include "ui/theme/theme.h"

class QMenu;

namespace vitrine::ui {

class NoticeBar;
class ProfilerPage;
class RecordingsPage;

class RecordingController : public QObject
{
    Q_OBJECT

public:
    RecordingController(RecordingSession& live, ProfilerPage& page, NoticeBar& notices, const Theme& theme,
                        QString folder);

    RecordingShelf& shelf() { return m_shelf; }
    RecordingsPage& recordings() const { return *m_recordings; }

    /// Reads a file and shows it.
    void open(const QString& path);
    void chooseFile();
    /// Asks where to; the selection alone where there is one.
    void exportShown();
    void tellExported(const QString& path, const QString& error);
    /// Asks first: the window has to begin anew.
    void recordWithNsight();

signals:
    /// This program ends and another command runs in its place.
    void restartRequested(const QStringList& command);

private:
    void connectParts();
    void record(bool on);
    void exportFile(const QString& path);
    void askExport(RecordingSession& session, const QString& name, const TimeRange& range);
    void showRecording(const FileRecording& state);
    void listen(RecordingSession& session);
    void takeAnomalies(const SharedAnomalies& picture);
    void countUnseen();
    void tell(const engine::Anomaly& anomaly);
    void fillRecordMenu(QMenu& menu);

    ProfilerPage& m_page;
    NoticeBar& m_notices;
    RecordingShelf m_shelf;
    RecordingsPage* m_recordings; // the page's
    bool m_recording = false;
    AnomalyBell m_bell;
    SharedAnomalies m_anomalies; // of the live one
    quint64 m_seenAnomalies = 0;
};

} // namespace vitrine::ui
