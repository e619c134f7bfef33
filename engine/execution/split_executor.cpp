// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/split_executor.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

using Parts = std::vector<std::unique_ptr<Executor>>;

/// Calls change(part) in order until one refuses; then back(part) for those that had agreed, latest first.
template<class Change, class Back>
Result<void> changeAll(const Parts& parts, Change change, Back back)
{
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Result<void> changed = change(*parts[i]);
        if (changed)
            continue;
        while (i > 0)
            back(*parts[--i]);
        return changed;
    }
    return {};
}

/// "1-12": as people count.
std::string layersText(const LayerRange& layers)
{
    return std::to_string(layers.first + 1) + "-" + std::to_string(layers.end());
}

void addConversions(std::vector<WeightConversion>& all, const std::vector<WeightConversion>& more)
{
    for (const WeightConversion& one : more) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const WeightConversion& c) {
            return c.type == one.type && c.form == one.form;
        });
        if (found == all.end()) {
            all.push_back(one);
            continue;
        }
        found->tensors += one.tensors;
        found->fileBytes += one.fileBytes;
        found->bytes += one.bytes;
    }
}

void addMemory(DeviceMemory& all, const DeviceMemory& more)
{
    all.total += more.total;
    all.free += more.free;
    all.limit += more.limit;
    all.kept += more.kept;
    all.graphs += more.graphs;
    all.graphBudget += more.graphBudget;
    all.recordedSteps += more.recordedSteps;
}

class SplitExecutor final : public Executor
{
public:
    explicit SplitExecutor(Parts parts) : m_parts(std::move(parts))
    {
        VT_CHECK(m_parts.size() >= 2);
        std::uint32_t next = 0;
        for (const std::unique_ptr<Executor>& part : m_parts) {
            const LayerRange layers = part->info().layers;
            VT_CHECK(layers.first == next && layers.count > 0);
            next = layers.end();
        }
    }

    std::uint64_t kvBytesPerToken() const override
    {
        std::uint64_t sum = 0;
        for (const std::unique_ptr<Executor>& part : m_parts)
            sum += part->kvBytesPerToken();
        return sum;
    }
    std::uint64_t freeKvBytes() const override;

    Result<StepLimits> reserveSteps(const StepLimits& limits) override
    {
        Result<StepLimits> granted = limits;
        for (std::size_t i = 0; i < m_parts.size() && granted; ++i)
            granted = m_parts[i]->reserveSteps(*granted);
        return granted;
    }
    bool hasRoom(const StepLimits& limits) const override
    {
        return std::all_of(m_parts.begin(), m_parts.end(),
                           [&](const std::unique_ptr<Executor>& part) { return part->hasRoom(limits); });
    }
    bool prepareAhead() override
    {
        VT_CHECK(m_batch == nullptr);
        return std::any_of(m_parts.begin(), m_parts.end(),
                           [](const std::unique_ptr<Executor>& part) { return part->prepareAhead(); });
    }

    Result<void> reserveKv(const KvPlan& plan) override
    {
        m_plan = {};
        for (const std::unique_ptr<Executor>& part : m_parts)
            if (Result<void> reserved = part->reserveKv(plan); !reserved)
                return reserved;
        m_plan = plan;
        return {};
    }
    Result<void> reserveHost(std::uint32_t blocks) override
    {
        return changeAll(
            m_parts, [&](Executor& part) { return part.reserveHost(blocks); },
            [](Executor& part) { static_cast<void>(part.reserveHost(0)); });
    }
    Result<void> resizeKv(std::uint32_t blocks) override
    {
        VT_CHECK(m_batch == nullptr);
        const std::uint32_t before = m_plan.blocks;
        Result<void> resized = changeAll(
            m_parts, [&](Executor& part) { return part.resizeKv(blocks); },
            [&](Executor& part) { static_cast<void>(part.resizeKv(before)); });
        if (resized)
            m_plan.blocks = blocks;
        return resized;
    }
    Result<void> setThreads(std::uint32_t threads) override
    {
        VT_CHECK(m_batch == nullptr);
        const std::uint32_t before = fastest().info().threads;
        return changeAll(
            m_parts, [&](Executor& part) { return part.setThreads(threads); },
            [&](Executor& part) { static_cast<void>(part.setThreads(before)); });
    }
    void setDeterministic(bool on) override
    {
        for (const std::unique_ptr<Executor>& part : m_parts)
            part->setDeterministic(on);
    }
    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        VT_CHECK(m_batch == nullptr);
        for (const std::unique_ptr<Executor>& part : m_parts)
            if (Result<void> moved = part->transfer(transfers); !moved)
                return moved;
        return {};
    }

    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const TokenId> bestTokens() const override { return m_parts.back()->bestTokens(); }
    bool canChoose(const SamplingParams& params) const override { return m_parts.back()->canChoose(params); }
    std::span<const TokenId> chosenTokens() const override { return m_parts.back()->chosenTokens(); }
    std::size_t mostAdjustments() const override { return m_parts.back()->mostAdjustments(); }
    SampledToken report(std::size_t row) const override { return m_parts.back()->report(row); }
    bool overlaps() const override { return m_parts.front()->overlaps(); }
    std::uint32_t ranks() const override { return fastest().ranks(); }
    void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job) override
    {
        fastest().forEach(count, job);
    }

    bool measuresAttention() const override
    {
        return std::all_of(m_parts.begin(), m_parts.end(),
                           [](const std::unique_ptr<Executor>& part) { return part->measuresAttention(); });
    }
    std::span<const float> attentionMass(std::size_t index) const override;

    void timeOperations(bool on) override
    {
        for (const std::unique_ptr<Executor>& part : m_parts)
            part->timeOperations(on);
    }
    OperationTimes operationTimes() const override;
    ExecutorInfo info() const override;

