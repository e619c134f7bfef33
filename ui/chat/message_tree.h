// SPDX-License-Identifier: GPL-3.0-or-later
// All turns of a conversation: each follows another, several may follow the same one (versions), and one path
// from the first turn to a leaf is shown. Thread: UI.
//
// Invariants: a message's parent is in the tree (or none: it opens the conversation); the path follows, from
// each message on it, the child chosen last; it ends in a message without children.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "ui/chat/message.h"

namespace vitrine::ui {

/// The shown turns, first to last. Valid until the tree changes.
class MessagePath
{
public:
    class Iterator
    {
    public:
        using value_type = Message;
        using difference_type = std::ptrdiff_t;
        using reference = const Message&;
        using pointer = const Message*;
        using iterator_category = std::bidirectional_iterator_tag;

        Iterator() = default;
        explicit Iterator(Message* const* at) : m_at(at) {}
        reference operator*() const { return **m_at; }
        pointer operator->() const { return *m_at; }
        Iterator& operator++()
        {
            ++m_at;
            return *this;
        }
        Iterator operator++(int) { return Iterator(m_at++); }
        Iterator& operator--()
        {
            --m_at;
            return *this;
        }
        Iterator operator--(int) { return Iterator(m_at--); }
        bool operator==(const Iterator&) const = default;

    private:
        Message* const* m_at = nullptr;
    };

    explicit MessagePath(const std::vector<Message*>& messages) : m_messages(messages) {}

    std::size_t size() const { return m_messages.size(); }
    bool empty() const { return m_messages.empty(); }
    const Message& operator[](std::size_t index) const { return *m_messages[index]; }
    const Message& back() const { return *m_messages.back(); }
    Iterator begin() const { return Iterator(m_messages.data()); }
    Iterator end() const { return Iterator(m_messages.data() + m_messages.size()); }
    auto rbegin() const { return std::make_reverse_iterator(end()); }
    auto rend() const { return std::make_reverse_iterator(begin()); }

private:
    const std::vector<Message*>& m_messages;
};

/// Which of the turns that follow the same one this is.
struct VersionPosition
{
    int position = 1; ///< from 1
    int count = 1;

    bool operator==(const VersionPosition&) const = default;
};

class MessageTree
{
public:
    MessageTree();
    ~MessageTree();

    MessagePath path() const { return MessagePath(m_path); }
    const Message* find(MessageId id) const;
    Message* find(MessageId id);
    std::size_t size() const { return m_nodes.size(); }
    int indexOf(MessageId id) const; ///< on the path; -1: not shown
    MessageId leaf() const;          ///< none when empty

    /// Below `message.parent`, the last of its versions. The path takes it where its parent is the leaf.
    /// A parent that is not there (a salvaged file) counts as none. REQUIRES: an id that is new.
    Message& add(Message message);
    /// The path goes through this message from now on, and on as it last did. Returns the first index that
    /// is another now (the length of the path when none is).
    int choose(MessageId id);
    VersionPosition versions(MessageId id) const;
    /// The version `offset` places further; none beyond the ends.
    MessageId version(MessageId id, int offset) const;
    /// Removes a message and all that follows it, and returns them so that add() in this order brings them
    /// back. The path goes on with the nearest version, or ends above.
    std::vector<Message> take(MessageId id);
    std::vector<MessageId> children(MessageId id) const; ///< of none: what opens the conversation
    std::vector<const Message*> all() const;             ///< by id: parents before children

    void checkInvariants() const;

private:
    struct Node;

    Node& node(MessageId id) const;
    void follow(std::size_t from);

    std::unique_ptr<Node> m_root;
    std::unordered_map<MessageId, std::unique_ptr<Node>> m_nodes;
    std::vector<Message*> m_path;
};

} // namespace vitrine::ui
