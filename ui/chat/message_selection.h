// SPDX-License-Identifier: GPL-3.0-or-later
// What is selected in a MessageView, over messages, and the text of it. Values; any thread.
#pragma once

#include <utility>
#include <vector>

#include <QSet>
#include <QString>

#include "ui/chat/markdown/text_position.h"
#include "ui/chat/message.h"

namespace vitrine::ui {

struct ViewPosition
{
    int entry = -1; ///< which message
    ItemPosition at;
    auto operator<=>(const ViewPosition&) const = default;
};

class MessageSelection
{
public:
    void clear() { *this = {}; }
    void start(const ViewPosition& position) { m_anchor = m_cursor = position; }
    void extend(const ViewPosition& position);
    void set(const ViewPosition& anchor, const ViewPosition& cursor);
    /// Messages from `size` on are gone.
    void truncate(int size);

    bool isEmpty() const { return m_anchor == m_cursor || m_anchor.entry < 0; }
    bool hasAnchor() const { return m_anchor.entry >= 0; }
    const ViewPosition& cursor() const { return m_cursor; } ///< the end that moves
    const ViewPosition& from() const { return m_anchor < m_cursor ? m_anchor : m_cursor; }
    const ViewPosition& to() const { return m_anchor < m_cursor ? m_cursor : m_anchor; }
    /// Of one message; two equal positions: nothing.
    std::pair<ItemPosition, ItemPosition> part(int entry) const;

private:
    ViewPosition m_anchor, m_cursor;
};

/// One message of a copy. `ready` is its text where that is known already, else it is parsed from `source`.
struct CopiedMessage
{
    QString ready;
    QString source;
    Role role = Role::User;
    ItemPosition from, to;
    QSet<int> unfolded; ///< sections of thinking that are copied as well
};

/// Messages parted by blank lines.
QString copiedMessages(const std::vector<CopiedMessage>& messages);

} // namespace vitrine::ui
