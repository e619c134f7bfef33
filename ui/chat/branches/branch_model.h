// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a conversation's branches for a list view. Follows the conversation while it lives. Thread: UI.
#pragma once

#include <QAbstractListModel>
#include <QPointer>

#include "ui/chat/branches/branch_rows.h"
#include "ui/chat/conversation.h"

namespace vitrine::ui {

class BranchModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        IdRole = Qt::UserRole + 1, ///< MessageId
        IsUserRole,
        SharedRole, ///< prompt tokens of a reply that were in the cache, as text; empty: none
    };

    explicit BranchModel(Conversation& conversation, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    const BranchRow& row(int index) const { return m_rows[std::size_t(index)]; }
    QModelIndex shownLeaf() const;
    /// "3 branches, 14 turns. 2,944 prompt tokens came from the cache."
    QString summary() const;

private:
    void take();
    const Message* message(int row) const;

    QPointer<Conversation> m_conversation;
    std::vector<BranchRow> m_rows;
};

} // namespace vitrine::ui
