// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chats_json_reader.h"

#include <algorithm>
#include <cmath>

#include <QJsonArray>
#include <QSet>

#include "ui/exchange/chats_json.h"

namespace vitrine::ui {
namespace {

constexpr quint32 kHighestHue = 1'000'000;

qint64 idOf(const QJsonValue& value)
{
    return std::max<qint64>(0, value.isString() ? value.toString().toLongLong() : value.toInteger());
}

quint32 countOf(const QJsonValue& value)
{
    return quint32(std::clamp<qint64>(value.toInteger(), 0, std::numeric_limits<qint32>::max()));
}

double secondsOf(const QJsonValue& value)
{
    const double seconds = value.toDouble();
    return std::isfinite(seconds) && seconds > 0 ? seconds : 0;
}

MessageState stateOf(const QString& name)
{
    const auto found = std::ranges::find(kStateNames, name);
    return found == kStateNames.end() ? MessageState::Complete : MessageState(found - kStateNames.begin());
}

ReplyFacts factsOf(const QJsonObject& object)
{
    ReplyFacts facts;
    facts.model = object["model"].toString();
    facts.promptTokens = countOf(object["promptTokens"]);
    facts.cachedTokens = countOf(object["cachedTokens"]);
    facts.replyTokens = countOf(object["replyTokens"]);
    facts.tokensPerSecond = secondsOf(object["tokensPerSecond"]);
    facts.secondsToFirst = secondsOf(object["secondsToFirst"]);
    facts.queueSeconds = secondsOf(object["queueSeconds"]);
    facts.details = extractJson(object["details"]);
    return facts;
}

MessageRecord messageOf(const QJsonObject& object)
{
    MessageRecord message;
    message.id = idOf(object["id"]);
    message.parent = idOf(object["parent"]);
    message.role = object["role"].toString() == QLatin1String("user") ? Role::User : Role::Assistant;
    message.state = stateOf(object["state"].toString());
    message.created = object["created"].toInteger();
    message.text = object["text"].toString();
    message.error = object["error"].toString();
    message.attachments = extractJson(object["attachments"]);
    message.facts = factsOf(object["facts"].toObject());
    return message;
}

bool isMessage(const QJsonObject& object)
{
    const QString role = object["role"].toString();
    return idOf(object["id"]) > 0 && object["text"].isString() &&
           (role == QLatin1String("user") || role == QLatin1String("assistant"));
}

/// The first one above that is not missing; 0 in a circle. Ways are shortened, so that each is gone once.
qint64 nearestRead(qint64 parent, QHash<qint64, qint64>& missing)
{
    QList<qint64> way;
    for (; missing.contains(parent) && way.size() <= missing.size(); parent = missing.value(parent))
        way.append(parent);
    if (missing.contains(parent))
        parent = 0;
    for (const qint64 id : way)
        missing[id] = parent;
    return parent;
}

} // namespace

void ChatsJsonReader::readMember(const QByteArray& key, const QJsonValue& value)
{
    if (key == "format")
        m_format = value.toString();
    else if (key == "version")
        m_version = value.toInteger();
}

void ChatsJsonReader::readFolder(const QJsonObject& object)
{
    if (idOf(object["id"]) > 0 && m_log.result.contents.folders.size() < m_log.limits.chats)
        m_log.result.contents.folders.append({idOf(object["id"]), object["name"].toString(),
                                              object["position"].toInteger(), object["collapsed"].toBool()});
}

void ChatsJsonReader::readChat(const QJsonObject& object)
{
    if (!object["messages"].isArray()) {
        m_log.leaveOutChat(ImportLog::tr("it has no list of messages."));
        return;
    }
    ExchangedChat chat;
    ConversationRecord& record = chat.conversation;
    record.id = idOf(object["id"]);
    record.title = object["title"].toString();
    record.folder = idOf(object["folder"]);
    record.pinned = object["pinned"].toBool();
    record.hue = std::min(countOf(object["hue"]), kHighestHue);
    record.created = object["created"].toInteger();
    record.lastActivity = object["lastActivity"].toInteger();
    record.leaf = idOf(object["leaf"]);
    record.contextUsed = countOf(object["contextUsed"]);
    record.draft = object["draft"].toString();
    record.settings = extractJson(object["settings"]);
    chat.messages = readMessages(object["messages"].toArray());
    m_log.take(std::move(chat));
}

/// What follows a message that cannot be read follows the one before it.
QList<MessageRecord> ChatsJsonReader::readMessages(const QJsonArray& array)
{
    QList<MessageRecord> messages;
    QHash<qint64, qint64> missing; // to their parents
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        if (isMessage(object)) {
            messages.append(messageOf(object));
            continue;
        }
        m_log.leaveOutMessage(ImportLog::tr("a message without id, role or text was left out."));
        if (const qint64 id = idOf(object["id"]); id > 0)
            missing.insert(id, idOf(object["parent"]));
    }
    for (MessageRecord& message : messages)
        message.parent = nearestRead(message.parent, missing);
    return messages;
}

void ChatsJsonReader::finish()
{
    ExchangedChats& contents = m_log.result.contents;
    if (m_format != QLatin1String(kChatsFormat)) {
        m_log.result.error =
            ImportLog::tr("This is JSON, but neither chats of Vitrine nor conversations.json of "
                          "ChatGPT.");
    } else if (m_version > kChatsVersion) {
        m_log.result.error = ImportLog::tr("A later version of Vitrine wrote this file. Import it with that "
                                           "version.");
    } else if (m_version < 1) {
        m_log.result.error =
            ImportLog::tr("The file does not say which version of the format it has; \"version\" "
                          "should be 1.");
    }
    QSet<qint64> used;
    for (const ExchangedChat& chat : contents.chats)
        used.insert(chat.conversation.folder);
    QSet<qint64> known;
    contents.folders.removeIf([&](const FolderRecord& folder) {
        if (folder.name.isEmpty() || !used.contains(folder.id) || known.contains(folder.id))
            return true;
        known.insert(folder.id);
        return false;
    });
    for (ExchangedChat& chat : contents.chats) {
        if (!known.contains(chat.conversation.folder))
            chat.conversation.folder = 0;
    }
}

} // namespace vitrine::ui
