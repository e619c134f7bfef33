// SPDX-License-Identifier: GPL-3.0-or-later
// What ranks that compute one model together say to each other. All ranks of a group make the same collective
// calls in the same order with the same sizes; whoever does not is found out, and no call waits past its
// deadline. One owner a rank; one thread at a time.
//
// The first failure ends the group: it is told to the other ranks, and every later call returns it at once.
// Names as in MPI (https://www.mpi-forum.org/docs/), whose all-gather of parts of several sizes is
// allgatherv.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/result.h"
#include "engine/parallel/deadline.h"
#include "engine/parallel/rank_times.h"

namespace vitrine::engine {

class Communicator
{
public:
    virtual ~Communicator() = default;

    virtual std::uint32_t rank() const = 0;
    virtual std::uint32_t ranks() const = 0;

    /// values[i] becomes the sum of everybody's. Added in the order of the ranks, so that all of them get the
    /// same bits, whatever the length of the call.
    virtual Result<void> allReduce(std::span<float> values, Deadline deadline) = 0;
    /// `all`: everybody's `mine` by rank, of `sizes` bytes each. REQUIRES: sizes has an entry a rank, whose
    /// sum is all.size() and whose own is mine.size().
    virtual Result<void> allGather(std::span<const std::byte> mine, std::span<const std::size_t> sizes,
                                   std::span<std::byte> all, Deadline deadline) = 0;
    /// `bytes` becomes what rank `root` has there.
    virtual Result<void> broadcast(std::span<std::byte> bytes, std::uint32_t root, Deadline deadline) = 0;
    /// Not a collective: messages of a pair of ranks arrive whole and in order. send() may return before the
    /// other has received.
    virtual Result<void> send(std::span<const std::byte> bytes, std::uint32_t to, Deadline deadline) = 0;
    virtual Result<void> receive(std::span<std::byte> bytes, std::uint32_t from, Deadline deadline) = 0;
    virtual Result<void> barrier(Deadline deadline) = 0;
    /// Ends the group from here, for a reason that the others will say. Any thread.
    virtual void abort(std::string_view reason) = 0;

    /// What this rank's calls since the last takeTimes() took: waits, sums and bytes. Nothing where a kind of
    /// group does not count.
    virtual RankTimes takeTimes() { return {}; }

    /// Whether it has ended, here or elsewhere. Returns at once; any thread.
    virtual bool ended() const = 0;
    /// The rank that did not come in time or did something else than this one, here or as another rank found;
    /// nothing: none failed, or the group was ended by abort(). Below ranks().
    virtual std::optional<std::uint32_t> culprit() const = 0;
    /// The group has ended and was renewed, with nobody in any call: this rank begins anew with it.
    virtual void restart() = 0;
};

} // namespace vitrine::engine
