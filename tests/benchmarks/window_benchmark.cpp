// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the window keeps its pace while the engine has every core: two long replies side by side, the live
// charts open. Prints how far apart the ticks of a 60 Hz timer came and how long the longest events took.
//
//   QT_QPA_PLATFORM=offscreen window_benchmark [SECONDS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include "tests/integration/support/real_window.h"

using namespace vitrine::ui;

namespace {

/// Times every event that the window handles; events inside events count with the outer one.
class TimedApplication : public QApplication
{
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0 || !m_timing)
            return QApplication::notify(receiver, event);
        ++m_depth;
        QElapsedTimer timer;
        timer.start();
        const bool handled = QApplication::notify(receiver, event);
        m_milliseconds.push_back(double(timer.nsecsElapsed()) * 1e-6);
        --m_depth;
        return handled;
    }

    void startTiming() { m_timing = true; }
    std::vector<double> takeTimes()
    {
        m_timing = false;
        return std::move(m_milliseconds);
    }

private:
    int m_depth = 0;
    bool m_timing = false;
    std::vector<double> m_milliseconds;
};

double share(std::vector<double>& values, double part)
{
    if (values.empty())
        return 0.0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(part * double(values.size())))];
}

void print(const char* what, std::vector<double> values)
{
    std::printf("%-24s %6zu, median %6.2f ms, 99 %% %6.2f ms, longest %6.2f ms\n", what, values.size(),
                share(values, 0.5), share(values, 0.99), share(values, 1.0));
}

/// Ticks of a 60 Hz timer, as far apart as the event loop lets them be.
std::vector<double> measureTicks(int seconds)
{
    std::vector<double> apart;
    QTimer frames;
    frames.setTimerType(Qt::PreciseTimer);
    QElapsedTimer sinceLast;
    QObject::connect(&frames, &QTimer::timeout, &frames, [&] {
        if (sinceLast.isValid())
            apart.push_back(double(sinceLast.nsecsElapsed()) * 1e-6);
        sinceLast.start();
    });
    frames.start(16);
    QTest::qWait(seconds * 1000);
    return apart;
}

} // namespace

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    const int seconds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 10;
    RealWindow real;
    if (!real.openDefaultModel())
        return 1;
    print("ticks, idle", measureTicks(2));
    real.window.setLiveShown(true);
    real.ask("Tell me a very long story about a lighthouse, with a table and a list.");
    QTest::keyClick(&real.window, Qt::Key_Backslash, Qt::ControlModifier);
    QTest::qWait(300);
    real.ask("Tell me a very long story about a train, with code in C++.");
    application.startTiming();
    const std::vector<double> ticks = measureTicks(seconds);
    const std::vector<double> events = application.takeTimes();
    std::printf("replies running at the end: %u\n", real.bridge.status().running);
    print("ticks, replies streaming", ticks);
    print("events", events);
    return 0;
}
