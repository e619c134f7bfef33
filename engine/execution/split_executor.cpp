// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/split_executor.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "engine/base/check.h"
#include "engine/execution/composed_executor.h"

namespace vitrine::engine {

namespace {

/// "1-12": as people count.
std::string layersText(const LayerRange& layers)
{
    return std::to_string(layers.first + 1) + "-" + std::to_string(layers.end());
}

class SplitExecutor final : public ComposedExecutor
{
public:
    explicit SplitExecutor(Parts parts) : ComposedExecutor(std::move(parts))
    {
        std::uint32_t next = 0;
        for (const std::unique_ptr<Executor>& part : m_parts) {
            const LayerRange layers = part->info().layers;
            VT_CHECK(layers.first == next && layers.count > 0);
            next = layers.end();
        }
    }

    ~SplitExecutor() override { dropParts(); }

    std::uint64_t freeKvBytes() const override;

    bool prepareAhead() override
    {
        VT_CHECK(m_batch == nullptr);
        return std::any_of(m_parts.begin(), m_parts.end(),
                           [](const std::unique_ptr<Executor>& part) { return part->prepareAhead(); });
    }

    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const TokenId> bestTokens() const override { return m_parts.back()->bestTokens(); }
    bool canChoose(const SamplingParams& params) const override { return m_parts.back()->canChoose(params); }
    std::span<const TokenId> chosenTokens() const override { return m_parts.back()->chosenTokens(); }
    std::size_t mostAdjustments() const override { return m_parts.back()->mostAdjustments(); }
    SampledToken report(std::size_t row) const override { return m_parts.back()->report(row); }
    bool overlaps() const override { return m_parts.front()->overlaps(); }

    bool measuresAttention() const override
    {
        return std::all_of(m_parts.begin(), m_parts.end(),
                           [](const std::unique_ptr<Executor>& part) { return part->measuresAttention(); });
    }
    std::span<const float> attentionMass(std::size_t index) const override;

    OperationTimes operationTimes() const override;
    ExecutorInfo info() const override;

private:
    void prepare(const ForwardBatch& batch);

    ForwardBatch m_inner; ///< of the parts before the last: nothing of logits
    ForwardBatch m_last;
    mutable std::vector<float> m_mass; ///< of the row asked for last
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
    ExecutorInfo info = infoOfParts();
    for (const ExecutorInfo& part : info.parts) {
        info.device += info.device.empty() ? "" : " + ";
        info.device += part.device + ", layers " + layersText(part.layers);
        info.threads = std::max(info.threads, part.threads);
        info.layers.count = part.layers.end();
    }
    return info;
}

} // namespace

std::unique_ptr<Executor> makeSplitExecutor(std::vector<std::unique_ptr<Executor>> parts)
{
    return std::make_unique<SplitExecutor>(std::move(parts));
}

} // namespace vitrine::engine
