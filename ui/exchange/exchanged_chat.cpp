// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/exchanged_chat.h"

#include <algorithm>

#include <QHash>

namespace vitrine::ui {

QList<const MessageRecord*> shownTurns(const ExchangedChat& chat)
{
    QHash<qint64, const MessageRecord*> byId;
    for (const MessageRecord& message : chat.messages)
        byId.insert(message.id, &message);
    qint64 at = chat.conversation.leaf;
    if (!byId.contains(at) && !chat.messages.isEmpty())
        at = chat.messages.back().id;
    QList<const MessageRecord*> turns;
    while (const MessageRecord* message = byId.value(at)) {
        turns.append(message);
        byId.remove(at); // a circle ends here
        at = message->parent;
    }
    std::ranges::reverse(turns);
    return turns;
}

} // namespace vitrine::ui
