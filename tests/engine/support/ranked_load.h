// SPDX-License-Identifier: GPL-3.0-or-later
// An engine whose model processes of the command line share, a mixed load for it, and what becomes of the
// load while somebody does mischief between its steps.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QtGlobal>

#include "engine/engine.h"
#include "engine/execution/ranked_model.h"
#include "engine/memory_reserve.h"
#include "engine/parallel/group_layout.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/integration/support/child_processes.h"
#include "tests/support/sanitizer.h"

namespace vitrine::engine::test {

inline constexpr std::uint32_t kNeverFewer = 1'000'000;

/// Of the other ranks, those that were started last behind.
inline std::vector<pid_t> workerIds()
{
    std::vector<pid_t> ids;
    for (const qint64 id : vitrine::tests::childrenOf(getpid()))
        ids.push_back(static_cast<pid_t>(id));
    return ids;
}

inline EngineOptions engineOptions(std::uint32_t ranks, std::uint32_t failures)
{
    EngineOptions options;
    options.executor.rankCount = ranks;
    options.executor.threads = ranks;
    options.executor.deterministic = true;
    options.executor.rankFailures = failures;
    options.executor.rankPatienceMs = vitrine::tests::kSanitized ? 20'000 : 900;
    options.kvBlocks = 64;
    options.blockSize = 8;
    options.hostBlocks = 16;
    options.scheduler.tokenBudget = 48;
    return options;
}

/// An engine whose model is shared by processes of the command line.
inline std::unique_ptr<Engine> rankedEngine(const EngineOptions& options,
                                            const std::string& program = VITRINE_CLI,
                                            std::shared_ptr<const Model> model = tinyModel("llama"))
{
    Result<std::unique_ptr<Executor>> executor = options.executor.rankCount * options.executor.stageCount == 1
                                                     ? makeCpuExecutor(model, options.executor)
                                                     : makeRankedModel(model, options.executor, {}, program);
    if (!executor) {
        qWarning("%s", executor.error().message.c_str());
        return nullptr;
    }
    EngineOptions resolved = options;
    const Result<KvPlan> plan = reserveMemory(**executor, model->config(), resolved);
    VT_CHECK(plan.has_value());
    auto engine = std::make_unique<Engine>();
    engine->install({model, std::move(*executor), *plan, resolved});
    return engine;
}

/// Memory that processes share their packed weights in, as far as this process holds it.
inline std::size_t sharedWeightsHeld()
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
        count += target.find("memfd:vitrine-weights") != std::string::npos ? 1 : 0;
    }
    return count;
}

struct Replies
{
    std::map<std::uint64_t, std::vector<TokenId>> tokens; ///< by request
    std::map<std::uint64_t, std::string> errors;
    std::size_t finished = 0, lost = 0;

    void take(const EngineEvent& event)
    {
        if (const auto* token = std::get_if<TokenGenerated>(&event))
            tokens[token->request.value].push_back(token->token.id);
        if (const auto* paused = std::get_if<RequestPreempted>(&event))
            lost += paused->event.reason == PreemptionReason::KvLost ? 1 : 0;
        if (const auto* end = std::get_if<RequestFinished>(&event)) {
            ++finished;
            if (end->reason == FinishReason::Error)
                errors[end->request.value] = end->error;
        }
    }
};

inline const char* firstOf(const std::map<std::uint64_t, std::string>& errors)
{
    return errors.empty() ? "" : errors.begin()->second.c_str();
}

/// Of several lengths, some with a common beginning, greedy and sampled.
inline std::vector<GenerationRequest> mixedLoad(std::size_t count, std::uint32_t vocab)
{
    std::mt19937 random(17);
    std::vector<GenerationRequest> load;
    const std::vector<TokenId> common = randomTokens(vocab, 40, 5);
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<TokenId> prompt = randomTokens(vocab, 4 + random() % 70, 100 + static_cast<unsigned>(i));
        if (i % 3 == 0)
            prompt.insert(prompt.begin(), common.begin(), common.end());
        GenerationRequest request;
        request.prompt = std::move(prompt);
        request.maxTokens = 8 + random() % 40;
        request.ignoreEndOfGeneration = true;
        request.sampling.temperature = i % 4 == 1 ? 0.8F : 0.0F;
        request.sampling.seed = 7;
        request.sampleKey = i;
        load.push_back(std::move(request));
    }
    return load;
}

using Mischief = std::function<void(std::uint64_t step)>;

inline Replies runLoad(Engine& engine, const std::vector<GenerationRequest>& load,
                       const Mischief& mischief = {})
{
    Replies replies;
    engine.subscribe([&](const EngineEvent& event) { replies.take(event); });
    for (const GenerationRequest& request : load)
        if (const auto id = engine.submit(request); !id)
            qWarning("%s", id.error().message.c_str());
    std::uint64_t step = 0;
    while (engine.hasWork() && step < 100'000) {
        if (mischief)
            mischief(step);
        engine.step();
        ++step;
        if (const std::string broken = engine.scheduler()->checkInvariants(); !broken.empty())
            qFatal("%s", broken.c_str());
    }
    return replies;
}

/// The memory of the steps' group, as a rank sees it: the only one with more than two ranks' places.
struct GroupMemory
{
    explicit GroupMemory(std::uint32_t ranks)
    {
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code gone;
            const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
            struct stat about = {};
            const int file = std::stoi(entry.path().filename().string());
            if (target.find("memfd:") == std::string::npos || fstat(file, &about) != 0 ||
                static_cast<std::size_t>(about.st_size) != GroupShape{.ranks = ranks}.totalBytes())
                continue;
            bytes = static_cast<std::size_t>(about.st_size);
            data = static_cast<unsigned char*>(
                mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
        }
    }
    ~GroupMemory()
    {
        if (data != nullptr)
            munmap(data, bytes);
    }

    unsigned char* data = nullptr;
    std::size_t bytes = 0;
};

} // namespace vitrine::engine::test
