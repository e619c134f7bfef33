// SPDX-License-Identifier: GPL-3.0-or-later
// ChatPane: how this chat's replies are made, and what is attached to its message.
#include <QPushButton>
#include <QToolButton>

#include "ui/chat/attach_overlay.h"
#include "ui/chat/attachment_strip.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/context_gauge.h"
#include "ui/chat/message_view.h"
#include "ui/chat/sampling_panel.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/welcome_view.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kNarrowBelow = 560;
constexpr int kModelNameFrom = 480; // the header has no room for it below
constexpr int kButtonsFrom = 480;   // nor for these
constexpr int kChatBeside = 380;    // with less, the settings take the chat's place

} // namespace

void ChatPane::connectAttachments()
{
    connect(m_composer, &Composer::attachmentsEdited, this, [this](const QList<Attachment>& attachments) {
        if (m_conversation != nullptr)
            m_conversation->setDraftAttachments(attachments);
    });
    m_reads = &m_session.draftReads();
    m_composer->attachmentStrip().setReader(m_reads->reader());
    auto* overlay = new AttachOverlay(m_theme, this);
    connect(overlay, &AttachOverlay::filesDropped, this, [this](const QStringList& paths) {
        emit focused();
        m_composer->attachFiles(paths);
        m_composer->focusText();
    });
    connect(overlay, &AttachOverlay::textDropped, m_composer, &Composer::insertText);
}

/// What is still being read goes on without this pane, for the draft that it was asked for.
void ChatPane::leaveReads()
{
    if (m_conversation != nullptr && m_reads != nullptr)
        m_reads->leave(m_conversation->id(), m_composer->attachmentStrip().giveReads());
}

void ChatPane::takeReads()
{
    if (m_conversation == nullptr)
        return;
    m_composer->attachmentStrip().takeReads(m_reads->take(m_conversation->id()));
    m_composer->note(m_reads->takeNote(m_conversation->id()));
}

QWidget* ChatPane::makePanel()
{
    m_panel = new SamplingPanel(m_session.presets(), m_theme, this);
    m_panel->hide();
    connect(m_panel, &SamplingPanel::closeRequested, this, [this] { setSettingsShown(false); });
    connect(m_panel, &SamplingPanel::edited, this, [this](const ConversationSettings& settings) {
        if (m_conversation != nullptr)
            m_conversation->setSettings(settings);
    });
    return m_panel;
}

void ChatPane::setSettingsShown(bool shown)
{
    if (shown)
        setTokensShown(false); // one at a time
    const bool hadFocus = m_panel->isAncestorOf(focusWidget());
    m_panel->setVisible(shown);
    m_settings->setChecked(shown);
    placePanel();
    if (shown)
        m_panel->focusFirst();
    else if (hadFocus)
        m_composer->focusText();
}

bool ChatPane::areSettingsShown() const
{
    return m_panel->isVisibleTo(this);
}

/// What there is room for, at the width and the zoom in force.
void ChatPane::fit()
{
    const bool narrow = width() < m_theme.scaledColumn(kNarrowBelow);
    m_composer->setNarrow(narrow);
    m_messages->setNarrow(narrow);
    m_gauge->setNarrow(narrow);
    m_model->setVisible(width() >= m_theme.scaled(kModelNameFrom) && !m_oneOfSeveral);
    const bool buttons = width() >= m_theme.scaledColumn(kButtonsFrom);
    m_settings->setVisible(buttons);
    m_tokens->setVisible(buttons);
    const bool empty = m_conversation != nullptr && m_conversation->isEmpty();
    m_composer->setMaximumWidth(empty ? WelcomeView::contentWidth(m_theme)
                                      : MessageView::widestColumn(m_theme)); // in line with what is above
    placePanel();
}

void ChatPane::placePanel()
{
    const int panelWidth = m_theme.scaled(SamplingPanel::kWidth);
    const bool beside = width() >= panelWidth + m_theme.scaledColumn(kChatBeside);
    for (QWidget* panel : {static_cast<QWidget*>(m_panel), static_cast<QWidget*>(m_tokenPanel)}) {
        panel->setMinimumWidth(beside ? panelWidth : 0);
        panel->setMaximumWidth(beside ? panelWidth : QWIDGETSIZE_MAX);
    }
    m_body->setVisible(beside || !(areSettingsShown() || areTokensShown()));
}

void ChatPane::applyPreset(const Preset& preset)
{
    if (m_conversation == nullptr)
        return;
    ConversationSettings settings = m_conversation->settings();
    settings.sampling = preset.sampling;
    settings.systemPrompt = preset.systemPrompt.value_or(settings.systemPrompt);
    m_conversation->setSettings(settings);
}

void ChatPane::refreshPresets()
{
    if (m_conversation == nullptr)
        return;
    const ConversationSettings& settings = m_conversation->settings();
    const QList<Preset>& own = m_session.presets().own();
    const QString name = nameOf(settings.sampling, settings.systemPrompt, own);
    m_composer->setOwnPresets(own);
    m_composer->setPreset(presetLabel(name, settings.sampling), name);
    m_panel->setSettings(settings);
}

void ChatPane::setKeys(const KeyBook& keys)
{
    m_composer->setKeys(ComposerKeys::of(keys));
    refreshState();
}

} // namespace vitrine::ui
