// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/what_if.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <variant>

#include "engine/analysis/simulated_serving.h"
#include "engine/analysis/step_costs.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kMostRequests = 300;
constexpr std::size_t kMostSteps = 30'000;
constexpr std::uint64_t kMostTokens = 2'000'000; // of prompts and replies together
constexpr std::uint32_t kMostBlocks = 1U << 20;
constexpr double kWorthTelling = 0.05;
constexpr double kAlike = 2.0; // times: further from the recording, a replay of it says nothing of it

std::vector<SimulatedRequest> requestsOf(const RecordingView& view)
{
    std::vector<SimulatedRequest> requests;
    std::unordered_map<RequestId, std::size_t> places;
    std::uint64_t tokens = 0;
    for (const RecordedStep& step : view.recorded())
        for (const RecordedEvent& event : step.events) {
            if (const auto* arrival = std::get_if<RecordedArrival>(&event)) {
                tokens += arrival->prompt.size();
                if (requests.size() >= kMostRequests || tokens > kMostTokens || arrival->prompt.empty())
                    continue;
                places[arrival->request] = requests.size();
                requests.push_back({soundTime(arrival->timeNs), arrival->prompt, 1, {}, {}});
            } else if (const auto* token = std::get_if<RecordedToken>(&event)) {
                const auto place = places.find(token->request);
                if (place != places.end() && ++tokens <= kMostTokens)
                    requests[place->second].reply.push_back(token->token);
            }
        }
    std::erase_if(requests, [](const SimulatedRequest& request) { return request.reply.empty(); });
    for (SimulatedRequest& request : requests)
        request.replyTokens = static_cast<std::uint32_t>(request.reply.size());
    std::stable_sort(requests.begin(), requests.end(),
                     [](const auto& a, const auto& b) { return a.arrivalNs < b.arrivalNs; });
    return requests;
}

/// The mean of what is beside the forward pass, a step.
SimulatedCost hostCost(const RecordingView& view)
{
    double schedule = 0.0, sampling = 0.0, gap = 0.0;
    for (const ViewedStep& step : view.steps()) {
        schedule += step.scheduleNs;
        sampling += step.samplingNs();
        gap += step.gapNs;
    }
    const double count = std::max<double>(static_cast<double>(view.steps().size()), 1.0);
    SimulatedCost cost;
    cost.scheduleNs = wholeNs(schedule / count);
    cost.sampleNs = wholeNs(sampling / count);
    cost.gapNs = wholeNs(gap / count);
    return cost;
}

double moveNs(const RecordingView& view)
{
    double ns = 0.0, moved = 0.0;
    for (const ViewedStep& step : view.steps()) {
        ns += step.transferNs;
        moved += double(step.step->record.swappedIn) + step.step->record.swappedOut;
    }
    return moved > 0.0 ? ns / moved : 0.0;
}

SimulationSetup setupOf(const RecordingView& view)
{
    SimulationSetup setup;
    const RecordingStart& pool = view.pool();
    setup.pool = {.blocks = std::min(pool.blocks, kMostBlocks),
                  .blockSize = pool.blockSize,
                  .prefixCache = view.facts().prefixCache.value_or(true),
                  .hostBlocks = std::min(pool.hostBlocks, kMostBlocks)};
    if (view.facts().scheduler)
        setup.scheduler = *view.facts().scheduler;
    else if (view.usualBudget() > 0)
        setup.scheduler.tokenBudget = view.usualBudget();
    setup.mostSteps = kMostSteps;
    const SimulatedCost host = hostCost(view);
    setup.cost = [costs = view.costs(), host, move = moveNs(view)](const ScheduledBatch& batch,
                                                                   std::int64_t) {
        SimulatedCost cost = host;
        const auto swaps = std::count_if(batch.transfers.begin(), batch.transfers.end(),
                                         [](const auto& one) { return one.kind != KvTransfer::Kind::Copy; });
        cost.transferNs = wholeNs(move * static_cast<double>(swaps));
        cost.forwardNs = batch.empty() ? 0 : wholeNs(costs.of(batch.load));
        return cost;
    };
    return setup;
}

