// SPDX-License-Identifier: GPL-3.0-or-later
// What a search in the chats found: titles at once, texts of messages as soon as the store thread answers.
// Results of an older query never replace those of a newer one. Thread: UI.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QBasicTimer>
#include <QPointer>

#include "ui/chat/conversation_store.h"
#include "ui/store/chat_archive.h"

namespace vitrine::ui {

/// A stretch of a text that matches.
struct MatchRange
{
    int start = 0;
    int length = 0;
    bool operator==(const MatchRange&) const = default;
};

class SearchResults : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        KindRole = Qt::UserRole + 1, ///< Kind
        ConversationRole,            ///< ConversationId
        MessageRole,                 ///< MessageId; none for a title
        NumberRole,                  ///< for the hue, qulonglong
        KvRole,                      ///< as ConversationList::KvRole
        SnippetRole,                 ///< of a message's text
        MatchesRole,                 ///< QList<MatchRange> in the title, or the snippet of a message
    };
    enum class Kind { Heading, Title, Message };
    Q_ENUM(Kind)

    static constexpr int kPause = 120; ///< ms without a further key until texts are searched
    static constexpr int kMostTitles = 20;
    static constexpr int kMostMessages = 100;

    explicit SearchResults(ConversationStore& store, QObject* parent = nullptr);

    /// Where the texts are; none: titles alone.
    void setArchive(ChatArchive* archive);
    void setQuery(const QString& query);
    const QString& query() const { return m_query; }
    bool isSearching() const { return m_pause.isActive() || m_ticket != 0; }
    QModelIndex firstResult() const; ///< invalid when there is none

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    /// Rows are others now, or the search has ended.
    void updated();

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    struct Row
    {
        Kind kind = Kind::Heading;
        ConversationId conversation;
        MessageId message;
        QString text; // a heading, or a snippet
        QList<MatchRange> matches;
    };

    void findTitles();
    void searchTexts();
    void onSearched(quint64 ticket, const QList<SearchHit>& hits);
    void drop(ConversationId id);
    void rebuild();
    QVariant resultData(const Row& row, const Conversation& conversation, int role) const;

    ConversationStore& m_store;
    QPointer<ChatArchive> m_archive;
    QBasicTimer m_pause;
    QString m_query;
    quint64 m_ticket = 0; // of the search whose answer is awaited
    std::vector<Row> m_titles, m_messages, m_rows;
};

/// Where the words of a query occur in a text, in order, not overlapping; empty unless every word occurs.
QList<MatchRange> matchesOf(const QString& query, const QString& text);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::MatchRange)
