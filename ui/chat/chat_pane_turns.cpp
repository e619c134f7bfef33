// SPDX-License-Identifier: GPL-3.0-or-later
// ChatPane: what a person sends, edits and recalls.
#include "ui/chat/branches/branches_dialog.h"
#include "ui/chat/chat_pane.h"

#include "ui/chat/composer.h"
#include "ui/chat/message_view.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/turn_actions.h"
#include "ui/chat/turn_mode_bar.h"

namespace vitrine::ui {

void ChatPane::connectTurns()
{
    m_turns = new TurnActions(m_session, *m_messages, this);
    connect(m_turns, &TurnActions::undoOffered, this, &ChatPane::undoOffered);
    connect(m_turns, &TurnActions::branchesRequested, this, &ChatPane::showBranches);
    connect(m_turns, &TurnActions::tokensRequested, this, [this](MessageId reply) {
        m_tokenPanel->setReply(reply);
        setTokensShown(true);
    });
    connect(m_turns, &TurnActions::editRequested, this, [this](MessageId question) {
        beginTurnMode(int(TurnModeBar::Mode::Edit), question, m_conversation->tree().find(question)->text);
    });
    connect(m_turns, &TurnActions::branchRequested, this, [this](MessageId after) {
        beginTurnMode(int(TurnModeBar::Mode::Branch), after, m_composer->text());
    });
    connect(m_turnMode, &TurnModeBar::cancelled, this, &ChatPane::endTurnMode);
}

/// What was being written is laid aside and comes back afterwards.
void ChatPane::beginTurnMode(int mode, MessageId message, const QString& text)
{
    if (m_turnMode->mode() == TurnModeBar::Mode::None)
        m_laidAside = m_composer->text();
    m_turnMode->begin(TurnModeBar::Mode(mode), message);
    m_composer->setText(text);
    m_composer->focusText();
}

void ChatPane::endTurnMode()
{
    if (m_turnMode->mode() == TurnModeBar::Mode::None)
        return;
    m_turnMode->end();
    m_composer->setText(std::exchange(m_laidAside, {}));
    m_composer->focusText();
}

void ChatPane::submit(const QString& text, const QList<Attachment>& attachments)
{
    if (m_conversation == nullptr)
        return;
    const ConversationId id = m_conversation->id();
    const TurnModeBar::Mode mode = m_turnMode->mode();
    const bool taken = mode == TurnModeBar::Mode::Edit
                           ? m_session.sendVersion(id, m_turnMode->message(), text)
                       : mode == TurnModeBar::Mode::Branch
                           ? m_session.sendAfter(id, m_turnMode->message(), text, attachments)
                           : m_session.send(id, text, attachments);
    if (!taken)
        return;
    m_turnMode->end();
    m_composer->setText(std::exchange(m_laidAside, {}));
    if (mode != TurnModeBar::Mode::Edit) // another wording keeps what is attached to the turn
        m_composer->setAttachments({});
    m_messages->scrollToEnd();
    if (mode == TurnModeBar::Mode::None)
        emit sent(text, attachments);
}

void ChatPane::showBranches()
{
    if (m_conversation == nullptr || m_conversation->isEmpty() || !m_conversation->isLoaded())
        return;
    auto* dialog = new BranchesDialog(*m_conversation, m_theme, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::finished, this, [this] {
        activateWindow(); // also where no window manager hands the focus back
        m_composer->focusText();
    });
    dialog->open();
}

void ChatPane::send(const QString& text, const QList<Attachment>& attachments)
{
    if (m_conversation != nullptr && m_session.send(m_conversation->id(), text, attachments))
        m_messages->scrollToEnd();
}

void ChatPane::recall()
{
    if (m_conversation == nullptr)
        return;
    const auto& messages = m_conversation->messages();
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        if (message->role == Role::User) {
            m_composer->setText(message->text);
            m_composer->setAttachments(message->attachments);
            return;
        }
    }
}

} // namespace vitrine::ui
