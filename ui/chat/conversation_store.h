// SPDX-License-Identifier: GPL-3.0-or-later
// All conversations of the window, in memory. Owns them; ids and hues are given here. Thread: UI.
#pragma once

#include <memory>
#include <vector>

#include <QObject>

#include "ui/chat/conversation.h"

namespace vitrine::ui {

class ConversationStore : public QObject
{
    Q_OBJECT

public:
    explicit ConversationStore(QObject* parent = nullptr);
    ~ConversationStore() override;

    Conversation& create();
    Conversation* find(ConversationId id) const;
    /// REQUIRES: nobody shows it any more.
    void remove(ConversationId id);
    std::vector<Conversation*> byRecency() const; ///< most recent first
    std::size_t size() const { return m_conversations.size(); }

signals:
    void added(vitrine::ui::ConversationId id);
    void changed(vitrine::ui::ConversationId id);
    void progressed(vitrine::ui::ConversationId id);
    void removed(vitrine::ui::ConversationId id);

private:
    std::vector<std::unique_ptr<Conversation>> m_conversations;
    quint64 m_lastId = 0;
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ConversationId)