private:
    /// The part with most compute threads.
    Executor& fastest() const
    {
        return **std::max_element(m_parts.begin(), m_parts.end(),
                                  [](const auto& a, const auto& b) { return a->ranks() < b->ranks(); });
    }
    void prepare(const ForwardBatch& batch);

    KvPlan m_plan;
    const ForwardBatch* m_batch = nullptr; ///< the launched one
    ForwardBatch m_inner;                  ///< of the parts before the last: nothing of logits
    ForwardBatch m_last;
    mutable std::vector<float> m_mass; ///< of the row asked for last
    Parts m_parts;                     ///< go first: they may be computing one of the batches
};

/// As many tokens as every part has room for. A pool may take all that a device offers, but not of the
/// machine's memory, which others need.
std::uint64_t SplitExecutor::freeKvBytes() const
{
    constexpr double kMachineShare = 0.6;
    std::uint64_t tokens = std::numeric_limits<std::uint64_t>::max();
    bool known = false;
    for (const std::unique_ptr<Executor>& part : m_parts)
        if (const std::uint64_t free = part->freeKvBytes(); free != 0) {
            known = true;
            const double share = part->info().memory.total > 0 ? 1.0 : kMachineShare;
            const auto offered = static_cast<std::uint64_t>(static_cast<double>(free) * share);
            tokens = std::min(tokens, offered / std::max<std::uint64_t>(1, part->kvBytesPerToken()));
        }
    return known ? std::max<std::uint64_t>(1, tokens * kvBytesPerToken()) : 0;
}

void SplitExecutor::prepare(const ForwardBatch& batch)
{
    m_last = batch;
    m_inner = batch;
    m_inner.logitsRows.clear();
    m_inner.choices.clear();
    m_inner.adjustments.clear();
    m_inner.bestOnly = false;
}

Result<void> SplitExecutor::launch(const ForwardBatch& batch)
{
    VT_CHECK(m_batch == nullptr && batch.hidden.empty());
    prepare(batch);
    Result<void> launched = m_parts.front()->launch(m_inner);
    if (launched)
        m_batch = &batch;
    return launched;
}

Result<std::span<const float>> SplitExecutor::await()
{
    VT_CHECK(m_batch != nullptr);
    m_batch = nullptr;
    Result<std::span<const float>> result = m_parts.front()->await();
    for (std::size_t i = 1; i < m_parts.size() && result; ++i) {
        ForwardBatch& batch = i + 1 < m_parts.size() ? m_inner : m_last;
        batch.hidden = m_parts[i - 1]->hiddenRows();
        result = m_parts[i]->forward(batch);
    }
    return result;
}

std::span<const float> SplitExecutor::attentionMass(std::size_t index) const
{
    m_mass.clear();
    for (const std::unique_ptr<Executor>& part : m_parts) {
        const std::span<const float> own = part->attentionMass(index);
        m_mass.resize(own.size());
        std::transform(own.begin(), own.end(), m_mass.begin(), m_mass.begin(), std::plus<>());
    }
    return m_mass;
}

/// One part computes after the other.
OperationTimes SplitExecutor::operationTimes() const
{
    OperationTimes sum;
    for (const std::unique_ptr<Executor>& part : m_parts) {
        const OperationTimes own = part->operationTimes();
        sum.steps = std::max(sum.steps, own.steps);
        for (std::size_t i = 0; i < kOperations; ++i)
            sum.seconds[i] += own.seconds[i];
    }
    return sum;
}

ExecutorInfo SplitExecutor::info() const
{
    ExecutorInfo sum;
    for (const std::unique_ptr<Executor>& part : m_parts) {
        ExecutorInfo own = part->info();
        sum.device += sum.device.empty() ? "" : " + ";
        sum.device += own.device + ", layers " + layersText(own.layers);
        sum.threads = std::max(sum.threads, own.threads);
        sum.weightBytes += own.weightBytes;
        sum.expertBytes += own.expertBytes;
        sum.kvBytes += own.kvBytes;
        sum.hostBytes += own.hostBytes;
        sum.workspaceBytes += own.workspaceBytes;
        addConversions(sum.conversions, own.conversions);
        addMemory(sum.memory, own.memory);
        sum.layers.count = own.layers.end();
        sum.parts.push_back(std::move(own));
    }
    return sum;
}

} // namespace

std::unique_ptr<Executor> makeSplitExecutor(std::vector<std::unique_ptr<Executor>> parts)
{
    return std::make_unique<SplitExecutor>(std::move(parts));
}

} // namespace vitrine::engine
