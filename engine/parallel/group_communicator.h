// SPDX-License-Identifier: GPL-3.0-or-later
// One rank of a RankGroup (rank_group.h).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "engine/parallel/rank_group.h"

namespace vitrine::engine {

class GroupCommunicator final : public Communicator
{
public:
    GroupCommunicator(std::shared_ptr<RankGroup> group, std::uint32_t rank);

    std::uint32_t rank() const override { return m_rank; }
    std::uint32_t ranks() const override { return m_ranks; }

    Result<void> allReduce(std::span<float> values, Deadline deadline) override;
    Result<void> allGather(std::span<const std::byte> mine, std::span<const std::size_t> sizes,
                           std::span<std::byte> all, Deadline deadline) override;
    Result<void> broadcast(std::span<std::byte> bytes, std::uint32_t root, Deadline deadline) override;
    Result<void> send(std::span<const std::byte> bytes, std::uint32_t to, Deadline deadline) override;
    Result<void> receive(std::span<std::byte> bytes, std::uint32_t from, Deadline deadline) override;
    Result<void> barrier(Deadline deadline) override;
    void abort(std::string_view reason) override { m_group->end(reason); }
    bool ended() const override { return m_group->hasEnded(); }
    std::optional<std::uint32_t> culprit() const override { return m_culprit; }
    void restart() override;
    RankTimes takeTimes() override { return std::exchange(m_times, {}); }

    /// Of an Announcement: "an all-reduce of 2304 bytes"; whatever stands there.
    static std::string nameOf(std::uint32_t call, std::uint64_t bytes);

private:
    enum class Call : std::uint32_t { Barrier = 1, AllReduce, AllGather, Broadcast };
    enum class Wait : std::uint8_t { Reached, Late, Ended };
    /// An error where the group has ended, here or elsewhere.
    Result<void> going();
    Result<void> fail(const std::string& message, std::uint32_t culprit);
    Result<void> endedElsewhere();
    /// Counted as waiting.
    Wait waitFor(SharedCounter& counter, std::uint32_t wanted, Deadline deadline);
    /// Without that.
    Wait sleepUntil(SharedCounter& counter, std::uint32_t wanted, Deadline deadline) const;
    /// Copied to or from what others see; counted as exchanging, and as given where they are to read it.
    void put(std::byte* to, std::span<const std::byte> bytes);
    void take(std::span<std::byte> to, const std::byte* from);
    /// This rank's part of the stage is in its place: waits until everybody's is. Until the next stage begins
    /// all places of this one may be read.
    Result<void> meet(Call call, std::uint64_t bytes, Deadline deadline);
    Result<void> checkSaid(std::uint32_t other, Call call, std::uint64_t bytes);
    std::byte* mine() const { return m_group->place(m_rank, m_stage + 1); } ///< to fill before meet()
    std::byte* of(std::uint32_t rank) const { return m_group->place(rank, m_stage); } ///< after it

    Result<void> reduceAtOnce(std::span<float> values, Deadline deadline);
    Result<void> reduceInSlices(std::span<float> values, Deadline deadline);
    /// out[i] = the sum over the ranks of their values in this stage, from `first` on.
    void sum(std::size_t first, std::span<float> out);

    std::shared_ptr<RankGroup> m_group;
    std::uint32_t m_rank, m_ranks;
    std::uint32_t m_stage = 0;                                    ///< that was met last
    std::array<std::uint32_t, kMostRanks> m_sent{}, m_received{}; ///< pieces, by rank
    std::uint32_t m_spins;
    RankTimes m_times;
    std::optional<Error> m_failure;
    std::optional<std::uint32_t> m_culprit;
};

} // namespace vitrine::engine
