// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of a conversation, painted by itself: only what is on screen is laid out, and while a reply
// streams only its last block is laid out again. It follows the end while the end is in sight, and stays
// where it is otherwise. Thread: UI.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QPointer>

#include "ui/chat/conversation.h"
#include "ui/chat/message_item.h"

class QPushButton;

namespace vitrine::ui {

class Theme;

class MessageView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit MessageView(const Theme& theme, QWidget* parent = nullptr);
    ~MessageView() override;

    void setConversation(Conversation* conversation);
    void setNarrow(bool narrow);
    void scrollToEnd();
    /// The message at this place of the shown branch comes into sight, its beginning first.
    void showMessage(int index);

    bool isAtEnd() const { return m_followsEnd; }
    QString selectedText() const;
    void selectAll();
    void copySelection() const;

signals:
    void linkActivated(const QString& target);

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

private:
    struct Entry
    {
        std::unique_ptr<MessageItem> item;
        qreal y = 0;
    };
    /// A spot of an entry.
    struct SpotRef
    {
        int entry = -1;
        int spot = -1;
        bool operator==(const SpotRef&) const = default;
    };

    void onMessageAdded(int index);
    void onPathChanged(int from);
    void onTextAppended(int index, const QString& delta);
    void onMessageChanged(int index);
    void restyle();
    void stack();
    void layOutVisible();
    void updateScrollBar();
    void placeJumpButton();
    void announce(const Message& message);

    qreal columnLeft() const;
    qreal columnWidth() const;
    qreal scroll() const;
    int entryAt(qreal y) const; ///< the one at or above y, -1 when there is none
    SpotRef spotAt(const QPointF& viewportPoint) const;
    std::optional<ItemSpot> resolve(const SpotRef& ref) const;
    std::vector<SpotRef> visibleSpots() const;
    void activate(const SpotRef& ref);
    void beginSelection(int entry, const QPointF& point, bool extend);
    void selectWord();
    std::pair<ItemPosition, ItemPosition> selection() const; ///< in order
    QPointF toItem(int entry, const QPointF& viewportPoint) const;

    const Theme& m_theme;
    MessageStyle m_style;
    QPointer<Conversation> m_conversation;
    std::vector<Entry> m_entries;
    QPushButton* m_jump = nullptr;
    QBasicTimer m_turnTimer; // turns the arc of a running reply
    double m_turn = 0;
    qreal m_contentHeight = 0;
    int m_generation = 0; // counts changes of width and style
    bool m_narrow = false;
    bool m_followsEnd = true;
    bool m_layingOut = false;

    int m_selected = -1; // entry of the selection
    ItemPosition m_anchor, m_cursor;
    bool m_selecting = false;
    SpotRef m_hovered, m_focusedSpot, m_pressed;
};

} // namespace vitrine::ui
