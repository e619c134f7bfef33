// SPDX-License-Identifier: GPL-3.0-or-later
// Finds a text in all messages of a chat, on a thread of the pool: what it searches are parsed messages, not
// layouts, so that none has to come into sight. Matches arrive in order, a slice at a time. Thread: UI; no
// call waits.
//
// Invariant: matches() is ordered by message and place, and has at most kMaxMatches.
#pragma once

#include <span>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QString>

#include "ui/chat/markdown/block.h"
#include "ui/chat/markdown/text_position.h"
#include "ui/chat/message.h"

namespace vitrine::ui {

struct FindMatch
{
    int entry = 0; ///< which message
    ItemPosition at;
    int length = 0;
    bool operator==(const FindMatch&) const = default;
};

struct FindPattern
{
    QString text; ///< empty: nothing is looked for
    bool caseSensitive = false;
};

/// A message to look into.
struct FindText
{
    Role role = Role::User;
    QString text;
};

class MessageFinder : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kMaxMatches = 50'000;

    explicit MessageFinder(QObject* parent = nullptr);
    ~MessageFinder() override;

    /// `texts` are all messages of the chat.
    void search(const FindPattern& pattern, std::vector<FindText> texts);
    void stop();
    /// One message is other than it was.
    void searchAgain(int entry, const std::vector<Block>& blocks);
    /// Messages from `size` on are gone.
    void truncate(int size);

    const FindPattern& pattern() const { return m_pattern; }
    const std::vector<FindMatch>& matches() const { return m_matches; }
    std::span<const FindMatch> matchesOf(int entry) const;
    bool isSearching() const { return m_searching; }

signals:
    void changed();

private:
    using Slice = std::vector<FindMatch>;

    void take(int begin, int end);

    FindPattern m_pattern;
    std::vector<FindMatch> m_matches;
    QFutureWatcher<Slice> m_watcher;
    bool m_searching = false; // until all slices are taken
};

/// In one message. Any thread.
std::vector<FindMatch> findMatches(const FindPattern& pattern, int entry, const std::vector<Block>& blocks);

} // namespace vitrine::ui
