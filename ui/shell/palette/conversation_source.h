// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's conversations by their titles, the last used first. Thread: UI.
#pragma once

#include "ui/chat/conversation_store.h"
#include "ui/shell/palette/palette_source.h"

namespace vitrine::ui {

class ConversationSource : public PaletteSource
{
    Q_OBJECT

public:
    using Open = std::function<void(ConversationId, OpenWhere)>;

    /// The store outlives it.
    ConversationSource(ConversationStore& store, Open open, QObject* parent = nullptr);
    PaletteGroup group() const override { return PaletteGroup::Conversations; }
    void ask(const QString& query) override;

private:
    static QString dayText(const QDate& date, const QDate& today);
    static QString detailOf(const Conversation& conversation);

    ConversationStore& m_store;
    Open m_open;
};

} // namespace vitrine::ui
