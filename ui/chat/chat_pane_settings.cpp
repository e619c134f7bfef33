// SPDX-License-Identifier: GPL-3.0-or-later
// ChatPane: how this chat's replies are made, and what is attached to its message.
#include <QToolButton>

#include "ui/chat/attach_overlay.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/sampling_panel.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kBesideFrom = SamplingPanel::kWidth + 380; // narrower, the settings take the chat's place

} // namespace

void ChatPane::connectAttachments()
{
    connect(m_composer, &Composer::attachmentsEdited, this, [this](const QList<Attachment>& attachments) {
        if (m_conversation != nullptr)
            m_conversation->setDraftAttachments(attachments);
    });
    auto* overlay = new AttachOverlay(m_theme, this);
    connect(overlay, &AttachOverlay::filesDropped, this, [this](const QStringList& paths) {
        emit focused();
        m_composer->attachFiles(paths);
        m_composer->focusText();
    });
    connect(overlay, &AttachOverlay::textDropped, m_composer, &Composer::insertText);
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

void ChatPane::placePanel()
{
    const bool beside = width() >= kBesideFrom;
    for (QWidget* panel : {static_cast<QWidget*>(m_panel), static_cast<QWidget*>(m_tokenPanel)}) {
        panel->setMinimumWidth(beside ? SamplingPanel::kWidth : 0);
        panel->setMaximumWidth(beside ? SamplingPanel::kWidth : QWIDGETSIZE_MAX);
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
