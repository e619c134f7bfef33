// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_file.h"

#include <algorithm>

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#include "engine/trace/trace_reader.h"
#include "ui/profiler/recordings/nsight_systems.h"

namespace vitrine::ui {

namespace {

constexpr qint64 kNsAMs = 1'000'000;

} // namespace

RecordingFile describeRecording(const QString& path)
{
    const QFileInfo info(path);
    RecordingFile file;
    file.path = info.absoluteFilePath();
    file.name = info.completeBaseName();
    file.bytes = quint64(std::max<qint64>(0, info.size()));
    file.made = info.lastModified().toUTC();
    file.isNsightReport = path.endsWith(kNsightSuffix);
    if (file.isNsightReport)
        return file;
    const engine::Result<engine::TraceOrigin> origin = engine::readTraceOrigin(path.toStdString());
    if (!origin) {
        file.problem = QString::fromStdString(origin.error().message);
        return file;
    }
    file.model = QString::fromStdString(origin->model);
    file.device = QString::fromStdString(origin->device);
    file.program = QString::fromStdString(origin->program);
    if (origin->unixNs > 0)
        file.made = QDateTime::fromMSecsSinceEpoch(origin->unixNs / kNsAMs, Qt::UTC);
    return file;
}

QList<RecordingFile> recordingsIn(const QString& folder)
{
    QList<RecordingFile> files;
    const QDir dir(folder);
    for (const QString& name :
         dir.entryList({QStringLiteral("*.vtrace"), QLatin1Char('*') + kNsightSuffix}, QDir::Files))
        files.append(describeRecording(dir.filePath(name)));
    std::stable_sort(files.begin(), files.end(),
                     [](const RecordingFile& a, const RecordingFile& b) { return a.made > b.made; });
    return files;
}

QString recordingsFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/vitrine/recordings");
}

QString newRecordingPath(const QString& folder, const QString& model, const QDateTime& now,
                         const QString& suffix)
{
    static const QRegularExpression kUnsafe(QStringLiteral("[^\\w.\\- ]"),
                                            QRegularExpression::UseUnicodePropertiesOption);
    constexpr qsizetype kMostName = 60;
    const QString name = QString(model).replace(kUnsafe, QStringLiteral("-")).left(kMostName).trimmed();
    const QString base = folder + QLatin1Char('/') + now.toString(QStringLiteral("yyyy-MM-dd HH-mm-ss")) +
                         (name.isEmpty() ? QString() : QLatin1Char(' ') + name);
    QString path = base + suffix;
    for (int i = 2; QFileInfo::exists(path); ++i)
        path = base + QStringLiteral(" (%1)").arg(i) + suffix;
    return path;
}

} // namespace vitrine::ui
