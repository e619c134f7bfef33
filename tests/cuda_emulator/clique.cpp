// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when the ranks of a collective have met. What NCCL leaves undefined is a failure here.
#include "cuda_emulator/clique.h"

#include "cuda_emulator/machine.h"

#include <cstring>
#include <cuda_bf16.h>

namespace vitrine::cuda_emulator {

namespace {

const char* nameOf(Transfer kind)
{
    switch (kind) {
    case Transfer::AllReduce:
        return "ncclAllReduce";
    case Transfer::Broadcast:
        return "ncclBroadcast";
    case Transfer::Send:
        return "ncclSend";
    case Transfer::Receive:
        return "ncclRecv";
    }
    return "";
}

std::string describe(const CollectiveCall& call)
{
    return std::string(nameOf(call.kind)) + " of " + std::to_string(call.count) + " values of type " +
           std::to_string(call.type) + (call.captured ? " in a graph" : "");
}

Failure undefined(const CollectiveCall& one, const CollectiveCall& other)
{
    return {cudaErrorLaunchFailure,
            describe(one) + " met " + describe(other) + ": NCCL does not say what happens then"};
}

bool agree(const CollectiveCall& one, const CollectiveCall& other)
{
    const bool message = one.kind == Transfer::Send && other.kind == Transfer::Receive;
    return (one.kind == other.kind || message) && one.count == other.count && one.type == other.type &&
           one.captured == other.captured && (message || one.peer == other.peer) &&
           one.reduction == other.reduction;
}

std::optional<Failure> checkMemory(const CollectiveCall& call)
{
    for (const void* place : {call.from, static_cast<const void*>(call.to)}) {
        Allocation found;
        if (place == nullptr || call.count == 0)
            continue;
        if (!machine().memory.holds(place, call.count * bytesOf(call.type), &found))
            return Failure{cudaErrorIllegalAddress, describe(call) + ": not all of it is memory of a device"};
        if (found.kind == MemoryKind::Device && found.device != call.device)
            return Failure{cudaErrorIllegalAddress, describe(call) + ": memory of another device"};
    }
    return std::nullopt;
}

float asFloat(const void* at, std::size_t index, int type)
{
    if (type == nccl::BFloat16)
        return __bfloat162float(static_cast<const __nv_bfloat16*>(at)[index]);
    return static_cast<const float*>(at)[index];
}

void putFloat(void* at, std::size_t index, int type, float value)
{
    if (type == nccl::BFloat16)
        static_cast<__nv_bfloat16*>(at)[index] = __float2bfloat16(value);
    else
        static_cast<float*>(at)[index] = value;
}

// In the order of the ranks, rounded at each: as a ring does.
void reduce(const Calls& calls)
{
    const CollectiveCall& first = calls.front();
    std::vector<unsigned char> sums(first.count * bytesOf(first.type));
    for (std::size_t i = 0; i < first.count; ++i) {
        putFloat(sums.data(), i, first.type, asFloat(first.from, i, first.type));
        for (std::size_t rank = 1; rank < calls.size(); ++rank)
            putFloat(sums.data(), i, first.type,
                     asFloat(sums.data(), i, first.type) + asFloat(calls[rank].from, i, first.type));
    }
    for (const CollectiveCall& call : calls)
        std::memcpy(call.to, sums.data(), sums.size());
}

std::optional<Failure> perform(const Calls& calls)
{
    for (const CollectiveCall& call : calls) {
        if (!agree(calls.front(), call) && &call != &calls.front())
            return undefined(calls.front(), call);
        if (auto failure = checkMemory(call))
            return failure;
    }
    const CollectiveCall& first = calls.front();
    const std::size_t bytes = first.count * bytesOf(first.type);
    if (bytes == 0)
        return std::nullopt;
    if (first.kind == Transfer::AllReduce) {
        reduce(calls);
        return std::nullopt;
    }
    const void* from = calls[first.kind == Transfer::Broadcast ? std::size_t(first.peer) : 0].from;
    for (const CollectiveCall& call : calls) {
        if (call.to != nullptr && call.to != from)
            std::memmove(call.to, from, bytes);
    }
    return std::nullopt;
}

OpenMeeting& open(OpenMeeting& place, std::size_t seats)
{
    if (place.meeting != nullptr)
        return place;
    place.meeting = std::make_shared<Meeting>(seats);
    place.calls = std::make_shared<Calls>(seats);
    place.meeting->run = [calls = place.calls] { return perform(*calls); };
    return place;
}

} // namespace

std::size_t bytesOf(int type)
{
    switch (type) {
    case nccl::Int8:
        return 1;
    case nccl::BFloat16:
        return 2;
    case nccl::Int32:
    case nccl::Float32:
        return 4;
    default:
        return 0;
    }
}

Work RankComm::take(const CollectiveCall& call)
{
    const auto sit = [&](auto& meetings, const auto& key, std::size_t all, std::size_t seat) {
        OpenMeeting& place = open(meetings[key], all);
        (*place.calls)[seat] = call;
        Work work{WorkKind::Collective, nameOf(call.kind), {}};
        work.meeting = place.meeting;
        work.seat = seat;
        seats.emplace_back(place.meeting, seat);
        if (++place.taken == all)
            meetings.erase(key);
        return work;
    };
    std::erase_if(seats, [](const auto& seat) { return seat.first.expired(); });
    if (call.kind == Transfer::Send)
        return sit(clique->messages, std::pair(std::pair(rank, call.peer), sent[call.peer]++), 2, 0);
    if (call.kind == Transfer::Receive)
        return sit(clique->messages, std::pair(std::pair(call.peer, rank), received[call.peer]++), 2, 1);
    return sit(clique->collectives, collectives++, std::size_t(clique->ranks), std::size_t(rank));
}

} // namespace vitrine::cuda_emulator
