// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chats_json_writer.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "ui/exchange/chats_json.h"

namespace vitrine::ui {
namespace {

/// As text: a number of this size loses digits in many programs.
QString idText(qint64 id)
{
    return QString::number(id);
}

QJsonObject factsOf(const ReplyFacts& facts)
{
    QJsonObject object;
    const auto add = [&object](const char* name, const QJsonValue& value, bool worth) {
        if (worth)
            object.insert(QLatin1String(name), value);
    };
    add("model", facts.model, !facts.model.isEmpty());
    add("promptTokens", qint64(facts.promptTokens), facts.promptTokens > 0);
    add("cachedTokens", qint64(facts.cachedTokens), facts.cachedTokens > 0);
    add("replyTokens", qint64(facts.replyTokens), facts.replyTokens > 0);
    add("tokensPerSecond", facts.tokensPerSecond, facts.tokensPerSecond != 0);
    add("secondsToFirst", facts.secondsToFirst, facts.secondsToFirst != 0);
    add("queueSeconds", facts.queueSeconds, facts.queueSeconds != 0);
    add("details", embedJson(facts.details), !facts.details.isEmpty());
    return object;
}

QJsonObject objectOf(const MessageRecord& message)
{
    QJsonObject object{{"id", idText(message.id)},
                       {"role", message.role == Role::User ? "user" : "assistant"},
                       {"created", message.created},
                       {"text", message.text}};
    if (message.parent != 0)
        object["parent"] = idText(message.parent);
    if (message.state != MessageState::Complete)
        object["state"] = QLatin1String(kStateNames[std::size_t(message.state)]);
    if (!message.error.isEmpty())
        object["error"] = message.error;
    if (!message.attachments.isEmpty())
        object["attachments"] = embedJson(message.attachments);
    if (const QJsonObject facts = factsOf(message.facts); !facts.isEmpty())
        object["facts"] = facts;
    return object;
}

QJsonObject objectOf(const ExchangedChat& chat, ExchangeProgress& progress)
{
    const ConversationRecord& record = chat.conversation;
    QJsonArray messages;
    for (const MessageRecord& message : chat.messages) {
        messages.append(objectOf(message));
        ++progress.done;
    }
    QJsonObject object{{"id", idText(record.id)},     {"title", record.title},
                       {"created", record.created},   {"lastActivity", record.lastActivity},
                       {"hue", qint64(record.hue)},   {"contextUsed", qint64(record.contextUsed)},
                       {"leaf", idText(record.leaf)}, {"messages", messages}};
    if (record.folder != 0)
        object["folder"] = idText(record.folder);
    if (record.pinned)
        object["pinned"] = true;
    if (!record.draft.isEmpty())
        object["draft"] = record.draft;
    if (!record.settings.isEmpty())
        object["settings"] = embedJson(record.settings);
    return object;
}

QByteArray folderList(const QList<FolderRecord>& folders)
{
    QJsonArray array;
    for (const FolderRecord& folder : folders)
        array.append(QJsonObject{{"id", idText(folder.id)},
                                 {"name", folder.name},
                                 {"position", folder.position},
                                 {"collapsed", folder.collapsed}});
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

} // namespace

bool writeChatsJson(const ExchangedChats& chats, QIODevice& device, ExchangeProgress& progress)
{
    const auto write = [&device](const QByteArray& bytes) { return device.write(bytes) == bytes.size(); };
    QByteArray head("{\"format\":\"");
    head += kChatsFormat;
    head += "\",\"version\":" + QByteArray::number(kChatsVersion) + ",\"exported\":\"" +
            QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toLatin1() +
            "\",\"folders\":" + folderList(chats.folders) + ",\n\"chats\":[";
    if (!write(head))
        return false;
    const char* separator = "\n";
    for (const ExchangedChat& chat : chats.chats) {
        if (progress.cancelled ||
            !write(separator + QJsonDocument(objectOf(chat, progress)).toJson(QJsonDocument::Compact)))
            return false;
        separator = ",\n";
    }
    return write("\n]}\n");
}

} // namespace vitrine::ui
