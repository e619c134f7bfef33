// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_habits.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLineEdit>

#include "engine/base/clock.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/models/model_records.h"
#include "ui/shell/commands/command_tips.h"
#include "ui/shell/commands/shortcut_sheet.h"
#include "ui/shell/desktop_notes.h"
#include "ui/shell/long_reply_notifier.h"
#include "ui/shell/main_window.h"
#include "ui/shell/palette/command_palette.h"
#include "ui/shell/palette/command_source.h"
#include "ui/shell/palette/conversation_source.h"
#include "ui/shell/palette/message_source.h"
#include "ui/shell/palette/model_source.h"
#include "ui/shell/palette/setting_source.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/window_commands.h"

namespace vitrine::ui {
namespace {

const QString kPaletteCommand = QStringLiteral("window.palette");
const QString kSheetCommand = QStringLiteral("window.shortcuts");

} // namespace

WindowHabits::WindowHabits(MainWindow& window, const Parts& parts)
    : QObject(&window), m_window(window), m_parts(parts), m_commands(window, parts.preferences)
{
    m_tips = new CommandTips(m_commands, this);
    addWindowCommands(m_commands, window, *this);
    // Whatever is asked for happens in the window, not behind a scrim.
    connect(&m_commands, &CommandSet::aboutToRun, this, [this](const QString& id) {
        if (m_overlay && id != m_overlayCommand)
            m_overlay->dismiss();
    });
    addSources();
    addNotes();
}

void WindowHabits::addPaletteSource(PaletteSource* source)
{
    source->setParent(this);
    m_sources.push_back(source);
}

void WindowHabits::addSources()
{
    addPaletteSource(new CommandSource(m_commands));
    addPaletteSource(new ConversationSource(
        m_parts.store, [this](ConversationId id, OpenWhere where) { openConversation(id, where); }));
    m_messages =
        new MessageSource(m_parts.store, [this](ConversationId id, MessageId message, OpenWhere where) {
            openConversation(id, where);
            m_window.showMessage(id, message);
        });
    addPaletteSource(m_messages);
    const auto recent = [this] {
        QStringList paths = ModelRecords(m_parts.preferences).recent();
        paths.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
        return paths;
    };
    addPaletteSource(
        new ModelSource(m_parts.bridge, {recent, [this](const QString& path) { m_window.openModel(path); },
                                         [this] { m_window.showModelDetails(); }}));
    addPaletteSource(
        new SettingSource(m_parts.preferences, m_parts.theme, m_parts.language, m_parts.bridge, m_commands));
}

void WindowHabits::setArchive(ChatArchive& archive)
{
    m_messages->setArchive(&archive);
}

void WindowHabits::addNotes()
{
    m_notes = new DesktopNotes(this);
    m_notifier = new LongReplyNotifier(m_parts.store,
                                       {[] { return double(engine::nowNs()) * 1e-9; },
                                        [this] { return m_window.isActiveWindow(); },
                                        [this] { return m_parts.preferences.notifiesOfLongReplies(); },
                                        [this](const LongReplyNote& note) {
                                            m_notes->show(note.conversation.value, note.title, note.text);
                                        }},
                                       this);
    connect(&m_parts.bridge, &EngineBridge::replyWaiting, m_notifier,
            [this](ReplyId reply) { m_notifier->seen(reply); });
    connect(&m_parts.bridge, &EngineBridge::replyStarted, m_notifier,
            [this](ReplyId reply) { m_notifier->seen(reply); });
    connect(&m_parts.bridge, &EngineBridge::replyFinished, m_notifier, &LongReplyNotifier::ended);
    connect(m_notes, &DesktopNotes::noteClicked, this, [this](quint64 tag) {
        raiseWindow();
        openConversation(ConversationId{qint64(tag)}, OpenWhere::Here);
    });
    connect(m_notes, &DesktopNotes::windowRequested, this, &WindowHabits::raiseWindow);
    connect(m_notes, &DesktopNotes::quitRequested, &m_window, &QWidget::close);
}

void WindowHabits::show(Overlay* overlay, const QString& command)
{
    m_overlay = overlay;
    m_overlayCommand = command;
    overlay->spare(m_window.statusStrip());
    overlay->open();
}

/// The keys that open it close it again.
void WindowHabits::togglePalette(const QString& typed)
{
    if (m_overlay && m_overlay->isVisible()) {
        m_overlay->dismiss();
        return;
    }
    auto* palette = new CommandPalette(m_parts.theme, m_sources, m_window);
    show(palette, kPaletteCommand);
    if (!typed.isEmpty())
        palette->field().setText(typed);
}

void WindowHabits::toggleShortcuts()
{
    if (m_overlay && m_overlay->isVisible()) {
        m_overlay->dismiss();
        return;
    }
    show(new ShortcutSheet(m_parts.theme, m_commands, kSheetCommand, m_window), kSheetCommand);
}

void WindowHabits::zoomBy(int steps)
{
    Theme& theme = m_parts.theme;
    theme.setZoom(steps == 0 ? 100 : theme.zoom() + steps * Theme::kZoomStep);
    m_parts.preferences.setZoomPercent(theme.zoom());
}

QString WindowHabits::lastReply() const
{
    const auto& messages = m_window.chatPage().focusedPane().conversation()->messages();
    for (auto message = messages.rbegin(); message != messages.rend(); ++message)
        if (message->role == Role::Assistant && !message->text.isEmpty())
            return message->text;
    return {};
}

void WindowHabits::copyReply()
{
    QGuiApplication::clipboard()->setText(lastReply());
}

bool WindowHabits::hasReply() const
{
    return !lastReply().isEmpty();
}

void WindowHabits::openConversation(ConversationId id, OpenWhere where)
{
    m_window.showChats();
    ChatPage& page = m_window.chatPage();
    if (where == OpenWhere::NewPane && page.currentConversation() != id)
        page.openInOtherPane(id);
    else
        page.openConversation(id);
}

void WindowHabits::raiseWindow()
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

} // namespace vitrine::ui
