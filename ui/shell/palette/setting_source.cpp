// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/setting_source.h"

#include "ui/bridge/engine_bridge.h"
#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/send_keys.h"
#include "ui/shell/language.h"
#include "ui/shell/preferences.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

SettingSource::SettingSource(Preferences& preferences, Theme& theme, Language& language, EngineBridge& bridge,
                             CommandSet& commands, QObject* parent)
    : PaletteSource(parent), m_preferences(preferences), m_theme(theme), m_language(language),
      m_bridge(bridge), m_commands(commands)
{}

void SettingSource::ask(const QString& query)
{
    m_query = query;
    m_entries.clear();
    addLooks();
    addHabits();
    addScheduling();
    emit answered(query, m_entries);
}

void SettingSource::add(const QString& title, const QString& icon, bool on, std::function<void()> take)
{
    PaletteEntry entry{title, on ? tr("In use") : tr("Setting"), on ? QStringLiteral("check") : icon};
    entry.open = [take = std::move(take)](OpenWhere) { take(); };
    if (rate(entry, m_query))
        m_entries << entry;
}

void SettingSource::addLooks()
{
    const QString icon = QStringLiteral("settings");
    const std::pair<ThemeChoice, QString> themes[] = {{ThemeChoice::System, tr("Theme: like the system")},
                                                      {ThemeChoice::Light, tr("Theme: light")},
                                                      {ThemeChoice::Dark, tr("Theme: dark")}};
    for (const auto& [choice, title] : themes)
        add(title, icon, choice == m_theme.choice(), [this, choice = choice] {
            m_preferences.setTheme(choice);
            m_theme.setChoice(choice);
        });
    // A language is written in itself, so that whoever reads it finds it.
    const std::pair<LanguageChoice, QString> languages[] = {
        {LanguageChoice::System, tr("Language: like the system")},
        {LanguageChoice::English, tr("Language: %1").arg(QStringLiteral("English"))},
        {LanguageChoice::SimplifiedChinese, tr("Language: %1").arg(QStringLiteral("简体中文"))}};
    for (const auto& [choice, title] : languages)
        add(title, icon, choice == m_language.choice(), [this, choice = choice] {
            m_preferences.setLanguage(choice);
            m_language.setChoice(choice);
        });
}

void SettingSource::addHabits()
{
    const SendWith now = sendsWith(m_commands);
    const std::pair<SendWith, QString> keys[] = {{SendWith::Enter, tr("Send with Enter")},
                                                 {SendWith::CtrlEnter, tr("Send with Ctrl+Enter")}};
    for (const auto& [choice, title] : keys)
        add(title, QStringLiteral("key"), choice == now,
            [this, choice = choice] { sendWith(m_commands, choice); });
    const bool notifies = m_preferences.notifiesOfLongReplies();
    add(notifies ? tr("Notifications of long replies: switch off")
                 : tr("Notifications of long replies: switch on"),
        QStringLiteral("info"), false,
        [this, notifies] { m_preferences.setNotifiesOfLongReplies(!notifies); });
}

void SettingSource::addScheduling()
{
    const SchedulingChoice now = m_preferences.scheduling();
    const std::pair<engine::PolicyKind, QString> policies[] = {
        {engine::PolicyKind::Fcfs, tr("Waiting replies: in order of arrival")},
        {engine::PolicyKind::Fair, tr("Waiting replies: fair to each chat")},
        {engine::PolicyKind::Shortest, tr("Waiting replies: short ones first")}};
    for (const auto& [policy, title] : policies)
        add(title, QStringLiteral("queue"), policy == now.policy, [this, policy = policy] {
            SchedulingChoice choice = m_preferences.scheduling();
            choice.policy = policy;
            m_preferences.setScheduling(choice);
            m_bridge.setScheduling(choice);
        });
}

} // namespace vitrine::ui
