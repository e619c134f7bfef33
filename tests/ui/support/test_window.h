// SPDX-License-Identifier: GPL-3.0-or-later
// The main window without a model, in English, with settings (and chats, where a test wants them) in a
// folder of its own.
#pragma once

#include <memory>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/shortcut_sheet.h"
#include "ui/shell/main_window.h"
#include "ui/shell/palette/command_palette.h"
#include "ui/shell/window_habits.h"

namespace vitrine::ui {

struct TestWindow
{
    enum class Chats { InMemory, InAFile };

    explicit TestWindow(Theme& theme, Chats chats = Chats::InMemory)
        : preferences(dir.filePath(QStringLiteral("v.ini")))
    {
        language.setChoice(LanguageChoice::English);
        const bool file = chats == Chats::InAFile;
        window = std::make_unique<MainWindow>(bridge, theme, language, preferences,
                                              file ? dir.filePath(QStringLiteral("chats.db")) : QString());
        QSignalSpy restored(&store(), &ConversationStore::restored);
        window->resize(1440, 900);
        window->show();
        window->activateWindow();
        active = QTest::qWaitForWindowActive(window.get());
        if (file && restored.isEmpty())
            active = restored.wait(30'000) && active;
    }
    ConversationStore& store() const { return window->session().store(); }
    CommandSet& commands() const { return window->habits().commands(); }

    ConversationId addChat(const QString& text)
    {
        Conversation& chat = store().create();
        chat.addUserMessage(text);
        return chat.id();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(window->focusWidget(), Qt::Key(key), modifiers);
    }
    /// By its keys; nullptr when it did not come.
    CommandPalette* openPalette()
    {
        press(Qt::Key_K, Qt::ControlModifier);
        for (auto* palette : window->findChildren<CommandPalette*>())
            if (palette->isVisible())
                return palette;
        return nullptr;
    }
    ShortcutSheet* openSheet()
    {
        press(Qt::Key_Slash, Qt::ControlModifier);
        return window->findChild<ShortcutSheet*>();
    }

    QTemporaryDir dir;
    Preferences preferences;
    Language language;
    EngineBridge bridge;
    std::unique_ptr<MainWindow> window;
    bool active = false;
};

} // namespace vitrine::ui
