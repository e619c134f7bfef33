// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of a conversation, painted by itself. Only what is near the window is parsed and laid out, the
// rest has estimated heights; while a reply streams only its last block is laid out again. It follows the end
// while the end is in sight; otherwise what is in sight stays where it is. Thread: UI.
//
// Invariants: m_stack has one height for each message; m_items has those near the window, and that of the
// reply that is being written.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QElapsedTimer>
#include <QPointer>

#include "ui/chat/conversation.h"
#include "ui/chat/message_finder.h"
#include "ui/chat/message_images.h"
#include "ui/chat/message_item.h"
#include "ui/chat/message_selection.h"
#include "ui/chat/message_stack.h"
#include "ui/chat/unread_turns.h"

class QPushButton;

namespace vitrine::ui {

class FindBar;
class Theme;

/// A token of the reply at this place of the shown branch.
struct TokenRef
{
    int entry = -1;
    int token = -1;
    bool operator==(const TokenRef&) const = default;
};

class MessageView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit MessageView(const Theme& theme, QWidget* parent = nullptr);
    ~MessageView() override;

    void setConversation(Conversation* conversation);
    void setNarrow(bool narrow);
    /// Of the column of text; a wider pane has margins.
    static int widestColumn(const Theme& theme);
    void scrollToEnd();
    /// The message at this place of the shown branch comes into sight, its beginning first.
    void showMessage(int index);

    bool isAtEnd() const { return m_followsEnd; }

    QString selectedText() const;
    void selectAll();
    /// A long selection is put together on another thread and is on the clipboard a moment later.
    void copySelection();

    /// What is offered for a message beside Copy; asked again after each change and by refreshActions().
    void setActionsOf(std::function<MessageActions(int index)> actionsOf);
    void refreshActions();
    /// Shows the card under a reply that says where its time went, or takes it away.
    void setBreakdown(int index, const std::optional<ReplyBreakdown>& breakdown);
    /// How long a thought took, where the view did not see it come.
    void setThought(int index, const ThoughtFigures& figures);
    /// A line stands below these turns: the model does not read them any more.
    void setUnread(const UnreadTurns& unread);
    const UnreadTurns& unread() const { return m_unread; }

    /// Tints the tokens of replies by how improbable they were, where that was recorded.
    void setTinted(bool tinted);
    bool isTinted() const { return m_tokens.tinted; }
    /// The token that the keys and whoever explains it are at.
    const TokenRef& currentToken() const { return m_tokens.current; }
    void setCurrentToken(const TokenRef& ref);
    void showToken(const TokenRef& ref);
    /// The keys go from token to token, beginning with the current one.
    void focusToken();
    /// It is outlined without the focus, too.
    void setTokenHeld(bool held);
    /// On the viewport; empty where it is not laid out.
    QRect tokenRect(const TokenRef& ref) const;

    /// The bar over the messages, with the focus in it; the selection is what it looks for.
    void openFind();
    void closeFind();
    void setFind(const FindPattern& pattern);
    void findNext();
    void findPrevious();
    /// The match it stands at, from 1; 0: none.
    int currentMatch() const { return m_currentMatch + 1; }
    const MessageFinder& finder() const { return m_finder; }

