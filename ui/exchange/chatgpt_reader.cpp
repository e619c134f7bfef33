// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chatgpt_reader.h"

#include <vector>

#include <QHash>
#include <QJsonArray>

#include "ui/exchange/chatgpt_message.h"

namespace vitrine::ui {
namespace {

constexpr std::size_t kNone = std::size_t(-1);

/// The nodes of `mapping`. Links may be missing, contradict each other or form circles.
class NodeTree
{
public:
    explicit NodeTree(const QJsonObject& mapping)
    {
        for (auto it = mapping.begin(); it != mapping.end(); ++it) {
            m_index.insert(it.key(), m_nodes.size());
            m_nodes.push_back({it.value().toObject(), kNone, {}, false});
        }
        link();
    }

    std::size_t find(const QString& id) const { return m_index.value(id, kNone); }
    std::size_t parent(std::size_t node) const { return m_nodes[node].parent; }
    const QJsonObject& object(std::size_t node) const { return m_nodes[node].object; }
    std::size_t size() const { return m_nodes.size(); }

    /// All nodes, parents first, siblings as their parent lists them.
    std::vector<std::size_t> order()
    {
        std::vector<std::size_t> result;
        for (std::size_t node = 0; node < m_nodes.size(); ++node) {
            if (m_nodes[node].parent == kNone)
                visit(node, result);
        }
        for (std::size_t node = 0; node < m_nodes.size(); ++node) {
            if (!m_nodes[node].visited) { // a circle
                m_nodes[node].parent = kNone;
                visit(node, result);
            }
        }
        return result;
    }

private:
    struct Node
    {
        QJsonObject object;
        std::size_t parent = kNone;
        std::vector<std::size_t> children;
        bool visited = false;
    };

    /// A node's own word about its parent counts; its parent's list decides the order.
    void link()
    {
        for (Node& node : m_nodes)
            node.parent = find(node.object["parent"].toString());
        std::vector<bool> listed(m_nodes.size(), false);
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            for (const QJsonValue& value : m_nodes[i].object["children"].toArray()) {
                const std::size_t child = find(value.toString());
                if (child == kNone || listed[child])
                    continue;
                if (m_nodes[child].parent == kNone && child != i)
                    m_nodes[child].parent = i;
                if (m_nodes[child].parent != i)
                    continue;
                listed[child] = true;
                m_nodes[i].children.push_back(child);
            }
        }
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            if (!listed[i] && m_nodes[i].parent != kNone)
                m_nodes[m_nodes[i].parent].children.push_back(i);
        }
    }

    void visit(std::size_t first, std::vector<std::size_t>& result)
    {
        std::vector<std::size_t> waiting{first};
        while (!waiting.empty()) {
            const std::size_t node = waiting.back();
            waiting.pop_back();
            if (m_nodes[node].visited)
                continue;
            m_nodes[node].visited = true;
            result.push_back(node);
            const auto& children = m_nodes[node].children;
            waiting.insert(waiting.end(), children.rbegin(), children.rend());
        }
    }

    QHash<QString, std::size_t> m_index;
    std::vector<Node> m_nodes;
};

/// Turns out of nodes: what is not shown is passed over, a reply in several parts becomes one.
class TurnBuilder
{
public:
    TurnBuilder(NodeTree& nodes, ImportLog& log) : m_nodes(nodes), m_log(log), m_turns(nodes.size(), 0) {}

    void build()
    {
        const std::vector<std::size_t> order = m_nodes.order();
        for (const std::size_t node : order)
            read(node);
        std::vector<int> followers(std::size_t(m_messages.size()) + 1, 0);
        for (const MessageRecord& message : m_messages)
            ++followers[std::size_t(message.parent)];
        join(followers);
    }

    /// Of the turn that a node became, or of the nearest above it; 0: none.
    qint64 turnOf(std::size_t node) const { return node == kNone ? 0 : joined(m_turns[node]); }
    QList<MessageRecord> take() { return std::move(m_kept); }

private:
    void read(std::size_t node)
    {
        const std::size_t parent = m_nodes.parent(node);
        const qint64 above = parent == kNone ? 0 : m_turns[parent];
        m_turns[node] = above;
        const QJsonValue value = m_nodes.object(node)["message"];
        if (!value.isObject()) {
            if (!value.isNull() && !value.isUndefined())
                m_log.leaveOutMessage(ImportLog::tr("a turn that is not of the expected form was left out."));
            return;
        }
        MessageRecord message = chatGptMessage(value.toObject());
        if (message.text.isEmpty())
            return;
        message.id = m_messages.size() + 1;
        message.parent = above;
        m_turns[node] = message.id;
        m_messages.append(std::move(message));
    }

    /// A turn joins the one it follows where both are of one side and nothing else follows.
    void join(const std::vector<int>& followers)
    {
        m_joined.resize(std::size_t(m_messages.size()) + 1, 0);
        QHash<qint64, qsizetype> places;
        for (MessageRecord& message : m_messages) {
            const bool alone = message.parent != 0 && followers[std::size_t(message.parent)] == 1;
            const qint64 above = joined(message.parent);
            MessageRecord* before = alone ? &m_kept[places.value(above)] : nullptr;
            if (before != nullptr && before->role == message.role) {
                m_joined[std::size_t(message.id)] = above;
                before->text += QLatin1String("\n\n") + message.text;
                before->state = message.state;
                continue;
            }
            m_joined[std::size_t(message.id)] = message.id;
            message.parent = above;
            places.insert(message.id, m_kept.size());
            m_kept.append(std::move(message));
        }
    }

    qint64 joined(qint64 turn) const { return m_joined[std::size_t(turn)]; }

    NodeTree& m_nodes;
    ImportLog& m_log;
    std::vector<qint64> m_turns; // by node
    QList<MessageRecord> m_messages, m_kept;
    std::vector<qint64> m_joined; // by turn
};

} // namespace

void readChatGptConversation(const QJsonObject& object, ImportLog& log)
{
    if (!object["mapping"].isObject()) {
        log.leaveOutChat(
            ImportLog::tr("it is not of the form of a ChatGPT conversation: \"mapping\" is missing."));
        return;
    }
    NodeTree nodes(object["mapping"].toObject());
    TurnBuilder turns(nodes, log);
    turns.build();
    ExchangedChat chat;
    chat.conversation.title = object["title"].toString().simplified();
    chat.conversation.hue = quint32(log.result.contents.chats.size()); // one after the other
    chat.conversation.created = chatGptTime(object["create_time"]);
    chat.conversation.lastActivity = chatGptTime(object["update_time"]);
    chat.conversation.leaf = turns.turnOf(nodes.find(object["current_node"].toString()));
    chat.messages = turns.take();
    log.take(std::move(chat));
}

} // namespace vitrine::ui
