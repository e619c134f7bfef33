// SPDX-License-Identifier: GPL-3.0-or-later
// The real main window with its own settings file, a real engine and the default model.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "engine/model/default_model.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"

namespace vitrine::ui {

inline constexpr int kPatience = 300'000; // ms; a slow machine under load

class RealWindow
{
public:
    RealWindow() : preferences(folder.filePath("settings.ini")), window(bridge, theme, language, preferences)
    {
        theme.applyTo(*qApp);
        language.setChoice(LanguageChoice::English);
        window.session().setFixedSeed(1);
        window.resize(1280, 800);
        window.show();
        activate();
    }

    /// Shortcuts belong to the active window.
    void activate()
    {
        window.activateWindow();
        (void)QTest::qWaitForWindowActive(&window);
    }

    bool openDefaultModel()
    {
        const auto path = engine::findDefaultModel();
        if (!path)
            return false;
        window.openModel(QString::fromStdString(*path));
        return QTest::qWaitFor([this] { return bridge.model().has_value() && !bridge.isLoading(); },
                               kPatience);
    }

    QPlainTextEdit* composerText() const
    {
        return window.chatPage().focusedPane().findChild<QPlainTextEdit*>("composerText");
    }
    QPushButton* stopButton() const
    {
        return window.chatPage().focusedPane().findChild<QPushButton*>("stopButton");
    }
    const Conversation& conversation() const { return *window.chatPage().focusedPane().conversation(); }
    const Message& last() const { return conversation().messages().back(); }

    /// Types into the composer and presses Enter.
    void ask(const QString& text)
    {
        composerText()->setFocus();
        QTest::keyClicks(composerText(), text);
        QTest::keyClick(composerText(), Qt::Key_Return);
    }
    bool waitForTheEnd()
    {
        return QTest::qWaitFor([this] { return !conversation().isEmpty() && !conversation().openReply(); },
                               kPatience);
    }

    QTemporaryDir folder;
    Theme theme;
    Language language;
    Preferences preferences;
    EngineBridge bridge;
    MainWindow window;
};

} // namespace vitrine::ui
