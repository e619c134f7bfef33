// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings as rows: the running engine first, then the files. Thread: UI; the shelf outlives it.
#pragma once

#include <QAbstractListModel>

#include "ui/profiler/recordings/recording_shelf.h"

namespace vitrine::ui {

class RecordingList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        PathRole = Qt::UserRole, ///< empty: the running engine
        DetailRole,              ///< second line
        WordRole,                ///< at the right: "shown", "being written"
        ProblemRole
    };

    explicit RecordingList(RecordingShelf& shelf, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QModelIndex indexOf(const QString& path) const;
    void retranslate();

private:
    QString word(const QString& path) const;
    QString detailOf(const RecordingFile& file) const;
    QString detailOfLive() const;
    void refresh();

    RecordingShelf& m_shelf;
    QList<RecordingFile> m_files;
};

} // namespace vitrine::ui
