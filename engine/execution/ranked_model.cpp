// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/ranked_model.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/program_library.h"
#include "engine/execution/rank_executor.h"
#include "engine/execution/stage_executor.h"
#include "engine/execution/stage_layers.h"
#include "engine/execution/weight_share.h"
#include "engine/parallel/state_report.h"
#include "engine/parallel/tensor_shard.h"
#include "engine/parallel/worker_executor.h"
#include "engine/parallel/worker_team.h"

namespace vitrine::engine {

namespace {

const char* nameOf(KvFormat format)
{
    constexpr const char* kNames[] = {"f32", "f16", "bf16", "int8", "fp8"}; // by KvFormat
    return kNames[static_cast<std::size_t>(format)];
}

/// A path by descriptors of this process, as others find it.
std::string pathForOthers(const std::string& path)
{
    const std::string own = "/proc/" + std::to_string(getpid()) + "/";
    for (const auto& [prefix, there] : {std::pair<std::string, std::string>{"/proc/self/", own},
                                        std::pair<std::string, std::string>{"/dev/fd/", own + "fd/"}})
        if (path.starts_with(prefix))
            return there + path.substr(prefix.size());
    return path;
}

std::vector<std::string> workerArguments(const Model& model, const ExecutorOptions& options)
{
    std::vector<std::string> words{
        "--model",     pathForOthers(model.path()), "--threads",     std::to_string(options.threads),
        "--kv-format", nameOf(options.kvFormat),    "--patience-ms", std::to_string(options.rankPatienceMs)};
    if (const std::string file = model.file().identity(); !file.empty())
        words.insert(words.end(), {"--file-identity", file});
    if (options.precise)
        words.push_back("--precise");
    if (options.deterministic)
        words.push_back("--deterministic");
    return words;
}

using Ranks = std::vector<std::unique_ptr<Executor>>;

using Weights = std::vector<std::shared_ptr<const SealedMemory>>; ///< by rank - 1, or none

/// Where the processes of the other ranks pack to; none where there is only one replica.
Result<Weights> weightsOfOthers(const ExecutorOptions& options, std::uint32_t count)
{
    Weights weights;
    for (std::uint32_t rank = 1; options.share != nullptr && !options.precise && rank < count; ++rank) {
        Result<std::shared_ptr<const SealedMemory>> memory = options.share->memoryOf(rank, count);
        if (!memory)
            return memory.error();
        weights.push_back(std::move(*memory));
    }
    return weights;
}

std::vector<int> descriptorsOf(const Weights& weights)
{
    std::vector<int> descriptors;
    for (const std::shared_ptr<const SealedMemory>& memory : weights)
        descriptors.push_back(memory->descriptor());
    return descriptors;
}

/// The processes of one model.
class RankProcesses final : public RankSource
{
public:
    RankProcesses(std::shared_ptr<const Model> model, ExecutorOptions options, std::string program)
        : m_model(std::move(model)), m_options(std::move(options)), m_program(std::move(program))
    {}

    /// Starts them; rank 0 packs its part of the weights meanwhile.
    Result<Ranks> start(const StagePlan& plan, const LoadProgress& progress);

    std::shared_ptr<Communicator> group() const override
    {
        if (m_team == nullptr)
            return nullptr;
        return m_team->results() ? m_team->results() : m_team->steps();
    }
    bool isBroken() const override { return m_isIncomplete || (m_team != nullptr && m_team->isBroken()); }
    std::string reason() const override { return m_team == nullptr ? std::string() : m_team->reason(); }
    void blame(std::uint32_t rank, const std::string& reason) override
    {
        if (m_team != nullptr)
            m_team->blame(rank, reason);
    }
    Result<RankRecovery> repair(Ranks& ranks) override;

private:
    bool failsTooOften();
    Result<void> replaceFailed(Ranks& ranks, RankRecovery& recovery);
    Result<void> goOnWithFewer(Ranks& ranks);
    Result<std::unique_ptr<Executor>> makeProxy(std::uint32_t rank) const
    {
        return makeWorkerExecutor(m_team->control(rank),
                                  m_team->plan().stages > 1 ? kAnswerOfStageMs : kAnswerOfRankMs);
    }
    Result<std::unique_ptr<Executor>> makeOwn(ExecutorOptions options, const LoadProgress& progress) const;
    StagePlan nextFewer(StagePlan plan) const;

