// SPDX-License-Identifier: GPL-3.0-or-later
// A real executor that fails when told to, once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>

#include "engine/execution/executor.h"

namespace vitrine::tests {

struct Fault
{
    enum class Kind : std::uint8_t { None, Error, BadAlloc };
    enum class Place : std::uint8_t { Launch, Await };

    Kind kind = Kind::None;
    Place place = Place::Launch;
    std::uint32_t spared = 0;    ///< calls at that place that still succeed
    std::size_t sequences = 0;   ///< of the step that failed
    std::uint64_t followers = 0; ///< steps launched behind one under way
    std::uint64_t moved = 0;     ///< pages, while one was
    std::uint64_t hostRows = 0;  ///< of choices that were the host's
    std::size_t mostAdjustments = 1U << 20U;
};

/// What of an executor that chooses tokens gets through.
enum class Passing : std::uint8_t {
    Logits, ///< the host chooses
    Tokens, ///< steps wait for each other
    Followers
};

class FaultyExecutor final : public engine::Executor
{
public:
    FaultyExecutor(std::unique_ptr<engine::Executor> real, Fault& fault, Passing passing = Passing::Logits)
        : m_real(std::move(real)), m_fault(fault), m_passing(passing)
    {}

    std::uint64_t kvBytesPerToken() const override { return m_real->kvBytesPerToken(); }
    engine::Result<void> reserveKv(const engine::KvPlan& plan) override { return m_real->reserveKv(plan); }
    engine::Result<void> reserveHost(std::uint32_t blocks) override { return m_real->reserveHost(blocks); }
    engine::Result<void> resizeKv(std::uint32_t blocks) override { return m_real->resizeKv(blocks); }
    engine::Result<void> transfer(std::span<const engine::KvTransfer> transfers) override
    {
        m_fault.moved += m_underWay > 0 ? transfers.size() : 0;
        return m_real->transfer(transfers);
    }
    std::optional<double> moveSeconds() const override { return m_real->moveSeconds(); }

    engine::Result<void> launch(const engine::ForwardBatch& batch) override
    {
        m_sequences = batch.sequences();
        if (strikes(Fault::Place::Launch))
            return engine::internalError("a planted failure");
        m_fault.followers += m_underWay++ > 0 ? 1 : 0;
        for (const engine::TokenChoice& choice : batch.choices)
            m_fault.hostRows += choice.onHost ? 1 : 0;
        return m_real->launch(batch);
    }
    engine::Result<std::span<const float>> await() override
    {
        --m_underWay;
        engine::Result<std::span<const float>> logits = m_real->await();
        if (strikes(Fault::Place::Await))
            return engine::internalError("a planted failure");
        return logits;
    }

    bool canChoose(const engine::SamplingParams& params) const override
    {
        return m_passing >= Passing::Tokens && m_real->canChoose(params);
    }
    std::span<const engine::TokenId> chosenTokens() const override { return m_real->chosenTokens(); }
    std::size_t mostAdjustments() const override
    {
        return std::min(m_fault.mostAdjustments, m_real->mostAdjustments());
    }
    engine::SampledToken report(std::size_t row) const override { return m_real->report(row); }
    bool takesFollowers() const override
    {
        return m_passing >= Passing::Followers && m_real->takesFollowers();
    }
    bool mayFollow(const engine::ForwardBatch& batch) const override
    {
        return m_passing >= Passing::Followers && m_real->mayFollow(batch);
    }
    bool overlaps() const override { return m_real->overlaps(); }
    engine::Result<void> setThreads(std::uint32_t threads) override { return m_real->setThreads(threads); }
    std::uint32_t ranks() const override { return m_real->ranks(); }
    void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job) override
    {
        m_real->forEach(count, job);
    }
    void setDeterministic(bool on) override { m_real->setDeterministic(on); }
    std::span<const engine::TokenId> bestTokens() const override { return m_real->bestTokens(); }
    std::span<const float> attentionMass(std::size_t i) const override { return m_real->attentionMass(i); }
    void timeOperations(bool on) override { m_real->timeOperations(on); }
    engine::OperationTimes operationTimes() const override { return m_real->operationTimes(); }
    engine::ExecutorInfo info() const override { return m_real->info(); }

private:
    /// True when this call is to fail with an error; throws when that is asked for.
    bool strikes(Fault::Place place)
    {
        if (m_fault.kind == Fault::Kind::None || m_fault.place != place)
            return false;
        if (m_fault.spared > 0) {
            --m_fault.spared;
            return false;
        }
        m_fault.sequences = m_sequences;
        const Fault::Kind kind = m_fault.kind;
        m_fault.kind = Fault::Kind::None;
        if (kind == Fault::Kind::BadAlloc)
            throw std::bad_alloc();
        return true;
    }

    std::unique_ptr<engine::Executor> m_real;
    Fault& m_fault;
    Passing m_passing;
    int m_underWay = 0;
    std::size_t m_sequences = 0; ///< of the step that was launched last
};

} // namespace vitrine::tests