    /// Messages that are parsed at the moment.
    std::size_t keptItems() const { return m_items.size(); }

public slots:
    /// Messages from `from` on are others now.
    void onPathChanged(int from);

signals:
    void linkActivated(const QString& target);
    /// Copy is answered by the view itself.
    void actionRequested(int index, vitrine::ui::MessageAction action);
    void breakdownClosed(int index); ///< by the person
    void findChanged();
    void tokenHovered(const vitrine::ui::TokenRef& ref); ///< none: the pointer left
    /// What else could have come is wanted: a click, Enter, Down.
    void tokenActivated(const vitrine::ui::TokenRef& ref);
    void currentTokenChanged(const vitrine::ui::TokenRef& ref);
    void contentsMoved(); ///< perhaps
    /// The first thought of a reply ended while the view watched: for whoever keeps it, see setThought().
    void thoughtMeasured(int index, const vitrine::ui::ThoughtFigures& figures);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void timerEvent(QTimerEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// A spot of an entry.
    struct SpotRef
    {
        int entry = -1;
        int spot = -1;
        bool operator==(const SpotRef&) const = default;
    };
    /// What is to stay where it is while heights change.
    struct Anchor
    {
        int entry = -1;
        std::optional<std::size_t> block;
        qreal offset = 0; // of its top from the window's
    };

    void connectFind();

    // Conversation.
    void onMessageAdded(int index);
    void onTextAppended(int index, const QString& delta);
    void onMessageChanged(int index);
    void measureThought(int index);
    void recallThought(int entry);
    void announce(const Message& message);
    void turnArc();

    // Geometry.
    void restyle();
    void layOutVisible();
    bool layOutOnce();
    void stackNewMessages();
    void estimateAll();
    qreal guessedHeight(int entry) const;
    void syncHeight(int entry);
    Anchor takeAnchor() const;
    void hold(const Anchor& anchor);
    void dropFarItems();
    void updateScrollBar();
    void placeJumpButton();
    void placeFindBar();
    int count() const { return int(m_stack.size()); }
    MessageItem& itemAt(int entry); ///< made when it is not there
    MessageItem* liveItem(int entry) const;
    ItemState stateOf(int entry) const;
    void stateChanged(int entry);
    qreal columnLeft() const;
    qreal columnWidth() const;
    qreal scroll() const;
    qreal top(int entry) const;
    int entryAt(qreal y) const; ///< the one at or above y, -1 when there is none
    QPointF toItem(int entry, const QPointF& viewportPoint) const;
    void paintEntry(QPainter& painter, int entry, const QRectF& dirty);
    std::vector<ItemMark> marksOf(int entry) const;
    qreal unreadRow(int entry) const;
    QString unreadText() const;
    void paintUnread(QPainter& painter, const QRectF& dirty) const;

    // Spots.
    SpotRef spotAt(const QPointF& viewportPoint) const;
    std::optional<ItemSpot> resolve(const SpotRef& ref) const;
    std::vector<SpotRef> visibleSpots() const;
    void activate(const SpotRef& ref);
    void act(int entry, const ItemSpot& spot);
    void showAttachment(int entry, int attachment);
    void toggleThought(int entry, int thought);
    void copyReply(int entry, const QRectF& spot);
    void hover(const QPointF& viewportPoint);
    QString nameOf(int entry, const ItemSpot& spot) const;
    void tellFocusedSpot();
    void showToolTip(const QPoint& viewportPoint, const QPoint& globalPoint);

    // Tokens.
    bool tint(int entry, MessageItem& item);
    TokenRef tokenAt(const QPointF& viewportPoint) const;
    TokenRef tokenForKeys() const;
    bool stepToken(int by);
    void leaveTokens();
    bool answerTokenKey(QKeyEvent* event);
    void unfold(int entry, int thought);
    void tellToken();

    // Selection.
    ViewPosition positionAt(const QPointF& viewportPoint) const;
    void dragTo(const QPointF& viewportPoint);
    void scrollWhileDragging();
    void selectWord(const ViewPosition& at);
    void selectPiece(const ViewPosition& at);
    bool answerSelectionKey(QKeyEvent* event);
    ViewPosition caret();
    ViewPosition beside(const ViewPosition& at, bool forward, bool word);
    ViewPosition onNextLine(const ViewPosition& at, bool forward);
    ViewPosition atLineEdge(const ViewPosition& at, bool end);
    QRectF caretRect(const ViewPosition& at);
    void showCaret();
    std::vector<CopiedMessage> selectedMessages() const;

    // Find.
    void findAgain();
    void onFound();
    void goToMatch(int match);
    void showMatch(const FindMatch& match);
    int firstMatchInSight() const;

    const Theme& m_theme;
    MessageStyle m_style;
    MessageImages m_images;
    QPointer<Conversation> m_conversation;
    MessageStack m_stack; // heights of messages with the gap below
    std::map<int, std::unique_ptr<MessageItem>> m_items;
    std::map<int, ItemState> m_states; // where it is not the usual
    UnreadTurns m_unread;
    std::function<MessageActions(int)> m_actionsOf;
    QPushButton* m_jump = nullptr;
    QBasicTimer m_turnTimer; // turns the arc of a running reply
    QElapsedTimer m_sinceText;
    double m_turn = 0;
    int m_generation = 0; // counts changes of width and style
    int m_estimatedFor = -1;
    bool m_narrow = false;
    bool m_followsEnd = true;
    bool m_layingOut = false;

    MessageSelection m_selection;
    QBasicTimer m_dragTimer; // scrolls while a drag is beyond the edge
    QPointF m_dragPoint;
    bool m_selecting = false;
    std::optional<qreal> m_caretX; // where keys that go from line to line began
    QElapsedTimer m_sinceDoubleClick;
    QPointF m_doubleClickPoint;
    SpotRef m_hovered, m_focusedSpot, m_pressed;
    int m_hoveredEntry = -1;

    struct TokenState
    {
        bool tinted = false;
        TokenRef current, hovered, pressed;
        bool focused = false; // the keys go from token to token
        bool held = false;
    };
    TokenState m_tokens;

    MessageFinder m_finder;
    FindBar* m_findBar = nullptr;
    QBasicTimer m_findTimer; // looks again into a reply that grows
    int m_currentMatch = -1;
};

} // namespace vitrine::ui
