// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's settings: each choice is an entry that takes effect at once. Thread: UI.
#pragma once

#include "ui/shell/palette/palette_source.h"

namespace vitrine::ui {

class CommandSet;
class EngineBridge;
class Language;
class Preferences;
class Theme;

class SettingSource : public PaletteSource
{
    Q_OBJECT

public:
    /// All outlive it.
    SettingSource(Preferences& preferences, Theme& theme, Language& language, EngineBridge& bridge,
                  CommandSet& commands, QObject* parent = nullptr);
    PaletteGroup group() const override { return PaletteGroup::ModelsAndSettings; }
    void ask(const QString& query) override;

private:
    /// One choice; `on`: it is in force.
    void add(const QString& title, const QString& icon, bool on, std::function<void()> take);
    void addLooks();
    void addHabits();
    void addScheduling();

    Preferences& m_preferences;
    Theme& m_theme;
    Language& m_language;
    EngineBridge& m_bridge;
    CommandSet& m_commands;
    QString m_query;
    QList<PaletteEntry> m_entries;
};

} // namespace vitrine::ui