/// False where it is nothing that the scheduler knows of.
bool apply(const Suggestion& suggestion, SimulationSetup& setup)
{
    const auto count = static_cast<std::uint32_t>(std::clamp(suggestion.proposed, 0.0, double(kMostBlocks)));
    switch (suggestion.key) {
    case SettingKey::KvBlocks:
        setup.pool.blocks = count;
        return true;
    case SettingKey::KvFormat: // half the size at best
        setup.pool.blocks = std::min(setup.pool.blocks, kMostBlocks) * 2;
        return true;
    case SettingKey::ItlTarget:
        setup.scheduler.itlTarget = suggestion.proposed;
        return true;
    case SettingKey::TokenBudget:
        setup.scheduler.tokenBudget = count;
        return true;
    case SettingKey::MaxRunning:
        setup.scheduler.maxRunning = count;
        return true;
    case SettingKey::Policy:
        setup.scheduler.policy = static_cast<PolicyKind>(count);
        return true;
    case SettingKey::PrefixCache:
        setup.pool.prefixCache = suggestion.proposed > 0.0;
        return true;
    case SettingKey::Threads:
        return false;
    }
    return false;
}

/// No more blocks than all tokens of all requests take: more are never used, but would take memory here.
void limitPool(const std::vector<SimulatedRequest>& requests, SimulationSetup& setup)
{
    std::uint64_t blocks = 64;
    for (const SimulatedRequest& request : requests)
        blocks += (request.prompt.size() + request.reply.size()) / setup.pool.blockSize + 4;
    const auto most = static_cast<std::uint32_t>(std::min<std::uint64_t>(blocks, kMostBlocks));
    setup.pool.blocks = std::min(setup.pool.blocks, most);
    setup.pool.hostBlocks = std::min(setup.pool.hostBlocks, most);
}

bool playable(const SimulationSetup& setup)
{
    const KvCacheOptions& pool = setup.pool;
    return pool.blocks >= 1 && pool.blockSize >= 1 && pool.blockSize <= 256 &&
           setup.scheduler.policy <= PolicyKind::Shortest && checkOptions(setup.scheduler);
}

/// Nothing is said of a metric that the replay of what was recorded does not come near itself.
void compare(GainMetric metric, double recorded, double same, double other, std::vector<Gain>& gains)
{
    const bool none = metric == GainMetric::Preemptions && same <= 0.0;
    if (!(recorded > 0.0) || (!none && !(same * kAlike >= recorded && recorded * kAlike >= same)))
        return;
    const double after = none ? other : recorded * other / same;
    if (std::isfinite(after) && std::abs(after - recorded) >= kWorthTelling * recorded)
        gains.push_back({metric, recorded, after, GainSource::Replay});
}

} // namespace

std::vector<Gain> predictByReplay(const RecordingView& view, const Suggestion& suggestion)
{
    SimulationSetup setup = setupOf(view);
    SimulationSetup changed = setup;
    if (view.pool().shape.mixed() || !apply(suggestion, changed) || !playable(setup) || !playable(changed))
        return {};
    const std::vector<SimulatedRequest> requests = requestsOf(view);
    if (requests.empty())
        return {};
    limitPool(requests, setup);
    limitPool(requests, changed);
    const RunMetrics same = measureRun(simulateServing(setup, requests).steps);
    const RunMetrics other = measureRun(simulateServing(changed, requests).steps);
    const RunMetrics& now = view.metrics();
    std::vector<Gain> gains;
    compare(GainMetric::FirstTokenP95, now.firstTokenP95, same.firstTokenP95, other.firstTokenP95, gains);
    compare(GainMetric::BetweenTokensP95, now.betweenP95, same.betweenP95, other.betweenP95, gains);
    compare(GainMetric::BetweenTokensWorst, now.betweenWorst, same.betweenWorst, other.betweenWorst, gains);
    compare(GainMetric::WholeMean, now.wholeMean, same.wholeMean, other.wholeMean, gains);
    compare(GainMetric::TokensPerSecond, now.tokensPerSecond, same.tokensPerSecond, other.tokensPerSecond,
            gains);
    compare(GainMetric::Preemptions, double(now.preemptions), double(same.preemptions),
            double(other.preemptions), gains);
    return gains;
}

} // namespace vitrine::engine
