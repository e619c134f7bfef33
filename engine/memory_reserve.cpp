// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/memory_reserve.h"

#include <algorithm>
#include <limits>
#include <string>

#include "engine/base/mebibytes.h"
#include "engine/execution/kv_columns.h"
#include "engine/telemetry/machine.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kFullContexts = 4;      // sequences of full length that the pool aims at
constexpr double kModestShare = 0.25;           // of the free memory, for that aim
constexpr double kLargestShare = 0.6;           // of the free memory, for one full context
constexpr std::uint64_t kUnknownTokens = 16384; // where the machine does not tell its free memory
constexpr std::uint64_t kUsefulTokens = 256;    // a pool below this serves nobody
constexpr double kHostShare = 0.25;             // of the free memory, for the host tier
// Host memory that a device copies from is taken at once and cannot be swapped out.
constexpr std::uint64_t kMostPinnedBytes = std::uint64_t{4} << 30U;

/// What sizing works with.
struct Room
{
    std::uint64_t bytesPerToken = 1;
    std::uint64_t free = 0; ///< 0: unknown
    bool own = false;       ///< of a device, which nobody else needs: a pool may take all of it
    std::uint64_t context = 1;
    std::uint64_t mostBlocks = 1;
};

std::uint64_t share(std::uint64_t bytes, double part)
{
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * part);
}

Room roomOf(const Executor& executor, const ModelConfig& config, const EngineOptions& options)
{
    const std::uint32_t pages = kvColumns(config).shape.blockPages(); // a token's slot in them is an int32
    Room room;
    room.bytesPerToken = std::max<std::uint64_t>(1, executor.kvBytesPerToken());
    room.free = executor.freeKvBytes() / options.executor.replicas;
    room.own = executor.info().memory.total > 0;
    room.context = std::max<std::uint64_t>(1, config.contextLength);
    room.mostBlocks = std::min<std::uint64_t>(kMostKvBlocks, std::numeric_limits<std::int32_t>::max() /
                                                                 (pages * options.blockSize));
    return room;
}

/// Tokens of KV when nobody said how many: of a device as many as may ever run, of the machine's memory a
/// modest part.
std::uint64_t defaultTokens(const Room& room, std::uint32_t maxRunning)
{
    if (room.free == 0)
        return std::min(room.context, kUnknownTokens);
    if (room.own)
        return std::min(room.context * maxRunning, room.free / room.bytesPerToken);
    const std::uint64_t modest =
        std::min(room.context * kFullContexts, share(room.free, kModestShare) / room.bytesPerToken);
    const std::uint64_t oneContext =
        std::min(room.context, share(room.free, kLargestShare) / room.bytesPerToken);
    return std::max(modest, oneContext);
}

std::uint64_t fewestTokens(const Room& room)
{
    return std::min(room.context, kUsefulTokens);
}

Error tooLittle(const Room& room)
{
    const std::string needs = "the model's KV cache takes " + std::to_string(room.bytesPerToken) +
                              " bytes a token and only " + mebibytes(room.free);
    if (room.own)
        return outOfResources(needs + " of the GPU's memory are left for it; close other programs, allow it "
                                      "more or take a smaller model");
    return outOfResources(needs + " of memory are free; close other programs or take a smaller model");
}

Result<KvPlan> choosePlan(const Room& room, const EngineOptions& options)
{
    std::uint64_t blocks = options.kvBlocks;
    if (blocks == 0) {
        const std::uint64_t tokens = defaultTokens(room, options.scheduler.maxRunning);
        if (tokens < fewestTokens(room))
            return tooLittle(room);
        const std::uint64_t rounding = room.own ? 0 : options.blockSize - 1;
        blocks = std::clamp<std::uint64_t>((tokens + rounding) / options.blockSize, 1, room.mostBlocks);
    }
    const std::uint64_t blockBytes = room.bytesPerToken * options.blockSize;
    if (blocks > room.mostBlocks || (room.free != 0 && blocks * blockBytes > room.free))
        return outOfResources(std::to_string(blocks) + " KV blocks take " + mebibytes(blocks * blockBytes) +
                              " and do not fit: " + mebibytes(room.free) +
                              " of memory are free, enough for " +
                              std::to_string(std::min(room.mostBlocks, room.free / blockBytes)) + " blocks");
    return KvPlan{static_cast<std::uint32_t>(blocks), options.blockSize};
}

