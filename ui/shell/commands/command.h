// SPDX-License-Identifier: GPL-3.0-or-later
// Something the window can be asked to do, by keys, from the palette or from a menu. Thread: UI.
#pragma once

#include <functional>

#include <QKeySequence>
#include <QList>
#include <QString>

#include "ui/keys/key_names.h"

namespace vitrine::ui {

enum class CommandGroup { Chat, Window, Models, Profiler };
inline constexpr CommandGroup kCommandGroups[] = {CommandGroup::Chat, CommandGroup::Window,
                                                  CommandGroup::Models, CommandGroup::Profiler};

struct Command
{
    QString id;             ///< "chat.new": the settings file knows it by this; it never changes
    const char* title = ""; ///< QT_TRANSLATE_NOOP("Commands", …)
    CommandGroup group = CommandGroup::Window;
    QString icon = {};
    QList<QKeySequence> keys = {};      ///< as it comes; the first is the one shown
    std::function<void()> action = {};  ///< none: a part of the window handles the keys in its place
    std::function<bool()> enabled = {}; ///< none: always
    bool repeats = false;               ///< while the key is held
    bool inPalette = true;
    KeyPlace place = KeyPlace::Window; ///< another one: no action
};

/// Translated.
QString commandTitle(const Command& command);
QString commandGroupTitle(CommandGroup group);

} // namespace vitrine::ui