    std::shared_ptr<const Model> m_model;
    ExecutorOptions m_options; ///< threads: of all together
    std::string m_program;
    Weights m_weights;                  ///< of the team
    std::shared_ptr<WorkerTeam> m_team; ///< null: rank 0 alone
    bool m_isIncomplete = false;        ///< there is less of the model than a step needs
    std::deque<std::int64_t> m_failuresNs;
};

/// What this process computes.
Result<std::unique_ptr<Executor>> RankProcesses::makeOwn(ExecutorOptions options,
                                                         const LoadProgress& progress) const
{
    if (m_team == nullptr)
        return makeCpuExecutor(m_model, options, progress);
    const StagePlan& plan = m_team->plan();
    options.progress = m_team->ownProgress();
    if (plan.ranks > 1)
        options.ranks = m_team->steps();
    if (plan.stages == 1)
        return makeCpuExecutor(m_model, options, progress);
    return makeCpuStage(m_model, options, {plan, 0, m_team->pipe(), m_team->results(), options.ranks},
                        progress);
}

Result<Ranks> RankProcesses::start(const StagePlan& plan, const LoadProgress& progress)
{
    const std::uint32_t count = plan.processes();
    ExecutorOptions own = m_options;
    own.threads = plan.alone() ? m_options.threads : threadsOfRank(m_options.threads, count);
    m_weights.clear(); // what fewer ranks do not need is given back
    if (!plan.alone()) {
        Result<Weights> weights = weightsOfOthers(m_options, count);
        if (!weights)
            return weights.error();
        m_weights = std::move(*weights);
        Result<std::shared_ptr<WorkerTeam>> team = WorkerTeam::start(
            m_program, workerArguments(*m_model, own), plan, descriptorsOf(m_weights), own.rankPatienceMs);
        if (!team)
            return team.error();
        m_team = std::move(*team);
    }
    Ranks ranks;
    Result<std::unique_ptr<Executor>> first = makeOwn(own, progress);
    if (!first)
        return first.error();
    ranks.push_back(std::move(*first));
    for (std::uint32_t rank = 1; rank < count; ++rank) {
        Result<std::unique_ptr<Executor>> other = makeProxy(rank);
        if (!other)
            return other.error();
        ranks.push_back(std::move(*other));
    }
    return ranks;
}

/// As often as that within a minute.
bool RankProcesses::failsTooOften()
{
    constexpr std::int64_t kMinuteNs = 60'000'000'000;
    const std::int64_t now = nowNs();
    m_failuresNs.push_back(now);
    while (now - m_failuresNs.front() > kMinuteNs)
        m_failuresNs.pop_front();
    if (m_failuresNs.size() < m_options.rankFailures)
        return false;
    m_failuresNs.clear();
    return true;
}

Result<RankRecovery> RankProcesses::repair(Ranks& ranks)
{
    RankRecovery recovery;
    recovery.failedNs = nowNs();
    recovery.ranksBefore = static_cast<std::uint32_t>(ranks.size());
    if (m_team != nullptr) {
        m_team->blameCulprits();
        recovery.reason = m_team->reason();
        recovery.reportFile = writeStateReport(recovery.reason + "\n\n" + m_team->stateText());
    }
    const bool fewer = failsTooOften() || m_isIncomplete;
    Result<void> repaired = fewer ? goOnWithFewer(ranks) : replaceFailed(ranks, recovery);
    if (!repaired)
        return repaired.error();
    recovery.ranksNow = static_cast<std::uint32_t>(ranks.size());
    return recovery;
}

Result<void> RankProcesses::replaceFailed(Ranks& ranks, RankRecovery& recovery)
{
    if (m_team == nullptr)
        return {}; // rank 0 is all there is
    if (Result<void> replaced = m_team->replaceFailed(recovery.replaced); !replaced)
        return replaced;
    for (const std::uint32_t rank : recovery.replaced) {
        Result<std::unique_ptr<Executor>> other = makeProxy(rank);
        if (!other) {
            m_team->blame(rank, "the process that was to replace " + m_team->plan().nameOf(rank) +
                                    " did not load the model: " + other.error().message);
            return other.error();
        }
        ranks[rank] = std::move(*other);
    }
    for (const std::unique_ptr<Executor>& rank : ranks)
        rank->rejoin();
    return {};
}

/// Fewer ranks a stage where there are several, then fewer stages.
StagePlan RankProcesses::nextFewer(StagePlan plan) const
{
    if (plan.ranks == 1)
        return {std::max(plan.stages, 2U) - 1, 1};
    do
        --plan.ranks;
    while (plan.ranks > 1 && !tensorShard(m_model->config(), m_model->weights(), 0, plan.ranks));
    return plan;
}

/// The other processes give their memory back first; what rank 0 has is there until its new part is.
Result<void> RankProcesses::goOnWithFewer(Ranks& ranks)
{
    const StagePlan plan = m_team == nullptr ? StagePlan{} : nextFewer(m_team->plan());
    ranks.resize(1);
    m_isIncomplete = true;
    if (m_team != nullptr)
        m_team->dismiss();
    m_team.reset();
    Result<Ranks> fresh = start(plan, {});
    if (!fresh)
        return fresh.error();
    ranks = std::move(*fresh);
    m_isIncomplete = false;
    return {};
}

} // namespace

Result<void> checkPlan(const Model& model, const StagePlan& plan)
{
    if (const Result<void> valid = plan.validate(); !valid)
        return valid;
    if (const auto layers = stageLayers(model.weights(), plan.stages); !layers)
        return layers.error();
    if (plan.ranks > 1)
        if (const auto shard = tensorShard(model.config(), model.weights(), 0, plan.ranks); !shard)
            return shard.error();
    return {};
}

Result<std::unique_ptr<Executor>> makeRankedModel(const std::shared_ptr<const Model>& model,
                                                  const ExecutorOptions& options,
                                                  const LoadProgress& progress, std::string program)
{
    const StagePlan plan{options.stageCount, options.rankCount};
    if (const Result<void> possible = checkPlan(*model, plan); !possible)
        return possible.error();
    if (program.empty())
        program = programFile("vitrine-cli");
    if (program.empty())
        return internalError("vitrine-cli, which computes the other ranks, is not beside this program");
    auto source = std::make_unique<RankProcesses>(model, options, std::move(program));
    Result<Ranks> ranks = source->start(plan, progress);
    if (!ranks)
        return ranks.error();
    std::shared_ptr<Communicator> group = source->group();
    return makeRankExecutor(std::move(*ranks), std::move(group), std::move(source));
}

} // namespace vitrine::engine
