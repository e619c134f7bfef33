// SPDX-License-Identifier: GPL-3.0-or-later
// NCCL's communicators as the machine keeps them: ranks of one id, and where they meet. The nth collective
// of a rank meets the nth of the others, in order of issue; the nth message to a rank the nth that it
// receives from there. The machine's mutex guards them.
#pragma once

#include "cuda_emulator/meeting.h"
#include "kernels/cuda/nccl_abi.h"

#include <map>
#include <utility>

namespace vitrine::cuda_emulator {

namespace nccl = kernels::cuda::nccl;

enum class Transfer { AllReduce, Broadcast, Send, Receive };

// What one rank asked for.
struct CollectiveCall
{
    Transfer kind = Transfer::AllReduce;
    const void* from = nullptr;
    void* to = nullptr;
    std::size_t count = 0;
    int type = nccl::Float32;
    int reduction = nccl::Sum;
    int peer = 0; // or root
    int device = 0;
    bool captured = false;
};

// 0: not emulated.
std::size_t bytesOf(int type);

// Calls of all seats at one meeting.
using Calls = std::vector<CollectiveCall>;

struct OpenMeeting
{
    std::shared_ptr<Meeting> meeting;
    std::shared_ptr<Calls> calls;
    std::size_t taken = 0; // seats
};

struct Clique
{
    int ranks = 0;
    std::vector<int> devices;                         // by rank; -1: has not come
    std::map<std::uint64_t, OpenMeeting> collectives; // by number, until all seats are taken
    std::map<std::pair<std::pair<int, int>, std::uint64_t>, OpenMeeting> messages; // by ((from, to), number)

    bool whole() const
    {
        return std::ranges::none_of(devices, [](int device) { return device < 0; });
    }
};

// One rank's ncclComm_t.
struct RankComm
{
    std::shared_ptr<Clique> clique;
    int rank = 0;
    int device = 0;
    bool blocking = true;
    int error = nccl::Success; // asynchronous
    std::uint64_t collectives = 0;
    std::map<int, std::uint64_t> sent, received; // messages, by peer
    std::vector<std::pair<std::weak_ptr<Meeting>, std::size_t>> seats;
    // Of a communicator that does not block: what was asked for is done some questions later.
    std::function<int()> delayed;
    int questions = 0;

    // The rank's place in the meeting that this call belongs to.
    Work take(const CollectiveCall& call);
};

} // namespace vitrine::cuda_emulator
