// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the Profiler stays light with a million events: opening a recording, then dragging and zooming
// through it. Prints how long the window's thread paints a frame, and how long a fresh picture takes to come.
//
//   QT_QPA_PLATFORM=offscreen profiler_benchmark [EVENTS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/trace/trace_writer.h"
#include "tests/benchmarks/support/long_run.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::benchmarks;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 300'000;

double milliseconds(const QElapsedTimer& timer)
{
    return double(timer.nsecsElapsed()) * 1e-6;
}

void print(const char* what, std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto share = [&values](double part) {
        return values[std::min(values.size() - 1, std::size_t(part * double(values.size())))];
    };
    std::printf("%-28s %6zu, median %7.2f ms, 99 %% %7.2f ms, longest %7.2f ms\n", what, values.size(),
                share(0.5), share(0.99), share(1.0));
}

bool write(const QString& path, std::size_t steps)
{
    engine::TraceOrigin origin;
    origin.pool.blocks = kBlocks;
    origin.pool.blockSize = 16;
    origin.model = "made up";
    auto writer = engine::TraceWriter::create(path.toStdString(), origin, {.wordOf = {}});
    if (!writer)
        return false;
    for (std::size_t i = 0; i < steps; ++i) {
        const engine::RecordedStep step = longRunStep(i);
        if (!writer->add({&step, 1}))
            return false;
    }
    return bool(writer->finish(0));
}

/// Drags, zooms out and zooms in; every frame is painted whole.
void drive(ProfilerPage& page, RecordingSession& session)
{
    std::vector<double> frames, pictures;
    QImage image(page.size(), QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer timer, asked;
    bool waiting = false;
    QObject::connect(&session, &RecordingSession::timelineReady, &page, [&] {
        if (std::exchange(waiting, false))
            pictures.push_back(milliseconds(asked));
    });
    TimeView& view = page.view();
    view.showAll();
    for (int i = 0; i < 300; ++i) {
        if (!std::exchange(waiting, true))
            asked.start();
        if (i % 3 == 0)
            view.zoomAbout(view.visible().startNs + view.visible().length() / 3, i < 150 ? 0.8 : 1.25);
        else
            view.panBy(view.visible().length() / 40);
        timer.start();
        page.render(&image);
        frames.push_back(milliseconds(timer));
        QTest::qWait(8);
    }
    print("painting the page", frames);
    print("a fresh picture", pictures);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const std::size_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    QTemporaryDir folder;
    Theme theme;
    theme.applyTo(application);
    Preferences preferences(folder.filePath(QStringLiteral("settings.ini")));
    const QString path = folder.filePath(QStringLiteral("long.vtrace"));
    if (!write(path, events / kEventsAStep))
        return 1;
    QElapsedTimer timer;
    timer.start();
    RecordingSession session(path);
    QSignalSpy changed(&session, &RecordingSession::changed);
    if (!changed.wait(kPatience))
        return 1;
    std::printf("%llu steps read in %.0f ms\n", static_cast<unsigned long long>(session.summary().steps),
                milliseconds(timer));
    ProfilerPage page(preferences, theme);
    page.resize(1440, 872);
    page.setSession(&session);
    page.show();
    QTest::qWait(500);
    drive(page, session);
    page.setSession(nullptr);
    return 0;
}
