// SPDX-License-Identifier: GPL-3.0-or-later
// What NVTX costs. A range: without a tool, with the capture attached but off, recorded. A real load: with
// recording and capture against without, in interleaved pairs. Prints nanoseconds, medians and ratios.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "engine/nvtx_capture/nvtx_capture.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "tests/benchmarks/support/steady_load.h"

using namespace vitrine::engine;
using namespace vitrine::benchmarks;

namespace {

constexpr int kRanges = 1'000'000;
constexpr int kPairs = 15;
constexpr SteadyLoad kLoad{16, 32, 48};

/// Of this thread's work, whatever else runs on the machine.
std::int64_t workedNs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Nanoseconds of one range, its beginning and its end.
double rangeCost()
{
    std::vector<double> costs;
    for (int round = 0; round < 5; ++round) {
        const std::int64_t start = workedNs();
        for (int i = 0; i < kRanges / 5; ++i)
            const NvtxRange range(NvtxName::Schedule, static_cast<std::uint64_t>(i));
        costs.push_back(static_cast<double>(workedNs() - start) / (kRanges / 5));
    }
    return median(costs);
}

/// Both in turn, the first one first every other time.
void measureLoad(Engine& engine, NvtxCapture& capture)
{
    Recorder recorder;
    std::uint64_t salt = 1, events = 0, dropped = 0;
    const auto measured = [&](bool on) {
        engine.record(on ? &recorder : nullptr);
        if (on)
            capture.start();
        const double rate = serve(engine, kLoad, salt++);
        if (on) {
            capture.stop();
            events += capture.take().size();
            dropped += capture.dropped();
            recorder.take();
        }
        return rate;
    };
    measured(false); // warm
    std::vector<double> plain, recorded, ratios;
    for (int pair = 0; pair < kPairs; ++pair) {
        const bool onFirst = pair % 2 == 1;
        const double first = measured(onFirst), second = measured(!onFirst);
        plain.push_back(onFirst ? second : first);
        recorded.push_back(onFirst ? first : second);
        ratios.push_back(recorded.back() / plain.back());
    }
    std::printf("load: without %.0f tok/s, with recording and capture %.0f tok/s, median ratio of %d pairs "
                "%.4f; %llu events, %llu dropped\n",
                median(plain), median(recorded), kPairs, median(ratios),
                static_cast<unsigned long long>(events), static_cast<unsigned long long>(dropped));
}

int measureAttached()
{
    Result<NvtxCapture> capture = NvtxCapture::attach();
    Result<PreparedModel> prepared = preparedDefault();
    if (!capture || !prepared) {
        std::fprintf(stderr, "%s\n", (capture ? prepared.error() : capture.error()).message.c_str());
        return 1;
    }
    std::printf("range, attached but off: %.1f ns\n", rangeCost());
    capture->start(2 * kRanges);
    std::printf("range, recorded: %.1f ns\n", rangeCost());
    capture->stop();
    capture->take();
    Engine engine;
    engine.install(std::move(*prepared));
    measureLoad(engine, *capture);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1) { // a process of its own: a tool that is not there at the first range never comes
        std::printf("range, no tool: %.1f ns\n", rangeCost());
        return 0;
    }
    const int plain = std::system((std::string(argv[0]) + " plain").c_str());
    return plain != 0 ? plain : measureAttached();
}
