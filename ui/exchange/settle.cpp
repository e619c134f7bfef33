// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/settle.h"

#include <algorithm>
#include <vector>

#include <QCryptographicHash>
#include <QHash>

#include "ui/chat/attachment.h"

namespace vitrine::ui {
namespace {

/// Places of the messages, parents first.
class Order
{
public:
    explicit Order(const QList<MessageRecord>& messages)
        : m_messages(messages), m_states(messages.size(), New)
    {
        for (qsizetype i = 0; i < messages.size(); ++i) {
            if (messages[i].id != 0 && !m_byId.contains(messages[i].id))
                m_byId.insert(messages[i].id, i);
        }
    }

    const std::vector<qsizetype>& find()
    {
        for (qsizetype i = 0; i < m_messages.size(); ++i)
            place(i);
        return m_order;
    }

    qsizetype placeOf(qint64 id) const { return m_byId.value(id, -1); }

private:
    enum State : char { New, Waiting, Placed };

    void place(qsizetype first)
    {
        std::vector<qsizetype> waiting;
        for (qsizetype at = first; at >= 0 && m_states[std::size_t(at)] == New;
             at = placeOf(m_messages[at].parent)) {
            m_states[std::size_t(at)] = Waiting;
            waiting.push_back(at);
        }
        for (; !waiting.empty(); waiting.pop_back()) {
            m_states[std::size_t(waiting.back())] = Placed;
            m_order.push_back(waiting.back());
        }
    }

    const QList<MessageRecord>& m_messages;
    QHash<qint64, qsizetype> m_byId;
    std::vector<State> m_states;
    std::vector<qsizetype> m_order;
};

constexpr qint64 kLatestTime = 7'000'000'000'000; // ms: the year 2191

qint64 sensible(qint64 time)
{
    return time > 0 && time < kLatestTime ? time : 0;
}

void fillTimes(ExchangedChat& chat)
{
    ConversationRecord& record = chat.conversation;
    qint64 last = 0;
    record.created = sensible(record.created);
    record.lastActivity = sensible(record.lastActivity);
    for (MessageRecord& message : chat.messages) {
        message.created = sensible(message.created);
        if (record.created <= 0)
            record.created = message.created;
        last = std::max(last, message.created);
    }
    if (record.lastActivity <= 0)
        record.lastActivity = std::max(last, record.created);
    for (MessageRecord& message : chat.messages) {
        if (message.created == 0)
            message.created = message.parent > 0 ? chat.messages[message.parent - 1].created : record.created;
    }
}

} // namespace

void settle(ExchangedChat& chat)
{
    Order order(chat.messages);
    const std::vector<qsizetype>& places = order.find();
    std::vector<qint64> numbers(places.size(), 0);
    QList<MessageRecord> settled;
    settled.reserve(chat.messages.size());
    const qsizetype leaf = order.placeOf(chat.conversation.leaf);
    for (const qsizetype place : places) {
        MessageRecord message = std::move(chat.messages[place]);
        const qsizetype parent = order.placeOf(message.parent);
        message.parent = parent < 0 ? 0 : numbers[std::size_t(parent)]; // 0 too: a circle was opened
        message.id = settled.size() + 1;
        message.conversation = chat.conversation.id;
        if (isOpen(message.state))
            message.state = MessageState::Interrupted;
        numbers[std::size_t(place)] = message.id;
        settled.append(std::move(message));
    }
    chat.messages = std::move(settled);
    chat.conversation.leaf = leaf >= 0 ? numbers[std::size_t(leaf)] : chat.messages.size();
    chat.conversation.messages = quint32(chat.messages.size());
    fillTimes(chat);
}

QByteArray contentDigest(const QList<MessageRecord>& messages)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    QHash<qint64, qint64> places;
    const auto number = [&hash](qint64 value) {
        hash.addData(QByteArrayView(reinterpret_cast<const char*>(&value), sizeof value));
    };
    const auto text = [&](const QString& value) {
        number(value.size());
        hash.addData(QByteArrayView(reinterpret_cast<const char*>(value.utf16()), value.size() * 2));
    };
    for (const MessageRecord& message : messages) {
        places.insert(message.id, places.size() + 1);
        number(places.value(message.parent));
        number(qint64(message.role));
        number(message.created);
        text(message.text);
        text(attachmentsToJson(attachmentsFromJson(message.attachments)));
    }
    return hash.result();
}

} // namespace vitrine::ui
