// SPDX-License-Identifier: GPL-3.0-or-later
// Puts the window together: settings, look, language, engine, and the model to start with.
#include <cstdio>
#include <cstdlib>

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QIcon>

#include "engine/model/default_model.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/restart.h"
#include "ui/shell/system_appearance.h"
#include "ui/theme/theme.h"

using namespace vitrine;

namespace {

/// The file named on the command line; else the one used last, if it is still there; else the default one.
QString modelToStartWith(const QStringList& arguments, const ui::Preferences& preferences)
{
    if (!arguments.isEmpty())
        return QFileInfo(arguments.first()).absoluteFilePath();
    if (QFileInfo::exists(preferences.lastModel()))
        return preferences.lastModel();
    const auto found = engine::findDefaultModel();
    return found ? QString::fromStdString(*found) : QString();
}

QStringList readCommandLine(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Chat with local language models and watch the serving engine."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("model"),
        QCoreApplication::translate("main", "A GGUF file to start with, or a recording to look at."),
        QStringLiteral("[model.gguf|recording.vtrace]"));
    parser.process(application);
    return parser.positionalArguments();
}

/// `next`: what is to run in place of this program when it has ended; empty: nothing.
int run(QApplication& application, QStringList& next)
{
    QApplication::setApplicationName(QStringLiteral("vitrine"));
    QApplication::setApplicationDisplayName(QStringLiteral("Vitrine"));
    QApplication::setApplicationVersion(QStringLiteral(VITRINE_VERSION));
    const QStringList arguments = readCommandLine(application);

    ui::Preferences preferences;
    ui::Language language;
    language.setChoice(preferences.language());

    const ui::SystemAppearance appearance; // before the theme changes the palette
    ui::Theme theme;
    theme.setSystemDark(appearance.isDark());
    theme.setChoice(preferences.theme());
    theme.setZoom(preferences.zoomPercent());
    theme.applyTo(application);
    QObject::connect(&appearance, &ui::SystemAppearance::changed, &theme, &ui::Theme::setSystemDark);
    QObject::connect(&appearance, &ui::SystemAppearance::motionChanged, &theme, &ui::Theme::setReducedMotion);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/app/vitrine.svg")));

    engine::EngineOptions options;
    options.executor.threads = preferences.scheduling().threads;
    ui::EngineBridge bridge(options);
    bridge.setScheduling(preferences.scheduling());
    ui::MainWindow window(bridge, theme, language, preferences, ui::ChatArchive::defaultPath());
    QObject::connect(&window, &ui::MainWindow::restartRequested, &window,
                     [&next](const QStringList& command) { next = command; });
    window.show();
    window.activateWindow(); // typing starts at once, also where no window manager hands out the focus
    const bool recording = !arguments.isEmpty() && arguments.first().endsWith(QStringLiteral(".vtrace"));
    window.openModel(modelToStartWith(recording ? QStringList() : arguments, preferences));
    if (recording)
        window.openRecording(arguments.first());
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QStringList next;
    int code = 0;
    {
        QApplication application(argc, argv);
        code = run(application, next);
    }
    if (next.isEmpty())
        return code;
    std::fprintf(stderr, "vitrine: %s: %s\n", qPrintable(next.first()), qPrintable(ui::replaceProcess(next)));
    return EXIT_FAILURE;
}
