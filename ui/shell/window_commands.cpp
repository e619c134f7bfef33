// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_commands.h"

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/message_view.h"
#include "ui/chat/turn_actions.h"
#include "ui/keys/input_keys.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/shell/commands/command_set.h"
#include "ui/shell/main_window.h"
#include "ui/shell/window_habits.h"

namespace vitrine::ui {
namespace {

using Keys = QList<QKeySequence>;

QKeySequence ctrl(Qt::Key key)
{
    return QKeySequence(Qt::CTRL | key);
}

QKeySequence ctrlShift(Qt::Key key)
{
    return QKeySequence(Qt::CTRL | Qt::SHIFT | key);
}

/// In what is looked at.
void find(MainWindow& w)
{
    if (w.isProfilerShown()) {
        w.profilerPage().focusSearch();
        return;
    }
    w.showChats();
    w.chatPage().focusedPane().messages().openFind();
}

// clang-format off
void addChatCommands(CommandSet& c, MainWindow& w, WindowHabits& h)
{
    const auto chat = CommandGroup::Chat;
    c.add({"chat.regenerate", QT_TRANSLATE_NOOP("Commands", "Regenerate"), chat, "redo", Keys{ctrl(Qt::Key_R)}, [&w] { w.showChats(); w.chatPage().focusedPane().turns().regenerateLast(); }, [&h] { return h.hasReply(); }});
    c.add({"chat.find", QT_TRANSLATE_NOOP("Commands", "Find in this chat"), chat, "search", Keys{ctrl(Qt::Key_F)}, [&w] { find(w); }, [&w] { return w.isProfilerShown() || !w.chatPage().focusedPane().conversation()->isEmpty(); }});
    const auto found = [&w] { return !w.chatPage().focusedPane().messages().finder().matches().empty(); };
    c.add({"chat.findNext", QT_TRANSLATE_NOOP("Commands", "Next match"), chat, "down", Keys{QKeySequence(Qt::Key_F3)}, [&w] { w.chatPage().focusedPane().messages().findNext(); }, found, true});
    c.add({"chat.findPrevious", QT_TRANSLATE_NOOP("Commands", "Previous match"), chat, "upc", Keys{QKeySequence(Qt::SHIFT | Qt::Key_F3)}, [&w] { w.chatPage().focusedPane().messages().findPrevious(); }, found, true});
    c.add({"chat.branches", QT_TRANSLATE_NOOP("Commands", "All branches of this chat"), chat, "branch", Keys{ctrlShift(Qt::Key_B)}, [&w] { w.showChats(); w.chatPage().focusedPane().showBranches(); }, [&w] { return !w.chatPage().focusedPane().conversation()->isEmpty(); }});
    c.add({"chat.tokens", QT_TRANSLATE_NOOP("Commands", "Token probabilities"), chat, "token", Keys{ctrl(Qt::Key_T)}, [&w] { w.showChats(); ChatPane& pane = w.chatPage().focusedPane(); pane.setTokensShown(!pane.areTokensShown()); }});
    c.add({"chat.copyReply", QT_TRANSLATE_NOOP("Commands", "Copy reply"), chat, "copy", Keys{ctrlShift(Qt::Key_C)}, [&h] { h.copyReply(); }, [&h] { return h.hasReply(); }});
}

void addWindowParts(CommandSet& c, MainWindow& w, WindowHabits& h)
{
    const auto window = CommandGroup::Window;
    c.add({"window.palette", QT_TRANSLATE_NOOP("Commands", "Search and commands"), window, "search", Keys{ctrl(Qt::Key_K)}, [&h] { h.togglePalette(); }, {}, false, false});
    c.add({"page.chat", QT_TRANSLATE_NOOP("Commands", "Go to the chat"), window, "chat", Keys{ctrl(Qt::Key_1)}, [&w] { w.showChats(); }});
    c.add({"page.profiler", QT_TRANSLATE_NOOP("Commands", "Go to the profiler"), window, "profiler", Keys{ctrl(Qt::Key_2)}, [&w] { w.showProfiler(); }});
    c.add({"page.models", QT_TRANSLATE_NOOP("Commands", "Go to the models"), window, "models", Keys{ctrl(Qt::Key_3)}, [&w] { w.showModels(); }});
    c.add({"chat.new", QT_TRANSLATE_NOOP("Commands", "New chat"), window, "plus", Keys{ctrl(Qt::Key_N)}, [&w] { w.newChat(); }});
    c.add({"folder.new", QT_TRANSLATE_NOOP("Commands", "New folder"), window, "folder", Keys{ctrlShift(Qt::Key_N)}, [&w] { w.newFolder(); }});
    c.add({"window.search", QT_TRANSLATE_NOOP("Commands", "Search in all chats"), window, "search", Keys{ctrlShift(Qt::Key_F)}, [&w] { w.searchChats(); }});
    c.add({"window.pane", QT_TRANSLATE_NOOP("Commands", "Another pane"), window, "split", Keys{ctrl(Qt::Key_Backslash)}, [&w] { w.newPane(); }});
    c.add({"window.closePane", QT_TRANSLATE_NOOP("Commands", "Close the pane"), window, "close", Keys{ctrl(Qt::Key_W)}, [&w] { w.showChats(); w.chatPage().closePane(); }, [&w] { return w.chatPage().panes().size() > 1; }});
    c.add({"window.compare", QT_TRANSLATE_NOOP("Commands", "Compare panes with one prompt"), window, "compare", Keys{ctrlShift(Qt::Key_P)}, [&w] { w.showChats(); w.chatPage().setComparing(!w.chatPage().isComparing()); }, [&w] { return w.chatPage().panes().size() > 1; }});
    c.add({"window.sidebar", QT_TRANSLATE_NOOP("Commands", "Sidebar"), window, "side", Keys{ctrl(Qt::Key_B)}, [&w] { w.toggleSidebar(); }});
    c.add({"window.live", QT_TRANSLATE_NOOP("Commands", "Live view of the engine"), window, "speed", Keys{ctrl(Qt::Key_J)}, [&w] { w.toggleLive(); }});
    c.add({"window.settings", QT_TRANSLATE_NOOP("Commands", "Settings"), window, "gear", Keys{ctrl(Qt::Key_Comma)}, [&w] { w.showSettings(); }});
    c.add({"window.shortcuts", QT_TRANSLATE_NOOP("Commands", "Keyboard shortcuts"), window, "key", Keys{ctrl(Qt::Key_Slash)}, [&h] { h.toggleShortcuts(); }});
    c.add({"window.zoomIn", QT_TRANSLATE_NOOP("Commands", "Larger text"), window, "plus", Keys{ctrl(Qt::Key_Plus), ctrl(Qt::Key_Equal)}, [&h] { h.zoomBy(1); }, {}, true});
    c.add({"window.zoomOut", QT_TRANSLATE_NOOP("Commands", "Smaller text"), window, "minus", Keys{ctrl(Qt::Key_Minus)}, [&h] { h.zoomBy(-1); }, {}, true});
    c.add({"window.zoomReset", QT_TRANSLATE_NOOP("Commands", "Text at its usual size"), window, "redo", Keys{ctrl(Qt::Key_0)}, [&h] { h.zoomBy(0); }});
    c.add({"window.quit", QT_TRANSLATE_NOOP("Commands", "Quit"), window, "close", Keys{ctrl(Qt::Key_Q)}, [&w] { w.close(); }});
}

void addModelCommands(CommandSet& c, MainWindow& w, WindowHabits& h)
{
    const auto models = CommandGroup::Models;
    c.add({"model.choose", QT_TRANSLATE_NOOP("Commands", "Choose another model"), models, "models", Keys{ctrl(Qt::Key_L)}, [&h] { h.togglePalette(QStringLiteral("@")); }});
    c.add({"model.open", QT_TRANSLATE_NOOP("Commands", "Open a model"), models, "folder", Keys{ctrl(Qt::Key_O)}, [&w] { w.chooseModel(); }});
    c.add({"model.details", QT_TRANSLATE_NOOP("Commands", "Model details"), models, "models", Keys{ctrl(Qt::Key_I)}, [&w] { w.showModelDetails(); }});
}

void addProfilerCommands(CommandSet& c, MainWindow& w)
{
    const auto profiler = CommandGroup::Profiler;
    const auto shown = [&w] { return w.isProfilerShown() && w.profilerPage().showsRecording(); };
    c.add({"profiler.back", QT_TRANSLATE_NOOP("Commands", "Times shown before"), profiler, "leftc", Keys{QKeySequence(Qt::ALT | Qt::Key_Left)}, [&w] { w.profilerPage().view().back(); }, shown, true});
    c.add({"profiler.forward", QT_TRANSLATE_NOOP("Commands", "Times shown after that"), profiler, "rightc", Keys{QKeySequence(Qt::ALT | Qt::Key_Right)}, [&w] { w.profilerPage().view().forward(); }, shown, true});
    c.add({"profiler.all", QT_TRANSLATE_NOOP("Commands", "The whole recording"), profiler, "profiler", Keys{}, [&w] { w.profilerPage().view().showAll(); }, shown});
    c.add({"profiler.selection", QT_TRANSLATE_NOOP("Commands", "Zoom to the selection"), profiler, "search", Keys{}, [&w] { w.profilerPage().view().showSelection(); }, shown});
}
// clang-format on

Command placed(KeyPlace place, const char* id, const char* title, const char* icon, const Keys& keys)
{
    Command command;
    command.id = QLatin1String(id);
    command.title = title;
    command.group = place == KeyPlace::Composer ? CommandGroup::Chat : CommandGroup::Window;
    command.icon = QLatin1String(icon);
    command.keys = keys;
    command.place = place;
    return command;
}

} // namespace

void addInputCommands(CommandSet& c)
{
    const ComposerKeys keys;
    const auto place = KeyPlace::Composer;
    c.add(placed(place, "input.send", QT_TRANSLATE_NOOP("Commands", "Send"), "up", keys.send));
    c.add(placed(place, "input.newLine", QT_TRANSLATE_NOOP("Commands", "New line"), "edit", keys.newLine));
    c.add(
        placed(place, "input.stop", QT_TRANSLATE_NOOP("Commands", "Stop, keep the text"), "stop", keys.stop));
    c.add(placed(place, "input.recall", QT_TRANSLATE_NOOP("Commands", "Recall last prompt"), "undo",
                 keys.recall));
}

void addChatListCommands(CommandSet& c)
{
    const ChatListKeys keys;
    const auto place = KeyPlace::ChatList;
    c.add(placed(place, "chats.rename", QT_TRANSLATE_NOOP("Commands", "Rename in the list of chats"), "edit",
                 keys.rename));
    c.add(placed(place, "chats.remove", QT_TRANSLATE_NOOP("Commands", "Delete in the list of chats"), "trash",
                 keys.remove));
}

void addWindowCommands(CommandSet& commands, MainWindow& window, WindowHabits& habits)
{
    addInputCommands(commands);
    addChatCommands(commands, window, habits);
    addWindowParts(commands, window, habits);
    addChatListCommands(commands);
    addModelCommands(commands, window, habits);
    addProfilerCommands(commands, window);
}

} // namespace vitrine::ui
