// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the Profiler stays light with a million events of the engine and as many of NVTX: opening a
// recording, then dragging and zooming through it. Prints how long the window's thread paints a frame, and
// how long a fresh picture takes to come.
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
#include "ui/profiler/page/profiler_page.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr std::size_t kEventsAStep = 10; // five phases, three rows, a token, a block
constexpr std::int64_t kStepNs = 10'000'000;
constexpr std::uint32_t kBlocks = 65'536;
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

void addPhases(engine::RecordedStep& step)
{
    std::int64_t now = step.record.startNs;
    for (std::size_t phase = 0; phase < engine::kStepPhases; ++phase) {
        const std::int64_t length = phase == 2 ? kStepNs * 8 / 10 : kStepNs / 50;
        step.phases.push_back({static_cast<engine::StepPhase>(phase), now, now + length});
        now += length;
    }
}

/// Three requests at a time, each for 200 steps: a prompt, then a token a step.
engine::RecordedStep makeStep(std::size_t number)
{
    engine::RecordedStep step;
    step.record.step = number + 1;
    step.record.startNs = static_cast<std::int64_t>(number) * kStepNs;
    step.record.endNs = step.record.startNs + kStepNs;
    step.record.decodeTokens = 2 + number % 5;
    step.record.tokenBudget = 512;
    step.record.blocksReferenced = 20'000 + std::uint32_t(number * 37 % 20'000);
    step.record.blocksFree = kBlocks - step.record.blocksReferenced;
    addPhases(step);
    for (std::size_t slot = 0; slot < 3; ++slot) {
        const std::size_t turn = (number + slot * 67) / 200;
        const engine::RequestId request{turn * 3 + slot + 1};
        const bool first = (number + slot * 67) % 200 == 0 || number == 0;
        if (first)
            step.events.emplace_back(engine::RecordedArrival{request, step.record.startNs, 256, 200, {}});
        step.rows.push_back({request, first ? 256U : 0U, first ? 0U : 1U, 300, 20});
        if ((number + slot * 67) % 200 == 199)
            step.events.emplace_back(
                engine::RecordedEnd{request, engine::FinishReason::Length, step.record.endNs});
    }
    step.events.emplace_back(engine::RecordedToken{step.rows[0].request, 7});
    step.blocks.push_back({engine::BlockEventKind::Take, step.rows[0].request,
                           engine::BlockId{static_cast<int>(number % kBlocks)}, -1,
                           static_cast<std::uint32_t>(number % 200)});
    return step;
}

/// What a step tells NVTX: the engine a range, four workers two each, and a span.
void addNvtx(std::vector<engine::NvtxEvent>& events, std::size_t number)
{
    const std::int64_t start = static_cast<std::int64_t>(number) * kStepNs;
    const auto add = [&](engine::NvtxKind kind, std::uint32_t thread, std::int64_t from, std::int64_t to,
                         std::uint32_t name) {
        engine::NvtxEvent event;
        event.kind = kind;
        event.thread = thread;
        event.startNs = start + from * kStepNs / 100;
        event.endNs = start + to * kStepNs / 100;
        event.domain = 1;
        event.message = name;
        event.payload = number;
        event.payloadKind = engine::NvtxPayload::Unsigned;
        events.push_back(event);
    };
    for (std::uint32_t worker = 10; worker < 14; ++worker) {
        add(engine::NvtxKind::Range, worker, 5, 40 - worker, 3);
        add(engine::NvtxKind::Range, worker, 45, 90, 4);
    }
    add(engine::NvtxKind::Range, 1, 0, 4, 2);
    add(engine::NvtxKind::Span, 1, 0, 99, 5);
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
    const std::vector<std::string> names{"", "vitrine", "schedule", "qkv", "gate up", "step"};
    std::vector<engine::NvtxEvent> events;
    for (std::size_t i = 0; i < steps; ++i) {
        const engine::RecordedStep step = makeStep(i);
        if (!writer->add({&step, 1}))
            return false;
        events.clear();
        addNvtx(events, i);
        if (!writer->addNvtx(events, names))
            return false;
    }
    if (!writer->endNvtx({{1, "engine"}, {10, "worker 1"}}, 0))
        return false;
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
    std::printf("%llu steps and %llu NVTX events read in %.0f ms\n",
                static_cast<unsigned long long>(session.summary().steps),
                static_cast<unsigned long long>(session.summary().nvtxEvents), milliseconds(timer));
    ProfilerPage page(preferences, theme);
    page.resize(1440, 872);
    page.setSession(&session);
    page.show();
    QTest::qWait(500);
    drive(page, session);
    page.setSession(nullptr);
    return 0;
}
