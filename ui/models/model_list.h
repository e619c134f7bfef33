// SPDX-License-Identifier: GPL-3.0-or-later
// The models of the page, as rows: those used last, then those found on this computer. Thread: UI.
#pragma once

#include <QAbstractListModel>
#include <QHash>

#include "ui/models/model_verdict.h"

namespace vitrine::ui {

class ModelList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Kind { Heading, Model };
    enum Role {
        KindRole = Qt::UserRole,
        PathRole,
        VerdictRole,
        WordRole,
        DetailRole,
        ProgressRole,
        NoteRole
    };

    explicit ModelList(const ModelRecords& records, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    /// Replaces what is known of the same path.
    void add(const ModelEntry& entry);
    /// Before a new scan; what it does not find any more goes with dropUnseen().
    void markUnseen();
    void dropUnseen();
    void setFilter(const QString& text);
    void setRoom(const MemoryRoom& room);
    /// The model in memory and the one being loaded, by path; empty: none.
    void setInUse(const QString& path, bool asleep);
    void setLoading(const QString& path, double fraction);
    /// Behind the second heading: "scanned 3 places".
    void setScanNote(const QString& note);
    /// Recents, choices or the language have changed.
    void refresh();

    const ModelEntry* find(const QString& path) const;
    QModelIndex indexOf(const QString& path) const;
    int models() const { return int(m_entries.size()); }
    Verdict verdictOf(const ModelEntry& entry) const;

private:
    struct Row
    {
        Kind kind = Kind::Model;
        QString text; ///< of a heading, or the path
        bool second = false;
    };

    void rebuild();
    void touch(const QString& path);
    bool matches(const ModelEntry& entry) const;
    QString detailOf(const ModelEntry& entry) const;
    QString wordOf(const ModelEntry& entry) const;

    const ModelRecords& m_records;
    QHash<QString, ModelEntry> m_entries; ///< by path
    QSet<QString> m_unseen;
    QList<Row> m_rows;
    QString m_filter, m_inUse, m_loading, m_note;
    double m_fraction = 0;
    bool m_asleep = false;
    MemoryRoom m_room;
};

} // namespace vitrine::ui
