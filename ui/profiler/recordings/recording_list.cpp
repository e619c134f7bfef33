// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_list.h"

#include <QLocale>

#include "ui/theme/size_text.h"

namespace vitrine::ui {

RecordingList::RecordingList(RecordingShelf& shelf, QObject* parent)
    : QAbstractListModel(parent), m_shelf(shelf), m_files(shelf.files())
{
    connect(&shelf, &RecordingShelf::filesChanged, this, [this] {
        beginResetModel();
        m_files = m_shelf.files();
        endResetModel();
    });
    connect(&shelf, &RecordingShelf::currentChanged, this, &RecordingList::refresh);
    connect(&shelf.live(), &RecordingSession::changed, this,
            [this] { emit dataChanged(index(0), index(0), {DetailRole}); });
    connect(&shelf.live(), &RecordingSession::fileRecordingChanged, this, &RecordingList::refresh);
}

void RecordingList::refresh()
{
    emit dataChanged(index(0), index(rowCount() - 1));
}

void RecordingList::retranslate()
{
    refresh();
}

int RecordingList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + int(m_files.size());
}

QString RecordingList::word(const QString& path) const
{
    const FileRecording& written = m_shelf.live().fileRecording();
    if (written.active && !path.isEmpty() && written.path == path)
        return tr("being written");
    const RecordingSession* session = path.isEmpty() ? &m_shelf.live() : m_shelf.find(path);
    return session != nullptr && session == &m_shelf.current() ? tr("shown") : QString();
}

QString RecordingList::detailOf(const RecordingFile& file) const
{
    if (!file.problem.isEmpty())
        return file.problem;
    const FileRecording& written = m_shelf.live().fileRecording();
    const quint64 bytes = written.active && written.path == file.path ? written.bytes : file.bytes;
    const QString model = file.isNsightReport    ? QStringLiteral("Nsight Systems")
                          : file.model.isEmpty() ? tr("unknown model")
                                                 : file.model;
    return QStringList{model, QLocale().toString(file.made.toLocalTime(), QLocale::ShortFormat),
                       sizeText(bytes)}
        .join(QStringLiteral(" · "));
}

QString RecordingList::detailOfLive() const
{
    const RecordingSummary& summary = m_shelf.live().summary();
    if (summary.steps == 0)
        return tr("nothing yet");
    return summary.model + QStringLiteral(" · ") + tr("steps: %1").arg(QLocale().toString(summary.steps));
}

QVariant RecordingList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const bool live = index.row() == 0;
    const RecordingFile file = live ? RecordingFile() : m_files[index.row() - 1];
    switch (role) {
    case Qt::DisplayRole:
        return live ? tr("Running engine") : file.name;
    case PathRole:
        return file.path;
    case DetailRole:
        return live ? detailOfLive() : detailOf(file);
    case WordRole:
        return word(file.path);
    case ProblemRole:
        return file.problem;
    case Qt::ToolTipRole:
        return live ? tr("What the engine has done since its model was loaded.") : file.path;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2").arg(data(index, Qt::DisplayRole).toString(),
                                            data(index, DetailRole).toString());
    default:
        return {};
    }
}

QModelIndex RecordingList::indexOf(const QString& path) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (index(row).data(PathRole).toString() == path)
            return index(row);
    return {};
}

} // namespace vitrine::ui
