// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording at its bound costs: steps as fast as they are taken, until the oldest ones have gone more
// than once; then all analyses at once while it goes on, and the page is dragged through it. Prints how much
// memory the process holds at each point, and how long frames and pictures take.
//
//   QT_QPA_PLATFORM=offscreen recording_bound_benchmark [PROMPT TOKENS]
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include "tests/benchmarks/support/long_run.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/recording/recording_feed.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::benchmarks;
using namespace vitrine::ui;

namespace {

constexpr std::size_t kSlice = 2'000; // steps at a time
constexpr std::size_t kSlow = 20;     // while it is looked at
constexpr int kPatienceMs = 300'000;

double residentMiB()
{
    std::ifstream file("/proc/self/statm");
    std::size_t whole = 0, resident = 0;
    file >> whole >> resident;
    return double(resident) * double(::sysconf(_SC_PAGESIZE)) / double(1U << 20U);
}

/// Steps like an engine's, on a thread of their own.
class MadeEngine
{
public:
    MadeEngine(std::shared_ptr<RecordingFeed> feed, std::size_t prompt)
        : m_feed(std::move(feed)), m_prompt(prompt), m_thread([this] { run(); })
    {}
    ~MadeEngine()
    {
        m_ended = true;
        m_thread.join();
    }
    void slowDown() { m_slice = kSlow; }
    std::size_t made() const { return m_made; }

private:
    void run()
    {
        while (!m_ended) {
            for (std::size_t i = 0; i < m_slice; ++i)
                m_feed->recorder().push(longRunStep(m_made++, m_prompt));
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    std::shared_ptr<RecordingFeed> m_feed;
    std::size_t m_prompt;
    std::atomic<std::size_t> m_slice = kSlice, m_made = 0;
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

void print(const char* what, std::vector<double> values)
{
    if (values.empty())
        return;
    std::sort(values.begin(), values.end());
    std::printf("%-34s median %7.2f ms, longest %7.2f ms (%zu)\n", what, values[values.size() / 2],
                values.back(), values.size());
}

/// Until all have answered; the most memory meanwhile.
double analyse(RecordingSession& session)
{
    int open = 5;
    QObject context;
    const auto answered = [&open] { --open; };
    QObject::connect(&session, &RecordingSession::prefixesReady, &context, answered);
    QObject::connect(&session, &RecordingSession::stepsReady, &context, answered);
    QObject::connect(&session, &RecordingSession::latencyReady, &context, answered);
    QObject::connect(&session, &RecordingSession::adviceReady, &context, answered);
    QObject::connect(&session, &RecordingSession::blockLifeReady, &context,
                     [&open](const SharedBlockLife& picture) { open -= picture->sizesLeft == 0 ? 1 : 0; });
    session.askPrefixes({1, {}});
    session.askSteps({1, {}});
    session.askBlockLife({1, {}});
    session.askLatency({});
    session.askAdvice({});
    double most = 0;
    QElapsedTimer timer;
    timer.start();
    while (open > 0 && timer.elapsed() < kPatienceMs) {
        QTest::qWait(20);
        most = std::max(most, residentMiB());
    }
    std::printf("five analyses in %.1f s\n", double(timer.elapsed()) * 1e-3);
    return most;
}

void drive(ProfilerPage& page, RecordingSession& session)
{
    std::vector<double> frames, pictures;
    QImage image(page.size(), QImage::Format_ARGB32_Premultiplied);
    QElapsedTimer timer, asked;
    bool waiting = false;
    QObject context;
    QObject::connect(&session, &RecordingSession::timelineReady, &context, [&] {
        if (std::exchange(waiting, false))
            pictures.push_back(double(asked.nsecsElapsed()) * 1e-6);
    });
    page.view().setFollowing(false);
    page.view().showAll();
    for (int i = 0; i < 200; ++i) {
        if (!std::exchange(waiting, true))
            asked.start();
        if (i % 3 == 0)
            page.view().zoomAbout(page.view().visible().startNs, i < 100 ? 0.8 : 1.25);
        else
            page.view().panBy(page.view().visible().length() / 40);
        timer.start();
        page.render(&image);
        frames.push_back(double(timer.nsecsElapsed()) * 1e-6);
        QTest::qWait(8);
    }
    print("painting the page", frames);
    print("a fresh picture", pictures);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const std::size_t prompt = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 256;
    QTemporaryDir folder;
    Theme theme;
    theme.applyTo(application);
    Preferences preferences(folder.filePath(QStringLiteral("settings.ini")));
    auto feed = std::make_shared<RecordingFeed>();
    engine::RecordingStart start;
    start.blocks = kBlocks;
    start.blockSize = 16;
    feed->recorder().begin(start);
    RecordingSession session(feed);
    ProfilerPage page(preferences, theme);
    page.resize(1440, 872);
    page.setSession(&session);
    page.show();
    std::printf("before: %.0f MiB\n", residentMiB());
    double most = 0;
    {
        MadeEngine made(feed, prompt);
        quint64 drops = 0, seen = 0;
        while (drops < 3) {
            QTest::qWait(100);
            most = std::max(most, residentMiB());
            if (session.summary().dropped != std::exchange(seen, session.summary().dropped))
                ++drops;
        }
        std::printf("at the bound: %.0f MiB, at most %.0f MiB; %llu steps kept, %llu gone\n", residentMiB(),
                    most, static_cast<unsigned long long>(session.summary().steps),
                    static_cast<unsigned long long>(session.summary().dropped));
        made.slowDown();
        QTest::qWait(500);
        std::printf("analyses, while it goes on: at most %.0f MiB\n", analyse(session));
        drive(page, session);
    }
    QTest::qWait(500);
    std::printf("after: %.0f MiB\n", residentMiB());
    page.setSession(nullptr);
    return 0;
}
