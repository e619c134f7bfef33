// SPDX-License-Identifier: GPL-3.0-or-later
// Reads any bytes as chats and checks what every reader promises; what was read is written and read again.
#pragma once

#include <string>

#include "tests/exchange/support/chat_samples.h"

namespace vitrine::test {

inline bool isTree(const ui::ExchangedChat& chat)
{
    qint64 id = 0;
    for (const ui::MessageRecord& message : chat.messages) {
        if (message.id != ++id || message.parent < 0 || message.parent >= id || ui::isOpen(message.state))
            return false;
    }
    return chat.conversation.leaf >= 0 && chat.conversation.leaf <= id;
}

/// Empty: all is well.
inline std::string exerciseChats(const QByteArray& bytes)
{
    ui::ExchangeLimits limits;
    limits.chatBytes = 1 << 20;
    limits.chatValues = 10'000;
    ui::ImportResult result = read(bytes, limits);
    if (result.error.isEmpty() == result.contents.chats.isEmpty())
        return "neither chats nor a reason";
    for (const ui::ExchangedChat& chat : result.contents.chats) {
        if (!isTree(chat))
            return "not a tree";
    }
    if (result.contents.chats.isEmpty())
        return {};
    // Ids of the file may be anything; those of a second reading are the same again.
    const ui::ImportResult again = read(toJson(result.contents));
    if (again.contents.chats.size() != result.contents.chats.size())
        return "chats were lost on the way";
    for (qsizetype i = 0; i < again.contents.chats.size(); ++i) {
        if (again.contents.chats[i].messages.size() != result.contents.chats[i].messages.size())
            return "messages were lost on the way";
    }
    return read(toMarkdown(result.contents.chats)).error.isEmpty() ? "" : "Markdown was not read again";
}

} // namespace vitrine::test
