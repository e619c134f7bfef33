// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window can be asked to do, with the keys each comes with. A new command is one more line in
// the .cpp. Thread: UI.
#pragma once

namespace vitrine::ui {

class CommandSet;
class MainWindow;
class WindowHabits;

/// Those that the composer and the list of chats handle themselves.
void addInputCommands(CommandSet& commands);
void addChatListCommands(CommandSet& commands);
/// All of them.
void addWindowCommands(CommandSet& commands, MainWindow& window, WindowHabits& habits);

} // namespace vitrine::ui
