// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_pane.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

#include "ui/chat/composer.h"
#include "ui/chat/context_gauge.h"
#include "ui/chat/elided_label.h"
#include "ui/chat/hue_dot.h"
#include "ui/chat/menu_button.h"
#include "ui/chat/message_view.h"
#include "ui/chat/pane_context.h"
#include "ui/chat/sampling_panel.h"
#include "ui/chat/tokens/token_inspector.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/turn_actions.h"
#include "ui/chat/turn_mode_bar.h"
#include "ui/chat/welcome_view.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kFocusLine = 2;

QToolButton* iconButton(const Theme& theme, const char* icon, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(theme.icon(icon));
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

ChatPane::ChatPane(ChatSession& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_session(session), m_theme(theme)
{
    setMinimumWidth(kMinimumWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    m_body = new QWidget(this);
    row->addWidget(m_body, 1);
    row->addWidget(makePanel());
    row->addWidget(makeTokenPanel());
    column->addLayout(row, 1);
    column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_stack = new QStackedWidget(this);
    m_welcome = new WelcomeView(session.bridge(), theme);
    m_messages = new MessageView(theme);
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_messages);
    column->addWidget(m_stack, 1);
    column->addWidget(makeFooter());
    m_context = new PaneContext(session, theme, *m_gauge, m_composer->contextNote(), this);
    connectComposer();
    connectAttachments();
    connectTurns();
    connectTokens();
    watchFocus();

    connect(m_welcome, &WelcomeView::openModelRequested, this, &ChatPane::openModelRequested);
    connect(m_welcome, &WelcomeView::modelDetailsRequested, this, &ChatPane::modelDetailsRequested);
    connect(m_welcome, &WelcomeView::promptChosen, this, [this](const QString& prompt) {
        m_composer->setText(prompt);
        m_composer->focusText();
    });
    EngineBridge& bridge = session.bridge();
    for (const auto signal :
         {&EngineBridge::loadStarted, &EngineBridge::loadCancelled, &EngineBridge::modelGone})
        connect(&bridge, signal, this, &ChatPane::refreshModel);
    connect(&bridge, &EngineBridge::loadFailed, this, &ChatPane::refreshModel);
    connect(&bridge, &EngineBridge::modelReady, this, &ChatPane::refreshModel);
    connect(&theme, &Theme::changed, this, [this] {
        fit();
        update();
    });
}

ChatPane::~ChatPane()
{
    leaveReads();
}

QWidget* ChatPane::makeHeader()
{
    auto* header = new QWidget(this);
    m_theme.follow(header, [this, header] { header->setFixedHeight(m_theme.scaled(kHeaderHeight)); });
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, 0, kSpace3, 0);
    row->setSpacing(kSpace2);
    m_dot = new HueDot(m_theme, header);
    m_title = new ElidedLabel(header);
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_model = new MenuButton(m_theme, header);
    m_model->setToolTip(tr("Open another model"));
    m_model->setProperty("command", QStringLiteral("model.open"));
    connect(m_model, &QPushButton::clicked, this, &ChatPane::openModelRequested);
    m_gauge = new ContextGauge(m_theme, header);
    m_settings = iconButton(m_theme, "settings", tr("How replies are made"), header);
    m_settings->setToolTip(m_settings->accessibleName());
    m_settings->setObjectName("chatSettings");
    m_settings->setCheckable(true);
    connect(m_settings, &QToolButton::clicked, this, &ChatPane::setSettingsShown);
    m_compare = iconButton(m_theme, "compare", tr("Compare: send to all panes"), header);
    m_compare->setToolTip(tr("Compare: what you send goes to all panes, each with its own settings"));
    m_compare->setProperty("command", QStringLiteral("window.compare"));
    m_compare->setCheckable(true);
    connect(m_compare, &QToolButton::toggled, this, &ChatPane::compareToggled);
    m_split = iconButton(m_theme, "split", tr("Open another pane"), header);
    m_split->setProperty("command", QStringLiteral("window.pane"));
    m_close = iconButton(m_theme, "close", tr("Close this pane"), header);
    m_close->setToolTip(tr("Close this pane; its reply goes on"));
    m_close->setProperty("command", QStringLiteral("window.closePane"));
    connect(m_split, &QToolButton::clicked, this, &ChatPane::splitRequested);
    connect(m_close, &QToolButton::clicked, this, &ChatPane::closeRequested);
    row->addWidget(m_dot);
    row->addWidget(m_title);
    row->addWidget(m_model);
    row->addStretch(1);
    row->addWidget(m_gauge);
    row->addSpacing(kSpace2);
    row->addWidget(m_compare);
    row->addWidget(makeTokensButton(header));
    row->addWidget(m_settings);
    row->addWidget(m_split);
    row->addWidget(m_close);
    return header;
}

QWidget* ChatPane::makeFooter()
{
    auto* footer = new QWidget(this);
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kSpace4, kSpace2, kSpace4, kSpace4);
    row->setSpacing(0);
    auto* writing = new QVBoxLayout;
    writing->setSpacing(0);
    m_composer = new Composer(m_theme, footer);
    m_turnMode = new TurnModeBar(m_theme, footer);
    writing->addWidget(m_turnMode);
    writing->addWidget(m_composer);
    row->addStretch(1);
    row->addLayout(writing, 1000);
    row->addStretch(1);
    return footer;
}

