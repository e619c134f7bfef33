// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_tree.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::ui {

struct MessageTree::Node
{
    Message message;
    Node* parent = nullptr;
    std::vector<Node*> children; // oldest first
    Node* chosen = nullptr;      // of the children
    int depth = -1;              // of the root; its index, where it is on the path
};

MessageTree::MessageTree() : m_root(std::make_unique<Node>()) {}
MessageTree::~MessageTree() = default;

MessageTree::Node& MessageTree::node(MessageId id) const
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? *m_root : *found->second;
}

const Message* MessageTree::find(MessageId id) const
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? nullptr : &found->second->message;
}

Message* MessageTree::find(MessageId id)
{
    return const_cast<Message*>(std::as_const(*this).find(id));
}

int MessageTree::indexOf(MessageId id) const
{
    const auto found = m_nodes.find(id);
    if (found == m_nodes.end())
        return -1;
    const int depth = found->second->depth;
    return depth < int(m_path.size()) && m_path[std::size_t(depth)] == &found->second->message ? depth : -1;
}

MessageId MessageTree::leaf() const
{
    return m_path.empty() ? MessageId{} : m_path.back()->id;
}

Message& MessageTree::add(Message message)
{
    VT_CHECK(message.id != MessageId{} && find(message.id) == nullptr);
    Node& parent = node(message.parent);
    if (&parent == m_root.get())
        message.parent = {};
    auto made = std::make_unique<Node>();
    made->message = std::move(message);
    made->parent = &parent;
    made->depth = parent.depth + 1;
    Node& added = *made;
    // By age: a version that an undo brings back takes its old place.
    const auto place = std::ranges::upper_bound(parent.children, added.message.id, {},
                                                [](const Node* each) { return each->message.id; });
    parent.children.insert(place, &added);
    m_nodes.emplace(added.message.id, std::move(made));
    if (parent.chosen == nullptr) {
        parent.chosen = &added;
        if (parent.message.id == leaf())
            m_path.push_back(&added.message);
    }
    return added.message;
}

/// The path from index `from` on, as the choices say.
void MessageTree::follow(std::size_t from)
{
    m_path.resize(from);
    const Node* at = from == 0 ? m_root.get() : &node(m_path[from - 1]->id);
    while (at->chosen != nullptr) {
        at = at->chosen;
        m_path.push_back(&const_cast<Node*>(at)->message);
    }
}

int MessageTree::choose(MessageId id)
{
    VT_CHECK(find(id) != nullptr);
    Node* at = &node(id);
    int first = int(m_path.size());
    for (; at->parent != nullptr; at = at->parent) {
        if (at->parent->chosen != at || indexOf(at->message.id) < 0)
            first = std::min(first, at->depth);
        at->parent->chosen = at;
    }
    if (first < int(m_path.size()))
        follow(std::size_t(first));
    return first;
}

VersionPosition MessageTree::versions(MessageId id) const
{
    const Node& own = node(id);
    if (own.parent == nullptr)
        return {};
    const auto& all = own.parent->children;
    return {int(std::ranges::find(all, &own) - all.begin()) + 1, int(all.size())};
}

MessageId MessageTree::version(MessageId id, int offset) const
{
    const Node& own = node(id);
    if (own.parent == nullptr)
        return {};
    const auto& all = own.parent->children;
    const auto wanted = (std::ranges::find(all, &own) - all.begin()) + offset;
    return wanted >= 0 && wanted < std::ptrdiff_t(all.size()) ? all[std::size_t(wanted)]->message.id
                                                              : MessageId{};
}

std::vector<Message> MessageTree::take(MessageId id)
{
    VT_CHECK(find(id) != nullptr);
    Node& top = node(id);
    const int index = indexOf(id);
    auto& versions = top.parent->children;
    const auto place = std::size_t(std::ranges::find(versions, &top) - versions.begin());
    versions.erase(versions.begin() + std::ptrdiff_t(place));
    if (top.parent->chosen == &top)
        top.parent->chosen = versions.empty() ? nullptr : versions[std::min(place, versions.size() - 1)];

    std::vector<Node*> order{&top};
    for (std::size_t i = 0; i < order.size(); ++i)
        order.insert(order.end(), order[i]->children.begin(), order[i]->children.end());
    std::vector<Message> taken;
    for (Node* each : order) {
        taken.push_back(std::move(each->message));
        m_nodes.erase(taken.back().id);
    }
    if (index >= 0)
        follow(std::size_t(index));
    return taken;
}

std::vector<MessageId> MessageTree::children(MessageId id) const
{
    std::vector<MessageId> result;
    for (const Node* each : node(id).children)
        result.push_back(each->message.id);
    return result;
}

std::vector<const Message*> MessageTree::all() const
{
    std::vector<const Message*> result;
    for (const auto& [id, each] : m_nodes)
        result.push_back(&each->message);
    std::ranges::sort(result, {}, [](const Message* each) { return each->id; });
    return result;
}

void MessageTree::checkInvariants() const
{
    for (const auto& [id, each] : m_nodes) {
        VT_CHECK(each->message.id == id);
        VT_CHECK(each->parent == &node(each->message.parent));
        VT_CHECK(each->depth == each->parent->depth + 1);
        VT_CHECK(std::ranges::count(each->parent->children, each.get()) == 1);
        VT_CHECK((each->chosen == nullptr) == each->children.empty());
    }
    const Node* at = m_root.get();
    for (const Message* shown : m_path) {
        at = at->chosen;
        VT_CHECK(at != nullptr && &at->message == shown);
    }
    VT_CHECK(at->chosen == nullptr);
}

} // namespace vitrine::ui
