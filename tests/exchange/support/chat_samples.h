// SPDX-License-Identifier: GPL-3.0-or-later
// Chats of random content, and what reads and writes them in memory.
#pragma once

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include "ui/chat/attachment.h"
#include "ui/exchange/chat_files.h"
#include "ui/exchange/chats_json_writer.h"
#include "ui/exchange/chats_markdown_writer.h"

namespace vitrine::test {

inline ui::ImportResult read(const QByteArray& bytes, const ui::ExchangeLimits& limits = {})
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    ui::ExchangeProgress progress;
    return ui::readChats(buffer, QStringLiteral("sample"), 1'700'000'000'000, progress, limits);
}

inline QByteArray toJson(const ui::ExchangedChats& chats)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    ui::ExchangeProgress progress;
    return ui::writeChatsJson(chats, buffer, progress) ? buffer.data() : QByteArray();
}

inline QByteArray toMarkdown(const QList<ui::ExchangedChat>& chats)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    ui::ExchangeProgress progress;
    return ui::writeChatsMarkdown(chats, buffer, progress) ? buffer.data() : QByteArray();
}

class ChatSamples
{
public:
    explicit ChatSamples(quint32 seed) : m_random(seed) {}

    QString text()
    {
        static const QStringList parts{"word ",
                                       "\n",
                                       "\n\n",
                                       "```\n",
                                       "## User\n",
                                       "**You:** ",
                                       "中文字",
                                       "🙂",
                                       "\r\n",
                                       "<!-- turn user -->\n",
                                       "# ",
                                       "\\",
                                       "\"",
                                       "\t",
                                       "</p>",
                                       "| a | b |",
                                       QString(QChar(0)),
                                       QString(QChar(0x2028)),
                                       "~~~~"};
        QString text;
        for (int i = below(12); i > 0; --i)
            text += parts[below(int(parts.size()))];
        return text;
    }

    ui::ExchangedChat chat(qint64 id, qint64 folder)
    {
        ui::ExchangedChat chat;
        chat.conversation.id = id;
        chat.conversation.title = text();
        chat.conversation.folder = folder;
        chat.conversation.pinned = below(2) == 0;
        chat.conversation.hue = quint32(below(9));
        chat.conversation.created = time();
        chat.conversation.lastActivity = time();
        chat.conversation.contextUsed = quint32(below(4000));
        chat.conversation.draft = text();
        chat.conversation.settings = below(2) ? QStringLiteral("{\"preset\":\"precise\"}") : text();
        const int count = 1 + below(12);
        for (int i = 1; i <= count; ++i)
            chat.messages.append(message(i, id));
        chat.conversation.leaf = 1 + below(count);
        chat.conversation.messages = quint32(count);
        return chat;
    }

    ui::ExchangedChats chats()
    {
        ui::ExchangedChats chats;
        chats.folders = {{7, "Work", 1, false}, {8, text() + "f", 2, true}};
        for (int i = below(6); i >= 0; --i)
            chats.chats.append(chat(qint64(1'700'000'000'123) * 1'000'000 + i, 7 + below(2)));
        for (const qint64 folder : {7, 8}) // both are used: unused ones are not read
            chats.chats.append(chat(99 + folder, folder));
        return chats;
    }

    int below(int end) { return int(m_random.bounded(end)); }
    qint64 time() { return 1'600'000'000'000 + qint64(m_random.bounded(100'000'000)); }

private:
    ui::MessageRecord message(qint64 id, qint64 chat)
    {
        ui::MessageRecord message;
        message.id = id;
        message.conversation = chat;
        message.parent = below(int(id));
        message.role = ui::Role(below(2));
        message.state = below(2) ? ui::MessageState::Complete : ui::MessageState(4 + below(4));
        message.created = time();
        message.text = text();
        message.error = message.state == ui::MessageState::Failed ? text() : QString();
        if (below(3) == 0)
            message.attachments =
                ui::attachmentsToJson({{"a.cpp", text(), 12}, {"b b.txt", text() + "`````", 0}});
        if (below(2))
            message.facts = {
                text(), 12, 3, 400, 0.1 + below(100) / 7.0, 1.0 / 3, 0.25, "{\"steps\":[1,2.5]}"};
        return message;
    }

    QRandomGenerator m_random;
};

} // namespace vitrine::test
