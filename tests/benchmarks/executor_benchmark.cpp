// SPDX-License-Identifier: GPL-3.0-or-later
// Throughput of the CPU executor through its interface: a prompt of 512 tokens, 128 single decode steps after
// 16 tokens, and batches of sequences with 128-token prompts. Medians of several rounds, by the clock and by
// processor time (all threads busy), which a loaded machine disturbs less.
//
//   executor_benchmark [MODEL.gguf] [--threads N] [--rounds R] [--only prefill|decode|x8|x32]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/executor.h"
#include "engine/model/default_model.h"

using namespace vitrine::engine;

namespace {

constexpr std::uint32_t kBlockSize = 16;
constexpr std::uint32_t kBlocksEach = 48; // room for 768 tokens a sequence

struct Options
{
    std::string model;
    std::string only;
    std::uint32_t threads = 0;
    int rounds = 5;
};

double processorSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Tokens a second of the clock, and of processor time if all threads were busy all the time.
struct Rate
{
    double wall = 0, processor = 0;
};

class Stopwatch
{
public:
    Rate rate(double tokens, std::uint32_t threads) const
    {
        const double wall = static_cast<double>(nowNs() - m_wall) * 1e-9;
        return {tokens / wall, tokens * threads / (processorSeconds() - m_processor)};
    }

private:
    std::int64_t m_wall = nowNs();
    double m_processor = processorSeconds();
};

class Bench
{
public:
    Bench(Executor& executor, std::uint32_t vocab) : m_executor(executor), m_vocab(vocab) {}

    Rate prefill(std::uint32_t tokens)
    {
        const Stopwatch watch;
        step(0, 1, 0, tokens);
        return watch.rate(tokens, m_executor.info().threads);
    }

    /// Decode steps of `sequences` sequences after prompts of `prompt` tokens.
    Rate decode(std::uint32_t steps, std::uint32_t sequences, std::uint32_t prompt)
    {
        for (std::uint32_t s = 0; s < sequences; ++s)
            step(s, 1, 0, prompt);
        const Stopwatch watch;
        for (std::uint32_t k = 0; k < steps; ++k)
            step(0, sequences, prompt + k, 1);
        return watch.rate(steps * sequences, m_executor.info().threads);
    }

private:
    /// `count` tokens from `position` on of each of `sequences` sequences; logits of the last ones.
    void step(std::uint32_t firstSequence, std::uint32_t sequences, std::uint32_t position,
              std::uint32_t count)
    {
        ForwardBatch batch;
        batch.blockSize = kBlockSize;
        batch.maxBlocksPerSequence = kBlocksEach;
        batch.queryStart.push_back(0);
        for (std::uint32_t s = firstSequence; s < firstSequence + sequences; ++s)
            append(batch, s, position, count);
        if (const auto logits = m_executor.forward(batch); !logits) {
            std::fprintf(stderr, "%s\n", logits.error().message.c_str());
            std::exit(1);
        }
    }

    void append(ForwardBatch& batch, std::uint32_t sequence, std::uint32_t position,
                std::uint32_t count) const
    {
        const auto block = [sequence](std::uint32_t i) {
            return static_cast<std::int32_t>(sequence * kBlocksEach + i);
        };
        for (std::uint32_t i = position; i < position + count; ++i) {
            batch.tokenIds.push_back(
                static_cast<TokenId>(1000 + (sequence * 131 + i) * 7919ULL % (m_vocab - 2000)));
            batch.positions.push_back(static_cast<std::int32_t>(i));
            batch.slotMapping.push_back(block(i / kBlockSize) * static_cast<std::int32_t>(kBlockSize) +
                                        static_cast<std::int32_t>(i % kBlockSize));
        }
        batch.queryStart.push_back(static_cast<std::int32_t>(batch.tokens()));
        batch.contextLengths.push_back(static_cast<std::int32_t>(position + count));
        for (std::uint32_t i = 0; i < kBlocksEach; ++i)
            batch.blockTables.push_back(block(i));
        batch.logitsRows.push_back(static_cast<std::int32_t>(batch.tokens()) - 1);
    }

    Executor& m_executor;
    std::uint32_t m_vocab;
};

Options parse(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const bool more = i + 1 < argc;
        if (more && std::strcmp(argv[i], "--threads") == 0)
            options.threads = static_cast<std::uint32_t>(std::atoi(argv[++i]));
        else if (more && std::strcmp(argv[i], "--rounds") == 0)
            options.rounds = std::max(1, std::atoi(argv[++i]));
        else if (more && std::strcmp(argv[i], "--only") == 0)
            options.only = argv[++i];
        else
            options.model = argv[i];
    }
    return options;
}

template<class Measure>
void report(const Options& options, const char* name, Measure measure)
{
    if (!options.only.empty() && options.only != name)
        return;
    std::vector<double> wall;
    std::vector<double> processor;
    for (int i = 0; i < options.rounds; ++i) {
        const Rate rate = measure();
        wall.push_back(rate.wall);
        processor.push_back(rate.processor);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(processor.begin(), processor.end());
    const std::size_t middle = wall.size() / 2;
    std::printf("%-8s %8.1f tok/s (best %.1f), by processor time %.1f\n", name, wall[middle], wall.back(),
                processor[middle]);
    std::fflush(stdout);
}

int fail(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    Options options = parse(argc, argv);
    if (options.model.empty()) {
        const Result<std::string> found = findDefaultModel();
        if (!found)
            return fail(found.error());
        options.model = *found;
    }
    const auto model = Model::load(options.model);
    if (!model)
        return fail(model.error());
    ExecutorOptions executorOptions;
    executorOptions.threads = options.threads;
    const std::int64_t start = nowNs();
    const auto executor = makeCpuExecutor(*model, executorOptions);
    if (!executor)
        return fail(executor.error());
    const double packing = static_cast<double>(nowNs() - start) * 1e-9;
    if (const auto reserved = (*executor)->reserveKv({32 * kBlocksEach, kBlockSize}); !reserved)
        return fail(reserved.error());
    const ExecutorInfo info = (*executor)->info();
    std::printf("%s, %u threads, weights %.1f MB, packed in %.2f s\n", info.device.c_str(), info.threads,
                static_cast<double>(info.weightBytes) * 1e-6, packing);
    Bench bench(**executor, (*model)->config().vocab);
    bench.prefill(64);
    report(options, "prefill", [&] { return bench.prefill(512); });
    report(options, "decode", [&] { return bench.decode(128, 1, 16); });
    report(options, "x8", [&] { return bench.decode(64, 8, 128); });
    report(options, "x32", [&] { return bench.decode(64, 32, 128); });
    return 0;
}