/// Free memory is a promise that others may break, or that is in pieces: then a smaller pool does.
Result<KvPlan> reservePool(Executor& executor, const Room& room, const EngineOptions& options)
{
    Result<KvPlan> plan = choosePlan(room, options);
    if (!plan)
        return plan;
    Result<void> reserved = executor.reserveKv(*plan);
    while (!reserved && reserved.error().code == ErrorCode::OutOfResources && options.kvBlocks == 0) {
        plan->blocks -= std::max(1U, plan->blocks / 4);
        if (std::uint64_t{plan->blocks} * plan->blockSize < fewestTokens(room))
            return tooLittle(room);
        reserved = executor.reserveKv(*plan);
    }
    if (!reserved)
        return reserved.error();
    return plan;
}

/// Slots of the host tier. On a machine whose "device" is the host's own memory it is the same memory: a
/// quarter of what is free at most.
std::uint32_t hostBlocks(const EngineOptions& options, const KvPlan& plan, const Room& room)
{
    if (options.hostBlocks != kLikeKvBlocks)
        return std::min(options.hostBlocks, kMostKvBlocks);
    const std::uint64_t blockBytes = std::max<std::uint64_t>(1, room.bytesPerToken * plan.blockSize);
    const std::uint64_t share =
        engine::share(machineMemory().availableBytes, kHostShare) / options.executor.replicas;
    const std::uint64_t bytes = room.own ? std::min(share, kMostPinnedBytes) : share;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(plan.blocks, bytes / blockBytes));
}

/// A conversation that has to go is computed again where there is no host tier.
Result<std::uint32_t> reserveHost(Executor& executor, std::uint32_t blocks, bool asked)
{
    Result<void> reserved = executor.reserveHost(blocks);
    while (!reserved && reserved.error().code == ErrorCode::OutOfResources && !asked && blocks > 0) {
        blocks /= 2;
        reserved = executor.reserveHost(blocks);
    }
    if (!reserved)
        return reserved.error();
    return blocks;
}

} // namespace

StepLimits stepLimits(const SchedulerOptions& options, const ModelConfig& config, std::uint32_t blockSize)
{
    const std::uint32_t trained = std::max(config.contextLength, 1U);
    StepLimits limits;
    limits.tokens = options.tokenBudget;
    limits.sequences = std::min(options.maxRunning, options.tokenBudget);
    limits.context = options.contextLength == 0 ? trained : std::min(options.contextLength, trained);
    limits.blockSize = blockSize;
    return limits;
}

void keepWithin(SchedulerOptions& options, const StepLimits& asked, const StepLimits& granted)
{
    options.tokenBudget = std::min(options.tokenBudget, granted.tokens);
    if (granted.sequences < asked.sequences)
        options.maxRunning = std::min(options.maxRunning, granted.sequences);
}

Result<KvPlan> reserveMemory(Executor& executor, const ModelConfig& config, EngineOptions& options)
{
    const StepLimits asked = stepLimits(options.scheduler, config, options.blockSize);
    const Result<StepLimits> granted = executor.reserveSteps(asked);
    if (!granted)
        return granted.error();
    keepWithin(options.scheduler, asked, *granted);
    const Room room = roomOf(executor, config, options);
    Result<KvPlan> plan = reservePool(executor, room, options);
    if (!plan)
        return plan;
    const Result<std::uint32_t> host =
        reserveHost(executor, hostBlocks(options, *plan, room), options.hostBlocks != kLikeKvBlocks);
    if (!host)
        return host.error();
    options.hostBlocks = *host;
    return plan;
}

} // namespace vitrine::engine
