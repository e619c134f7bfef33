// SPDX-License-Identifier: GPL-3.0-or-later
// ChatPane: how sure the model was of each token.
#include <QToolButton>

#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/message_view.h"
#include "ui/chat/tokens/token_inspector.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

QToolButton* ChatPane::makeTokensButton(QWidget* header)
{
    m_tokens = new QToolButton(header);
    m_tokens->setObjectName("chatTokens");
    m_tokens->setIcon(m_theme.icon("token"));
    m_tokens->setAccessibleName(tr("Token probabilities"));
    m_tokens->setProperty("command", QStringLiteral("chat.tokens"));
    m_tokens->setFocusPolicy(Qt::TabFocus);
    m_tokens->setCheckable(true);
    connect(m_tokens, &QToolButton::clicked, this, &ChatPane::setTokensShown);
    return m_tokens;
}

QWidget* ChatPane::makeTokenPanel()
{
    m_tokenPanel = new TokenPanel(m_session, m_theme, this);
    m_tokenPanel->hide();
    connect(m_tokenPanel, &TokenPanel::closeRequested, this, [this] { setTokensShown(false); });
    return m_tokenPanel;
}

void ChatPane::connectTokens()
{
    m_inspector = new TokenInspector(m_session, *m_messages, *m_tokenPanel, m_theme, this);
}

void ChatPane::setTokensShown(bool shown)
{
    if (shown)
        setSettingsShown(false); // one at a time
    const bool hadFocus = m_tokenPanel->isAncestorOf(focusWidget());
    const bool changes = shown != areTokensShown();
    m_tokenPanel->setVisible(shown);
    m_inspector->setActive(shown);
    m_tokens->setChecked(shown);
    placePanel();
    if (!shown && hadFocus)
        m_composer->focusText();
    if (changes)
        emit tokensToggled(shown);
}

bool ChatPane::areTokensShown() const
{
    return m_tokenPanel->isVisibleTo(this);
}

} // namespace vitrine::ui
