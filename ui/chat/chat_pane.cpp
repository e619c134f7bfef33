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
#include "ui/chat/welcome_view.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kNarrowBelow = 560;
constexpr int kModelNameFrom = 480; // the header has no room for the model's name below
constexpr int kTextColumn = 760;
constexpr int kFocusLine = 2;

QToolButton* iconButton(const Theme& theme, const char* icon, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(theme.icon(icon));
    button->setIconSize({kIconSize, kIconSize});
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
    m_stack = new QStackedWidget(this);
    m_welcome = new WelcomeView(session.bridge(), theme);
    m_messages = new MessageView(theme);
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_messages);
    column->addWidget(m_stack, 1);
    column->addWidget(makeFooter());
    connectComposer();
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
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

ChatPane::~ChatPane() = default;

QWidget* ChatPane::makeHeader()
{
    auto* header = new QWidget(this);
    header->setFixedHeight(kHeaderHeight);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, 0, kSpace3, 0);
    row->setSpacing(kSpace2);
    m_dot = new HueDot(m_theme, header);
    m_title = new ElidedLabel(header);
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_model = new MenuButton(m_theme, header);
    m_model->setToolTip(tr("Open another model (Ctrl+O)"));
    connect(m_model, &QPushButton::clicked, this, &ChatPane::openModelRequested);
    m_gauge = new ContextGauge(m_theme, header);
    m_split = iconButton(m_theme, "split", tr("Open a second pane"), header);
    m_split->setToolTip(tr("Open a second pane (Ctrl+\\)"));
    m_close = iconButton(m_theme, "close", tr("Close this pane"), header);
    m_close->setToolTip(tr("Close this pane; its reply goes on"));
    connect(m_split, &QToolButton::clicked, this, &ChatPane::splitRequested);
    connect(m_close, &QToolButton::clicked, this, &ChatPane::closeRequested);
    row->addWidget(m_dot);
    row->addWidget(m_title);
    row->addWidget(m_model);
    row->addStretch(1);
    row->addWidget(m_gauge);
    row->addSpacing(kSpace2);
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
    m_composer = new Composer(m_theme, footer);
    row->addStretch(1);
    row->addWidget(m_composer, 1000);
    row->addStretch(1);
    return footer;
}

void ChatPane::connectComposer()
{
    connect(m_composer, &Composer::sendRequested, this, [this](const QString& text) {
        if (m_conversation == nullptr || !m_session.send(m_conversation->id(), text))
            return;
        m_composer->setText({});
        m_messages->scrollToEnd();
    });
    connect(m_composer, &Composer::stopRequested, this, [this] {
        if (m_conversation != nullptr)
            m_session.stop(m_conversation->id());
    });
    connect(m_composer, &Composer::recallRequested, this, &ChatPane::recall);
    connect(m_composer, &Composer::presetChosen, this, [this](SamplingPreset preset) {
        if (m_conversation != nullptr)
            m_conversation->setPreset(preset);
    });
    connect(m_composer, &Composer::textEdited, this, [this](const QString& text) {
        if (m_conversation != nullptr)
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
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = nullptr; // the composer's change below belongs to nobody
    m_composer->setText(conversation != nullptr ? conversation->draft() : QString());
    m_conversation = conversation;
    m_messages->setConversation(conversation);
    if (conversation != nullptr) {
        connect(conversation, &Conversation::changed, this, &ChatPane::refresh);
        connect(conversation, &Conversation::progressed, this, &ChatPane::refreshState);
        connect(conversation, &Conversation::messageAdded, this, &ChatPane::refresh);
    }
    refresh();
    refreshModel();
}

void ChatPane::setOneOfTwo(bool oneOfTwo)
{
    m_oneOfTwo = oneOfTwo;
    m_split->setVisible(!oneOfTwo);
    m_close->setVisible(oneOfTwo);
    update();
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
    m_composer->setPreset(m_conversation->preset());
    m_composer->setPlaceholder(empty ? tr("Write a message") : tr("Write a follow-up"));
    m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_welcome) : m_messages);
    m_composer->setMaximumWidth(empty ? WelcomeView::kContentWidth
                                      : kTextColumn); // in line with what is above
    refreshState();
}

void ChatPane::refreshState()
{
    if (m_conversation == nullptr)
        return;
    const bool generating = m_conversation->openReply() != nullptr;
    m_composer->setGenerating(generating);
    m_composer->setReasonNotToSend(generating ? QString() : m_session.reasonNotToSend(m_conversation->id()));
    const auto& model = m_session.bridge().model();
    m_gauge->setTokens(m_conversation->contextUsed(),
                       model && !m_conversation->isEmpty() ? model->contextLength : 0);
}

void ChatPane::refreshModel()
{
    EngineBridge& bridge = m_session.bridge();
    const auto& model = bridge.model() ? bridge.model() : bridge.asleepModel();
    m_model->setText(model ? QString::fromStdString(model->name) : tr("No model"));
    refreshState();
}

/// Puts the last sent text back into the empty composer.
void ChatPane::recall()
{
    if (m_conversation == nullptr)
        return;
    const auto& messages = m_conversation->messages();
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        if (message->role == Role::User) {
            m_composer->setText(message->text);
            return;
        }
    }
}

void ChatPane::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.panel);
    painter.fillRect(0, kHeaderHeight - 1, width(), 1, tokens.border);
    if (m_oneOfTwo && m_marked)
        painter.fillRect(0, 0, width(), kFocusLine, tokens.accent);
}

void ChatPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < kNarrowBelow;
    m_composer->setNarrow(narrow);
    m_messages->setNarrow(narrow);
    m_gauge->setNarrow(narrow);
    m_model->setVisible(width() >= kModelNameFrom && !m_oneOfTwo);
}

void ChatPane::mousePressEvent(QMouseEvent* event)
{
    emit focused();
    QWidget::mousePressEvent(event);
}

} // namespace vitrine::ui
