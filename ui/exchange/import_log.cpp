// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/import_log.h"

#include <algorithm>

#include <QLocale>

#include "ui/exchange/settle.h"

namespace vitrine::ui {

void ImportLog::beginChat(qint64 number, qint64 line)
{
    m_number = number;
    m_line = line;
}

void ImportLog::note(const QString& why)
{
    if (result.problems.size() >= kMostProblems)
        return;
    const QString number = QLocale().toString(m_number);
    result.problems.append(m_line > 0
                               ? tr("Chat %1 (line %2): %3").arg(number, QLocale().toString(m_line), why)
                               : tr("Chat %1: %2").arg(number, why));
}

void ImportLog::leaveOutChat(const QString& why)
{
    ++result.chatsLeftOut;
    note(why);
}

void ImportLog::leaveOutMessage(const QString& why)
{
    ++result.messagesLeftOut;
    note(why);
}

void ImportLog::take(ExchangedChat chat)
{
    if (isFull()) {
        leaveOutChat(tr("the file holds more chats than are read at once. Split it."));
        return;
    }
    if (chat.messages.size() > limits.chatMessages) {
        leaveOutChat(tr("it has more than %1 messages.").arg(QLocale().toString(limits.chatMessages)));
        return;
    }
    if (chat.messages.isEmpty() && chat.conversation.draft.trimmed().isEmpty()) {
        leaveOutChat(tr("there is no turn in it that can be read."));
        return;
    }
    const bool timed = std::ranges::any_of(chat.messages, [](const auto& each) { return each.created > 0; });
    if (!timed && chat.conversation.created <= 0)
        chat.conversation.created = m_fallbackTime;
    settle(chat);
    m_messages += chat.messages.size();
    result.contents.chats.append(std::move(chat));
}

} // namespace vitrine::ui
