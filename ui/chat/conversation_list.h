// SPDX-License-Identifier: GPL-3.0-or-later
// The conversations as the sidebar shows them: newest first, with a heading row for each stretch of time.
// Rows move, they are never reset, so that a view keeps its selection and place. Thread: UI.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QDate>

#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

class ConversationList : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        KindRole = Qt::UserRole + 1, ///< Kind
        IdRole,                      ///< ConversationId
        NumberRole,                  ///< size of Tokens::conversation(number), qulonglong
        ActivityRole,                ///< Activity
        DetailRole,                  ///< "92 tok/s" while generating, else when it was last used
    };
    enum class Kind { Heading, Conversation };
    enum class Activity { Idle, Queued, Generating };
    Q_ENUM(Kind)
    Q_ENUM(Activity)

    explicit ConversationList(ConversationStore& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    QModelIndex indexOf(ConversationId id) const; ///< invalid when unknown
    /// What counts as today; moves at midnight and in tests.
    void setToday(const QDate& today);

private:
    /// A heading (no conversation) or a conversation (with its stretch of time).
    struct Row
    {
        QString heading;
        ConversationId id;
        bool operator==(const Row&) const = default;
    };

    std::vector<Row> wantedRows() const;
    void rearrange();
    void onChanged(ConversationId id);
    void refresh(ConversationId id);
    QString headingOf(const Conversation& conversation) const;
    QString detailOf(const Conversation& conversation) const;

    ConversationStore& m_store;
    QDate m_today;
    std::vector<Row> m_rows;
};

} // namespace vitrine::ui
