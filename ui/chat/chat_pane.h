// SPDX-License-Identifier: GPL-3.0-or-later
// One conversation on screen: header, messages (or the welcome of an empty chat), composer. It shows a
// conversation and forgets it again; replies belong to the ChatSession. Thread: UI.
#pragma once

#include <functional>

#include <QPointer>
#include <QWidget>

#include "ui/chat/chat_session.h"

class QPushButton;
class QStackedWidget;
class QToolButton;

namespace vitrine::ui {

class Composer;
class ContextGauge;
class ElidedLabel;
class HueDot;
class KeyBook;
class MessageView;
class PaneContext;
class SamplingPanel;
class Theme;
class TokenInspector;
class TokenPanel;
class TurnActions;
class TurnModeBar;
class WelcomeView;

class ChatPane : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kMinimumWidth = 300;

    ChatPane(ChatSession& session, const Theme& theme, QWidget* parent = nullptr);
    ~ChatPane() override;

    void setConversation(Conversation* conversation);
    Conversation* conversation() const { return m_conversation; }
    Composer& composer() const { return *m_composer; }
    MessageView& messages() const { return *m_messages; }
    TurnActions& turns() const { return *m_turns; }
    void showBranches();

    /// One of several panes: shows Close and, with the focus, the accent line. `room`: for one more.
    void setPaneCount(std::size_t count, bool room);
    /// What is sent here goes to all panes.
    void setComparing(bool comparing);
    /// As if it had been typed here; the draft stays.
    void send(const QString& text, const QList<Attachment>& attachments);
    void setMarked(bool marked);
    /// Of the window's commands, as they are now.
    void setKeys(const KeyBook& keys);
    /// How this chat's replies are made; beside the messages, or instead of them where there is no room.
    void setSettingsShown(bool shown);
    bool areSettingsShown() const;
    SamplingPanel& settingsPanel() const { return *m_panel; }
    /// How sure the model was of each token of a reply, in the settings' place; while it is shown, replies
    /// are recorded for it.
    void setTokensShown(bool shown);
    bool areTokensShown() const;
    TokenPanel& tokensPanel() const { return *m_tokenPanel; }
    TokenInspector& inspector() const { return *m_inspector; }
    PaneContext& context() const { return *m_context; }

signals:
    void focused();
    void tokensToggled(bool shown);
    void splitRequested();
    void compareToggled(bool on);
    /// By the person, in this pane.
    void sent(const QString& text, const QList<vitrine::ui::Attachment>& attachments);
    void closeRequested();
    void openModelRequested();
    void modelDetailsRequested();
    void undoOffered(const QString& what, const std::function<void()>& undo);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeFooter();
    QWidget* makePanel();
    QWidget* makeTokenPanel();
    QToolButton* makeTokensButton(QWidget* header);
    void connectTokens();
    void connectAttachments();
    void leaveReads();
    void takeReads();
    void applyPreset(const Preset& preset);
    void refreshPresets();
    void fit();
    void placePanel();
    void connectComposer();
    void watchFocus();
    void refresh();
    void refreshModel();
    void refreshState();
    void recall();
    void submit(const QString& text, const QList<Attachment>& attachments);
    void connectTurns();
    void beginTurnMode(int mode, MessageId message, const QString& text);
    void endTurnMode();

    ChatSession& m_session;
    const Theme& m_theme;
    QPointer<DraftReads> m_reads; // the session may end first
    QPointer<Conversation> m_conversation;
    HueDot* m_dot = nullptr;
    ElidedLabel* m_title = nullptr;
    QPushButton* m_model = nullptr;
    ContextGauge* m_gauge = nullptr;
    QToolButton* m_compare = nullptr;
    PaneContext* m_context = nullptr;
    QToolButton* m_settings = nullptr;
    QToolButton* m_split = nullptr;
    QToolButton* m_close = nullptr;
    QStackedWidget* m_stack = nullptr;
    WelcomeView* m_welcome = nullptr;
    MessageView* m_messages = nullptr;
    Composer* m_composer = nullptr;
    QWidget* m_body = nullptr; // messages and composer
    SamplingPanel* m_panel = nullptr;
    QToolButton* m_tokens = nullptr;
    TokenPanel* m_tokenPanel = nullptr;
    TokenInspector* m_inspector = nullptr;
    TurnModeBar* m_turnMode = nullptr;
    TurnActions* m_turns = nullptr;
    QString m_laidAside; // what was written when a turn mode began
    bool m_oneOfSeveral = false;
    bool m_comparing = false;
    bool m_marked = false;
};

} // namespace vitrine::ui
