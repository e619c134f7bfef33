// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/turn_actions.h"

#include <QCursor>
#include <QLocale>
#include <QMenu>

#include "ui/chat/message_view.h"
#include "ui/chat/reply_breakdown.h"

namespace vitrine::ui {

namespace {

constexpr int kSamples[] = {2, 3, 4};

} // namespace

TurnActions::TurnActions(ChatSession& session, MessageView& view, QObject* parent)
    : QObject(parent), m_session(session), m_view(view)
{
    view.setActionsOf([this](int index) { return offered(index); });
    connect(&view, &MessageView::actionRequested, this, &TurnActions::perform);
    connect(&view, &MessageView::breakdownClosed, this, [this](int index) {
        if (const Message* turn = message(index))
            m_explained.remove(turn->id.value);
    });
    connect(&view, &MessageView::thoughtMeasured, this, [this](int index, const ThoughtFigures& figures) {
        if (const Message* reply = message(index))
            m_conversation->setThought(reply->id, figures.seconds, figures.tokens);
    });
}

void TurnActions::setConversation(Conversation* conversation)
{
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_explained.clear();
    if (conversation == nullptr)
        return;
    m_wasIdle = conversation->openReply() == nullptr;
    m_turnsBefore = conversation->tree().size();
    connect(conversation, &Conversation::pathChanged, this, &TurnActions::showBreakdowns);
    connect(conversation, &Conversation::progressed, this, &TurnActions::onProgressed);
    connect(conversation, &Conversation::changed, this, [this] { m_view.refreshActions(); });
}

/// What is offered depends on whether a reply is open, and on how many versions there are; not on each token.
void TurnActions::onProgressed()
{
    const bool idle = m_conversation->openReply() == nullptr;
    const std::size_t turns = m_conversation->tree().size();
    if (idle == m_wasIdle && turns == m_turnsBefore)
        return;
    m_wasIdle = idle;
    m_turnsBefore = turns;
    m_view.refreshActions();
}

const Message* TurnActions::message(int index) const
{
    if (m_conversation == nullptr || index < 0 || std::size_t(index) >= m_conversation->messages().size())
        return nullptr;
    return &m_conversation->messages()[std::size_t(index)];
}

MessageActions TurnActions::offered(int index) const
{
    const Message* turn = message(index);
    MessageActions actions;
    if (turn == nullptr)
        return actions;
    const bool idle = m_conversation->openReply() == nullptr;
    const bool reply = turn->role == Role::Assistant;
    actions.edit = !reply && idle;
    actions.regenerate = reply && idle;
    actions.branch = reply && idle;
    actions.continues = idle && turn->canContinue() && m_conversation->tree().leaf() == turn->id;
    actions.why = reply && !turn->isOpen() && turn->details.contains(QLatin1String("\"decode\""));
    actions.profiler = m_session.requestOf(turn->id).value != 0;
    actions.more = !turn->isOpen();
    const VersionPosition versions = m_conversation->tree().versions(turn->id);
    actions.version = versions.position;
    actions.versions = versions.count;
    return actions;
}

void TurnActions::perform(int index, MessageAction action)
{
    const Message* turn = message(index);
    if (turn == nullptr)
        return;
    const ConversationId chat = m_conversation->id();
    switch (action) {
    case MessageAction::Edit:
        emit editRequested(turn->id);
        break;
    case MessageAction::Regenerate:
        m_session.regenerate(chat, turn->id);
        break;
    case MessageAction::Branch:
        emit branchRequested(turn->id);
        break;
    case MessageAction::Continue:
        m_session.continueReply(chat, turn->id);
        break;
    case MessageAction::Delete:
        remove(index);
        break;
    case MessageAction::PreviousVersion:
    case MessageAction::NextVersion: {
        const MessageId other =
            m_conversation->tree().version(turn->id, action == MessageAction::NextVersion ? 1 : -1);
        if (other != MessageId{})
            m_conversation->choose(other);
        break;
    }
    case MessageAction::Why:
        explain(index);
        break;
    case MessageAction::More:
        showMenu(index);
        break;
    case MessageAction::ShowInProfiler:
        m_session.showInProfiler(turn->id);
        break;
    case MessageAction::Copy:
        break;
    }
}

bool TurnActions::regenerateLast(int count)
{
    if (m_conversation == nullptr || m_conversation->isEmpty() || !m_conversation->isLoaded())
        return false;
    return m_session.regenerate(m_conversation->id(), m_conversation->tree().leaf(), count);
}

QString TurnActions::lastReply() const
{
    if (m_conversation == nullptr)
        return {};
    const MessagePath messages = m_conversation->messages();
    for (auto turn = messages.rbegin(); turn != messages.rend(); ++turn) {
        if (turn->role == Role::Assistant)
            return turn->text;
    }
    return {};
}

void TurnActions::showMenu(int index)
{
    const Message* turn = message(index);
    const MessageId id = turn->id;
    const bool idle = m_conversation->openReply() == nullptr;
    auto* menu = new QMenu(&m_view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (idle && turn->role == Role::Assistant)
        addRegenerate(*menu, id);
    if (turn->role == Role::Assistant)
        menu->addAction(tr("Token probabilities"), this, [this, id] { emit tokensRequested(id); });
    menu->addAction(tr("All branches…"), this, &TurnActions::branchesRequested);
    menu->addSeparator();
    menu->addAction(tr("Delete from here on"), this, [this, id] {
        if (m_conversation != nullptr && m_conversation->tree().indexOf(id) >= 0)
            remove(m_conversation->tree().indexOf(id));
    });
    menu->popup(m_view.underMouse() ? QCursor::pos() : m_view.mapToGlobal(m_view.rect().center()));
}

void TurnActions::addRegenerate(QMenu& menu, MessageId id)
{
    for (const int count : kSamples) {
        menu.addAction(tr("Regenerate × %1, side by side").arg(QLocale().toString(count)), this,
                       [this, id, count] {
                           if (m_conversation != nullptr)
                               m_session.regenerate(m_conversation->id(), id, count);
                       });
    }
    menu.addSeparator();
}

/// With everything that follows. What is being written there is stopped.
void TurnActions::remove(int index)
{
    const Message* turn = message(index);
    if (turn == nullptr)
        return;
    m_session.stopAll(m_conversation->id());
    auto removed = std::make_shared<std::vector<Message>>(m_conversation->remove(turn->id));
    const QString what = removed->size() == 1
                             ? tr("1 message deleted")
                             : tr("%1 messages deleted").arg(QLocale().toString(qulonglong(removed->size())));
    const QPointer<Conversation> conversation = m_conversation;
    emit undoOffered(what, [conversation, removed] {
        if (conversation != nullptr)
            conversation->putBack(*removed);
    });
}

void TurnActions::explain(int index)
{
    m_explained.insert(message(index)->id.value);
    m_view.setBreakdown(index, breakdownOf(*message(index)));
}

/// The view forgot them with the messages that were replaced.
void TurnActions::showBreakdowns()
{
    for (const qint64 id : std::as_const(m_explained)) {
        const int index = m_conversation->tree().indexOf(MessageId{id});
        if (index >= 0)
            m_view.setBreakdown(index, breakdownOf(*message(index)));
    }
}

} // namespace vitrine::ui