void ChatPane::connectComposer()
{
    connect(m_composer, &Composer::sendRequested, this, &ChatPane::submit);
    connect(m_composer, &Composer::stopPressed, this, &ChatPane::endTurnMode);
    connect(m_composer, &Composer::stopRequested, this, [this] {
        if (m_conversation != nullptr)
            m_session.stop(m_conversation->id());
    });
    connect(m_composer, &Composer::recallRequested, this, &ChatPane::recall);
    connect(m_composer, &Composer::presetChosen, this, &ChatPane::applyPreset);
    connect(m_composer, &Composer::allSettingsRequested, this, [this] { setSettingsShown(true); });
    connect(&m_session.presets(), &PresetStore::changed, this, &ChatPane::refreshPresets);
    connect(m_composer, &Composer::textEdited, this, [this](const QString& text) {
        if (m_conversation != nullptr && m_turnMode->mode() == TurnModeBar::Mode::None)
            m_conversation->setDraft(text);
        if (!text.isEmpty())
            m_session.noteTyping();
    });
}

/// Any focus inside makes this pane the focused one.
void ChatPane::watchFocus()
{
    for (QWidget* child : findChildren<QWidget*>())
        child->installEventFilter(this);
}

bool ChatPane::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::MouseButtonPress)
        emit focused();
    return QWidget::eventFilter(watched, event);
}

void ChatPane::setConversation(Conversation* conversation)
{
    leaveReads();
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = nullptr; // the composer's change below belongs to nobody
    m_turnMode->end();
    m_laidAside.clear();
    m_composer->setText(conversation != nullptr ? conversation->draft() : QString());
    m_composer->setAttachments(conversation != nullptr ? conversation->draftAttachments()
                                                       : QList<Attachment>());
    m_conversation = conversation;
    takeReads();
    m_context->setConversation(conversation);
    m_turns->setConversation(conversation);
    m_messages->setConversation(conversation);
    m_tokenPanel->setConversation(conversation);
    m_inspector->setConversation(conversation);
    if (conversation != nullptr) {
        connect(conversation, &Conversation::changed, this, &ChatPane::refresh);
        connect(conversation, &Conversation::progressed, this, &ChatPane::refreshState);
        connect(conversation, &Conversation::messageAdded, this, &ChatPane::refresh);
        connect(conversation, &Conversation::pathChanged, this, &ChatPane::refresh);
        connect(conversation, &Conversation::messagesRemoved, this, [this](const QList<MessageId>& gone) {
            if (gone.contains(m_turnMode->message()))
                endTurnMode();
        });
        m_session.store().ensureLoaded(conversation->id());
    }
    refresh();
    refreshModel();
}

void ChatPane::setPaneCount(std::size_t count, bool room)
{
    m_oneOfSeveral = count > 1;
    m_split->setVisible(room);
    m_close->setVisible(m_oneOfSeveral);
    m_compare->setVisible(m_oneOfSeveral);
    fit();
    update();
}

void ChatPane::setComparing(bool comparing)
{
    m_comparing = comparing;
    m_compare->setChecked(comparing);
    refresh();
}

void ChatPane::setMarked(bool marked)
{
    m_marked = marked;
    update();
}

void ChatPane::refresh()
{
    if (m_conversation == nullptr)
        return;
    m_dot->setNumber(m_conversation->number());
    const bool empty = m_conversation->isEmpty();
    m_dot->setVisible(!empty);
    m_title->setFullText(m_conversation->displayTitle());
    refreshPresets();
    m_composer->setPlaceholder(m_comparing ? tr("Write to all panes")
                               : empty     ? tr("Write a message")
                                           : tr("Write a follow-up"));
    m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_welcome) : m_messages);
    fit();
    refreshState();
}

void ChatPane::refreshState()
{
    if (m_conversation == nullptr)
        return;
    const bool generating = m_conversation->openReply() != nullptr;
    m_composer->setGenerating(generating);
    m_composer->setReasonNotToSend(generating ? QString() : m_session.reasonNotToSend(m_conversation->id()));
    m_context->refresh();
    m_messages->setUnread(m_context->unread());
}

void ChatPane::refreshModel()
{
    EngineBridge& bridge = m_session.bridge();
    const auto& model = bridge.model() ? bridge.model() : bridge.asleepModel();
    m_model->setText(model ? QString::fromStdString(model->name) : tr("No model"));
    refreshState();
}

/// Puts the last sent text back into the empty composer.
void ChatPane::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(0, m_theme.scaled(kHeaderHeight) - 1, width(), 1, tokens.border);
    if (m_oneOfSeveral && m_marked)
        painter.fillRect(0, 0, width(), kFocusLine, tokens.accent);
}

void ChatPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

void ChatPane::mousePressEvent(QMouseEvent* event)
{
    emit focused();
    QWidget::mousePressEvent(event);
}

} // namespace vitrine::ui
