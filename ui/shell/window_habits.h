// SPDX-License-Identifier: GPL-3.0-or-later
// What makes the window quick for those who use it every day: its commands and their keys, the palette, the
// list of shortcuts, zoom, and notes about long replies. Belongs to the window and talks to it only through
// its public functions. Thread: UI.
#pragma once

#include <vector>

#include <QObject>
#include <QPointer>

#include "ui/chat/conversation_store.h"
#include "ui/shell/commands/command_set.h"

namespace vitrine::ui {

class ChatArchive;
class CommandTips;
class DesktopNotes;
class EngineBridge;
class Language;
class LongReplyNotifier;
class MainWindow;
class MessageSource;
class Overlay;
class PaletteSource;
class Preferences;
class Theme;
enum class OpenWhere;

class WindowHabits : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        EngineBridge& bridge;
        Theme& theme;
        Language& language;
        Preferences& preferences;
        ConversationStore& store;
    };

    /// All outlive it; the window is its parent.
    WindowHabits(MainWindow& window, const Parts& parts);

    CommandSet& commands() { return m_commands; }
    const CommandTips& tips() const { return *m_tips; }
    /// The palette finds texts there as well.
    void setArchive(ChatArchive& archive);
    /// A further source for the palette; it becomes the owner.
    void addPaletteSource(PaletteSource* source);

    /// `typed`: what its field begins with.
    void togglePalette(const QString& typed = {});
    void toggleShortcuts();
    /// Steps of Theme::kZoomStep; 0 goes back to 100 %.
    void zoomBy(int steps);
    /// The last reply of the conversation with the focus, as it was written, onto the clipboard.
    void copyReply();
    bool hasReply() const;

private:
    void addSources();
    void addNotes();
    void show(Overlay* overlay, const QString& command);
    void openConversation(ConversationId id, OpenWhere where);
    void raiseWindow();
    QString lastReply() const;

    MainWindow& m_window;
    Parts m_parts;
    CommandSet m_commands;
    CommandTips* m_tips = nullptr;
    std::vector<PaletteSource*> m_sources;
    MessageSource* m_messages = nullptr;
    QPointer<Overlay> m_overlay;
    QString m_overlayCommand; // opens and closes it
    DesktopNotes* m_notes = nullptr;
    LongReplyNotifier* m_notifier = nullptr;
};

} // namespace vitrine::ui
