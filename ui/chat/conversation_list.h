// SPDX-License-Identifier: GPL-3.0-or-later
// The conversations as the sidebar shows them: the pinned ones, the folders with what is in them, then the
// rest by date, each newest first. Rows move, they are never reset, so that a view keeps its selection and
// place. Thread: UI.
//
// Invariant: a conversation stands in one row at most: pinned before folder before date.
#pragma once

#include <unordered_set>
#include <vector>

#include <QAbstractListModel>
#include <QDate>
#include <QHash>

#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

/// A part of the list that conversations can stand in.
struct ChatGroup
{
    enum class Place { Dates, Pinned, Folder };
    Place place = Place::Dates;
    FolderId folder;

    bool operator==(const ChatGroup&) const = default;
};

class ConversationList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        KindRole = Qt::UserRole + 1, ///< Kind
        IdRole,                      ///< ConversationId
        NumberRole,                  ///< size of Tokens::conversation(number), qulonglong
        ActivityRole,                ///< Activity
        KvRole,                      ///< int 0…kKvWhole: how much of it lies in the KV cache
        DetailRole,                  ///< "92 tok/s" while generating, else when it was last used
        FolderRole,                  ///< FolderId of a folder's row
        CountRole,                   ///< int: conversations in a folder
        CollapsedRole,               ///< bool: of a folder
    };
    enum class Kind { Heading, Conversation, Folder };
    enum class Activity { Idle, Queued, Generating, Interrupted };
    Q_ENUM(Kind)
    Q_ENUM(Activity)

    /// While one lives, the rows wait: many changes cost one rearrangement. No event loop may run meanwhile.
    class Hold
    {
    public:
        explicit Hold(ConversationList& list) : m_list(list) { ++m_list.m_holds; }
        ~Hold();
        Q_DISABLE_COPY_MOVE(Hold)

    private:
        ConversationList& m_list;
    };

    /// While one lives, conversations that are added wait for their rows until it is gone or something else
    /// changes the rows. The event loop may run meanwhile.
    class HoldAdditions
    {
    public:
        explicit HoldAdditions(ConversationList& list) : m_list(list) { ++m_list.m_additionHolds; }
        ~HoldAdditions();
        Q_DISABLE_COPY_MOVE(HoldAdditions)

    private:
        ConversationList& m_list;
    };

    static constexpr qsizetype kLongestName = 200;
    static constexpr int kKvWhole = 4; ///< all that can be kept of a conversation is in the KV cache

    explicit ConversationList(ConversationStore& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Qt::EditRole: another title or name; an empty one is refused.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    ConversationStore& store() const { return m_store; }
    QModelIndex indexOf(ConversationId id) const; ///< invalid when unknown or in a folded folder
    QModelIndex indexOf(FolderId id) const;
    ChatGroup groupOf(const QModelIndex& index) const; ///< Dates when invalid
    /// The heading of the pinned stands even over nothing, so that something can be dropped there.
    void setPinnedAlways(bool always);
    /// What counts as today; moves at midnight and in tests.
    void setToday(const QDate& today);

private:
    struct Row
    {
        Kind kind = Kind::Heading;
        qint64 id = 0;   // of a conversation or folder; a heading: whether it is that of the pinned
        QString heading; // a heading's text
        bool operator==(const Row&) const = default;
    };
    struct RowHash
    {
        std::size_t operator()(const Row& row) const { return qHash(row.heading, std::size_t(row.id)); }
    };
    using RowSet = std::unordered_set<Row, RowHash>;

    std::vector<Row> wantedRows();
    void rearrange();
    void removeAllBut(const RowSet& wanted);
    void reorder(const std::vector<Row>& wanted);
    void insertMissing(const std::vector<Row>& wanted);
    void insertScattered(const std::vector<Row>& wanted, const RowSet& known);
    void adopt(const std::vector<Row>& order);
    void moveRow(int from, int to);
    void refreshFolders();
    QModelIndex place(qint64 id) const;

    void onAdded();
    void onChanged(ConversationId id);
    void refresh(ConversationId id);
    void onProgressed(ConversationId id);
    QVariant folderData(const Folder& folder, int role) const;
    QVariant conversationData(const Conversation& conversation, int role) const;
    QString headingOf(const QDate& date) const;
    QString detailOf(const Conversation& conversation) const;
    QString accessibleTextOf(const Conversation& conversation) const;
    QString kvTextOf(const Conversation& conversation) const;
    QString shownOf(const Conversation& conversation) const;

    ConversationStore& m_store;
    QDate m_today;
    bool m_pinnedAlways = false;
    int m_holds = 0;
    bool m_waiting = false; // something changed under a Hold
    int m_additionHolds = 0;
    bool m_additionsWait = false;
    QHash<qint64, int> m_counts;         // by folder
    QHash<qint64, QString> m_shown;      // of conversations that went on: what their rows say
    std::vector<Row> m_rows;             // what a view sees
    mutable QHash<qint64, int> m_places; // of conversations and folders; empty: to be made again
};

/// 0…ConversationList::kKvWhole. Whole only where nothing is missing, 0 where hardly anything is there: chats
/// that begin with the same system prompt share as much.
int kvQuarters(const engine::KvResidency& kv);

} // namespace vitrine::ui
