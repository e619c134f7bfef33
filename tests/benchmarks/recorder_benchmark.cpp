// SPDX-License-Identifier: GPL-3.0-or-later
// What recording costs: 32 requests of 128 tokens through the default model, with and without a recorder in
// turn. Prints both medians and their ratio.
#include <cstdio>
#include <vector>

#include "tests/benchmarks/support/steady_load.h"

using namespace vitrine::engine;
using namespace vitrine::benchmarks;

namespace {

constexpr int kRounds = 7;
constexpr SteadyLoad kLoad{32, 64, 128};

} // namespace

int main()
{
    Result<PreparedModel> prepared = preparedDefault();
    if (!prepared) {
        std::fprintf(stderr, "%s\n", prepared.error().message.c_str());
        return 1;
    }
    Engine engine;
    engine.install(std::move(*prepared));
    Recorder recorder;
    std::vector<double> plain, recorded;
    std::uint64_t salt = 1;
    serve(engine, kLoad, salt++); // warm
    for (int round = 0; round < kRounds; ++round) {
        engine.record(nullptr);
        plain.push_back(serve(engine, kLoad, salt++));
        engine.record(&recorder);
        recorded.push_back(serve(engine, kLoad, salt++));
        recorder.take();
    }
    std::printf("without %.0f tok/s, with %.0f tok/s, ratio %.4f\n", median(plain), median(recorded),
                median(recorded) / median(plain));
    return 0;
}
