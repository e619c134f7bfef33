// SPDX-License-Identifier: GPL-3.0-or-later
// A recording on the disk, as a list shows it. Values; any thread.
#pragma once

#include <QDateTime>
#include <QList>
#include <QMetaType>
#include <QString>

namespace vitrine::ui {

struct RecordingFile
{
    QString path, name; ///< without its suffix
    QString model, device, program;
    QDateTime made; ///< UTC; of the file where the recording does not say
    quint64 bytes = 0;
    QString problem;             ///< why it cannot be read
    bool isNsightReport = false; ///< of Nsight Systems, which alone can read it

    bool operator==(const RecordingFile&) const = default;
};

/// Reads the beginning of the file.
RecordingFile describeRecording(const QString& path);
/// The .vtrace files of a folder, and reports of Nsight Systems, newest first.
QList<RecordingFile> recordingsIn(const QString& folder);

/// Where recordings go: in the user's data folder.
QString recordingsFolder();
/// A name that says when and of what, and belongs to no file yet.
QString newRecordingPath(const QString& folder, const QString& model, const QDateTime& now,
                         const QString& suffix = QStringLiteral(".vtrace"));

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::RecordingFile)
