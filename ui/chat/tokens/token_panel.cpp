// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_panel.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>

#include "ui/chat/tokens/branch_cost.h"
#include "ui/chat/tokens/surprise_chart.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/chat/tokens/token_popover.h"
#include "ui/chat/tokens/token_text.h"
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
    m_popover->hide();
    if (conversation != nullptr) {
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
    const bool same = message.id == m_reply;
    if (!same)
        m_popover->hide();
    m_reply = message.id;
    const TokenFigures figures = figuresOf(tokens);
    m_count->setText(QLocale().toString(figures.tokens));
    m_mean->setText(percentText(figures.mean, 0));
    m_perplexity->setText(QLocale().toString(figures.perplexity, 'f', 2));
    m_text->setTokens(tokens, same);
    m_chart->setTokens(tokens);
    m_chart->setCurrent(m_text->current());
    showLeastCertain(tokens);
}

void TokenPanel::showNothing(const Message* message)
{
    m_popover->hide();
    m_reply = message != nullptr ? message->id : MessageId{};
    m_text->setTokens({}, false);
    const bool open = message != nullptr && message->isOpen();
    m_regenerate->setVisible(message != nullptr && !open);
    m_regenerate->setEnabled(m_conversation != nullptr &&
                             m_session.reasonNotToSend(m_conversation->id()).isEmpty());
    m_why->setText(message == nullptr
                       ? tr("Replies from now on show here how sure the model was of each token, "
                            "and what else it could have written.")
                   : open ? tr("The reply's tokens appear here as they come.")
                          : tr("Nothing was recorded for this reply. Probabilities are recorded while this "
                               "panel is open, and kept until the app is closed."));
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

void TokenPanel::goTo(int token)
{
    m_text->setCurrent(token);
    m_text->setFocus();
}

QString TokenPanel::reasonNotToBranch(const Message& message) const
{
    const QString reason = m_session.reasonNotToSend(m_conversation->id());
    if (!reason.isEmpty())
        return reason;
    QString text;
    for (const TokenDetail& token : message.tokenDetails)
        text += token.added;
    return message.text.startsWith(text)
               ? QString()
               : tr("The beginning of this reply was not recorded: no branch can begin here.");
}

void TokenPanel::fillPopover(int token)
{
    const Message* message = m_conversation != nullptr ? m_conversation->tree().find(m_reply) : nullptr;
    if (message == nullptr || token < 0 || token >= message->tokenDetails.size())
        return;
    const QString reason = reasonNotToBranch(*message);
    m_popover->setToken(message->tokenDetails[token], token, int(message->tokenDetails.size()), reason);
    if (reason.isEmpty())
        m_cost->ask(m_conversation->id(), m_reply, token);
    else
        m_cost->cancel();
}

void TokenPanel::openPopover(int token)
{
    fillPopover(token);
    const QRect rect = m_text->tokenRect(token);
    m_popover->openAt({m_text->mapToGlobal(rect.topLeft()), rect.size()});
}

/// The branch is shown from now on, at the same place.
void TokenPanel::branch(const TokenAlternative& instead)
{
    const int token = m_text->current();
    m_popover->hide();
    if (m_conversation == nullptr ||
        !m_session.branchAt(m_conversation->id(), m_reply, token, TokenAlternative(instead)))
        return;
    m_chosen = {};
    refresh();
    m_text->setCurrent(token);
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
