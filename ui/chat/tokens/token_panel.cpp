// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_panel.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>

#include "ui/chat/tokens/surprise_chart.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/chat/tokens/uncertain_row.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kRefreshMs = 120; // while a reply is being written
constexpr int kAround = 2;      // tokens shown beside one that was uncertain

QString around(const QList<TokenDetail>& tokens, qsizetype from, qsizetype to)
{
    QString text;
    for (qsizetype i = std::max<qsizetype>(0, from); i < std::min(to, tokens.size()); ++i)
        text += tokens[i].added;
    return text.replace(QLatin1Char('\n'), QLatin1Char(' '));
}

} // namespace

void TokenPanel::setConversation(Conversation* conversation)
{
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_chosen = {};
    m_current = -1;
    if (conversation != nullptr) {
        connect(conversation, &Conversation::tokensRecalled, this, &TokenPanel::refreshSoon);
        connect(conversation, &Conversation::messageAdded, this, [this] { m_chosen = {}; });
        connect(conversation, &Conversation::messageTouched, this, &TokenPanel::refreshSoon);
        connect(conversation, &Conversation::messageAdded, this, &TokenPanel::refreshSoon);
        connect(conversation, &Conversation::pathChanged, this, &TokenPanel::refreshSoon);
    }
    refresh();
}

void TokenPanel::setReply(MessageId reply)
{
    m_chosen = reply;
    refresh();
}

void TokenPanel::setCurrent(MessageId reply, int token)
{
    if (reply != m_reply)
        setReply(reply);
    m_current = token;
    m_chart->setCurrent(token);
}

void TokenPanel::refreshSoon()
{
    if (isVisible() && !m_soon.isActive())
        m_soon.start(kRefreshMs);
}

/// The chosen reply, one that is being written, the last with something recorded, the last.
const Message* TokenPanel::choose() const
{
    if (m_conversation == nullptr || !m_conversation->isLoaded())
        return nullptr;
    if (m_chosen != MessageId{} && m_conversation->tree().indexOf(m_chosen) >= 0)
        return m_conversation->tree().find(m_chosen);
    if (const Message* open = m_conversation->openReply())
        return open;
    const Message* last = nullptr;
    for (const Message& message : m_conversation->messages()) {
        if (message.role == Role::Assistant &&
            (last == nullptr || last->tokenDetails.isEmpty() || !message.tokenDetails.isEmpty()))
            last = &message;
    }
    return last;
}

void TokenPanel::refresh()
{
    if (!isVisible())
        return;
    const Message* message = choose();
    if (message != nullptr && message->tokensUnread)
        m_conversation->wantTokens(message->id);
    const bool something = message != nullptr && !message->tokenDetails.isEmpty();
    if (something)
        showTokens(*message);
    else
        showNothing(message);
    m_contents->setVisible(something);
    m_nothing->setVisible(!something);
}

void TokenPanel::showTokens(const Message& message)
{
    const QList<TokenDetail>& tokens = message.tokenDetails;
    if (message.id != m_reply)
        m_current = -1;
    m_reply = message.id;
    const TokenFigures figures = figuresOf(tokens);
    m_count->setText(QLocale().toString(figures.tokens));
    m_mean->setText(percentText(figures.mean, 0));
    m_perplexity->setText(QLocale().toString(figures.perplexity, 'f', 2));
    m_chart->setTokens(tokens);
    m_chart->setCurrent(m_current);
    showLeastCertain(tokens);
}

void TokenPanel::showNothing(const Message* message)
{
    m_reply = message != nullptr ? message->id : MessageId{};
    const bool open = message != nullptr && message->isOpen();
    const bool reading = message != nullptr && message->tokensUnread;
    m_regenerate->setVisible(message != nullptr && !open && !reading);
    m_regenerate->setEnabled(m_conversation != nullptr &&
                             m_session.reasonNotToSend(m_conversation->id()).isEmpty());
    m_why->setText(
        message == nullptr ? tr("Replies from now on show here how sure the model was of each token, "
                                "and what else it could have written.")
        : open             ? tr("The reply's tokens are tinted as they come.")
        : reading          ? tr("Looking for what was kept of this reply…")
                           : tr("Nothing was recorded for this reply. Probabilities are recorded while this "
                                         "panel is open, and kept with the reply."));
}

void TokenPanel::showLeastCertain(const QList<TokenDetail>& tokens)
{
    const std::vector<int> least = leastCertain(tokens, m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i]->setVisible(i < least.size());
        if (i >= least.size())
            continue;
        const int token = least[i];
        const TokenDetail& detail = tokens[token];
        const bool spoken = !detail.added.trimmed().isEmpty();
        m_rows[i]->setToken(token,
                            around(tokens, token - kAround, token).trimmed() +
                                (spoken && !detail.added.front().isSpace() ? "" : " "),
                            spoken ? detail.added.simplified() : visibleText(detail.text),
                            around(tokens, token + 1, token + 1 + kAround), detail.probability);
    }
}

void TokenPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        emit closeRequested();
    else
        QFrame::keyPressEvent(event);
}

void TokenPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    refresh();
}

void TokenPanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    painter.fillRect(0, 0, 1, height(), m_theme.tokens().border);
}

} // namespace vitrine::ui
