// SPDX-License-Identifier: GPL-3.0-or-later
// NCCL: communicators and calls. A call is put on its stream, or into the graph that the stream captures, at
// once, at the end of the group, or, where the communicator does not block, when its errors are asked for.
#include "cuda_emulator/machine.h"
#include "cuda_emulator/nccl_symbols.h"

#include <algorithm>
#include <chrono>
#include <cstring>

using namespace vitrine::cuda_emulator;

namespace {

constexpr std::chrono::seconds kPatience{120}; // the real one waits for ever

struct Pending
{
    RankComm* comm = nullptr;
    CollectiveCall call;
    cudaStream_t stream = nullptr;
};

thread_local int t_depth = 0; // of groups
thread_local std::vector<Pending> t_calls;
thread_local std::vector<RankComm*> t_joining;

bool waitUntilWhole(Machine& all, const Clique& clique, MachineLock& lock)
{
    return all.rankCame.wait_for(lock, kPatience, [&] { return clique.whole(); });
}

// Of a captured call: each launch of its graph is a new one.
Work recorded(Machine& all, RankComm& comm, CollectiveCall call)
{
    call.captured = true;
    Work work{WorkKind::Collective, "a collective of a graph", {}};
    work.atLaunch = [&all, key = &comm, call]() -> Work {
        if (RankComm* found = all.comms.find(key))
            return found->take(call);
        Work gone{WorkKind::Collective, "a collective of a graph", {}};
        gone.run = [](std::uint64_t) {
            return Failure{cudaErrorLaunchFailure, "a graph has a collective whose communicator is gone"};
        };
        return gone;
    };
    return work;
}

void capture(Machine& all, Stream& stream, const std::vector<Pending>& calls)
{
    const std::vector<GraphNode*> before = stream.captureTail;
    std::vector<GraphNode*> made;
    for (const Pending& one : calls)
        made.push_back(stream.capture->graph->add(recorded(all, *one.comm, one.call), before));
    stream.captureTail = made.size() == 1 ? made : std::vector{stream.capture->graph->add({}, made)};
}

void enqueue(Machine& all, Stream& stream, const std::vector<Pending>& calls)
{
    const OperationPtr before = stream.tail;
    std::vector<OperationPtr> made;
    for (const Pending& one : calls) {
        stream.tail = before; // those of a group go on beside each other
        Work work = one.comm->take(one.call);
        all.count(work);
        if (all.takeFault(all.collectiveFault)) {
            if (all.tellsCollectiveFault)
                one.comm->error = nccl::RemoteError;
            work.meeting = std::make_shared<Meeting>(2); // to which nobody else comes
            work.seat = 0;
            one.comm->seats.emplace_back(work.meeting, 0);
        }
        made.push_back(all.enqueue(stream, std::move(work)));
    }
    if (made.size() > 1)
        all.enqueue(stream, {}, made);
}

int issue(Machine& all, const std::vector<Pending>& calls)
{
    std::map<Stream*, std::vector<Pending>> byStream;
    for (const Pending& one : calls) {
        Stream* stream = all.stream(one.stream);
        if (stream == nullptr || stream->device != one.comm->device)
            return nccl::InvalidArgument;
        if (stream->capture != nullptr && stream->capture->invalidated)
            return nccl::UnhandledCudaError;
        byStream[stream].push_back(one);
    }
    for (const auto& [stream, own] : byStream) {
        if (stream->capture != nullptr)
            capture(all, *stream, own);
        else
            enqueue(all, *stream, own);
    }
    return nccl::Success;
}

int issueOrDelay(Machine& all, std::vector<Pending> calls)
{
    if (calls.empty())
        return nccl::Success;
    RankComm* comm = calls.front().comm;
    if (comm->blocking)
        return issue(all, calls);
    comm->questions = 1;
    comm->delayed = [&all, calls = std::move(calls)] { return issue(all, calls); };
    return nccl::InProgress;
}

template<typename Body>
int ncclCall(Body body)
{
    Machine& all = machine();
    MachineLock lock(all.mutex);
    if (all.driverError != cudaSuccess || all.devices.empty())
        return nccl::UnhandledCudaError;
    return body(all, lock);
}

int submit(nccl::Comm handle, CollectiveCall call, cudaStream_t stream)
{
    return ncclCall([&](Machine& all, MachineLock&) -> int {
        RankComm* comm = all.comms.find(handle);
        if (comm == nullptr || bytesOf(call.type) == 0 || call.peer < 0 || call.peer >= comm->clique->ranks)
            return nccl::InvalidArgument;
        if (!comm->clique->whole() || comm->delayed)
            return nccl::InvalidUsage; // it is still in progress
        if (all.devices[std::size_t(comm->device)].sticky != cudaSuccess)
            return nccl::UnhandledCudaError;
        call.device = comm->device;
        if (t_depth > 0) {
            t_calls.push_back({comm, call, stream});
            return nccl::Success;
        }
        return issueOrDelay(all, {{comm, call, stream}});
    });
}

// The place of a rank among those of its id.
int join(Machine& all, int ranks, std::uint64_t id, int rank, std::shared_ptr<Clique>& clique)
{
    if (ranks < 1 || rank < 0 || rank >= ranks || id == 0 || id > all.lastClique)
        return nccl::InvalidArgument;
    std::shared_ptr<Clique>& place = all.cliques[id];
    if (place == nullptr) {
        place = std::make_shared<Clique>();
        place->ranks = ranks;
        place->devices.assign(std::size_t(ranks), -1);
    }
    const int device = Machine::currentDevice();
    if (place->ranks != ranks || place->devices[std::size_t(rank)] >= 0 ||
        std::ranges::find(place->devices, device) != place->devices.end())
        return nccl::InvalidUsage; // two ranks on one device too
    place->devices[std::size_t(rank)] = device;
    clique = place;
    all.rankCame.notify_all();
    return nccl::Success;
}

int initialise(nccl::Comm* comm, int ranks, nccl::UniqueId id, int rank, bool blocking)
{
    return ncclCall([&](Machine& all, MachineLock& lock) -> int {
        if (all.forbidWhileCapturing() != cudaSuccess) // it allocates
            return nccl::UnhandledCudaError;
        std::uint64_t number = 0;
        std::memcpy(&number, id.internal, sizeof number);
        auto made = std::make_unique<RankComm>();
        if (const int error = join(all, ranks, number, rank, made->clique))
            return error;
        made->rank = rank;
        made->device = Machine::currentDevice();
        made->blocking = blocking;
        RankComm* own = all.comms.add(std::move(made));
        *comm = reinterpret_cast<nccl::Comm>(own);
        if (!blocking)
            return own->clique->whole() ? nccl::Success : nccl::InProgress;
        if (t_depth > 0) {
            t_joining.push_back(own);
            return nccl::Success;
        }
        return waitUntilWhole(all, *own->clique, lock) ? nccl::Success : nccl::SystemError;
    });
}

// Whoever still waits for others at a meeting goes on.
void giveUp(Machine& all, const RankComm& comm)
{
    for (const auto& [weak, seat] : comm.seats) {
        if (const auto meeting = weak.lock())
            all.queue.leave(*meeting, seat);
    }
}

int getVersion(int* version)
{
    const MachineLock lock(machine().mutex);
    *version = machine().ncclVersion;
    return nccl::Success;
}

int getUniqueId(nccl::UniqueId* id)
{
    return ncclCall([&](Machine& all, MachineLock&) -> int {
        const std::uint64_t number = ++all.lastClique;
        *id = {};
        std::memcpy(id->internal, &number, sizeof number);
        return nccl::Success;
    });
}

int commInitRankConfig(nccl::Comm* comm, int ranks, nccl::UniqueId id, int rank, nccl::Config* config)
{
    const nccl::Config usual;
    if (config != nullptr && (config->size != usual.size || config->magic != usual.magic))
        return nccl::InvalidArgument;
    return initialise(comm, ranks, id, rank, config == nullptr || config->blocking != 0);
}

int commGetAsyncError(nccl::Comm handle, int* error)
{
    return ncclCall([&](Machine& all, MachineLock&) -> int {
        RankComm* comm = all.comms.find(handle);
        if (comm == nullptr || error == nullptr)
            return nccl::InvalidArgument;
        const bool whole = comm->clique->whole();
        if (!whole || (comm->delayed && comm->questions-- > 0)) {
            *error = nccl::InProgress;
            return nccl::Success;
        }
        if (comm->delayed) {
            const int issued = std::exchange(comm->delayed, nullptr)();
            comm->error = issued != nccl::Success ? issued : comm->error;
        }
        *error = comm->error;
        return nccl::Success;
    });
}

int commAbort(nccl::Comm handle)
{
    return ncclCall([&](Machine& all, MachineLock&) -> int {
        const RankComm* comm = all.comms.find(handle);
        if (comm == nullptr)
            return nccl::InvalidArgument;
        giveUp(all, *comm);
        all.comms.erase(handle);
        return nccl::Success;
    });
}

int commFinalize(nccl::Comm handle)
{
    return ncclCall([&](Machine& all, MachineLock& lock) -> int {
        const RankComm* comm = all.comms.find(handle);
        if (comm == nullptr)
            return nccl::InvalidArgument;
        all.queue.finishDevice(comm->device, lock);
        return nccl::Success;
    });
}

int commDestroy(nccl::Comm handle)
{
    const int finalized = commFinalize(handle);
    return finalized != nccl::Success ? finalized : ncclCall([&](Machine& all, MachineLock&) -> int {
        return all.comms.erase(handle) ? nccl::Success : nccl::InvalidArgument;
    });
}

int groupStart()
{
    ++t_depth;
    return nccl::Success;
}

int groupEnd()
{
    if (t_depth == 0)
        return nccl::InvalidUsage;
    if (--t_depth > 0)
        return nccl::Success;
    return ncclCall([&](Machine& all, MachineLock& lock) -> int {
        for (const RankComm* joining : std::exchange(t_joining, {})) {
            if (!waitUntilWhole(all, *joining->clique, lock))
                return nccl::SystemError;
        }
        return issueOrDelay(all, std::exchange(t_calls, {}));
    });
}

int allReduce(const void* from, void* to, std::size_t count, int type, int reduction, nccl::Comm comm,
              cudaStream_t stream)
{
    if (reduction != nccl::Sum || (type != nccl::Float32 && type != nccl::BFloat16))
        return nccl::InvalidArgument;
    return submit(comm, {Transfer::AllReduce, from, to, count, type, reduction}, stream);
}

int broadcast(const void* from, void* to, std::size_t count, int type, int root, nccl::Comm comm,
              cudaStream_t stream)
{
    return submit(comm, {Transfer::Broadcast, from, to, count, type, nccl::Sum, root}, stream);
}

int send(const void* from, std::size_t count, int type, int peer, nccl::Comm comm, cudaStream_t stream)
{
    return submit(comm, {Transfer::Send, from, nullptr, count, type, nccl::Sum, peer}, stream);
}

int recv(void* to, std::size_t count, int type, int peer, nccl::Comm comm, cudaStream_t stream)
{
    return submit(comm, {Transfer::Receive, nullptr, to, count, type, nccl::Sum, peer}, stream);
}

struct Symbol
{
    const char* name;
    void* function;
};

} // namespace

void* vitrine::cuda_emulator::ncclSymbol(const char* name)
{
    const auto symbol = [](auto* function) { return reinterpret_cast<void*>(function); };
    const Symbol symbols[] = {{"ncclGetVersion", symbol(getVersion)},
                              {"ncclGetUniqueId", symbol(getUniqueId)},
                              {"ncclCommInitRankConfig", symbol(commInitRankConfig)},
                              {"ncclCommGetAsyncError", symbol(commGetAsyncError)},
                              {"ncclCommFinalize", symbol(commFinalize)},
                              {"ncclCommDestroy", symbol(commDestroy)},
                              {"ncclCommAbort", symbol(commAbort)},
                              {"ncclGroupStart", symbol(groupStart)},
                              {"ncclGroupEnd", symbol(groupEnd)},
                              {"ncclAllReduce", symbol(allReduce)},
                              {"ncclBroadcast", symbol(broadcast)},
                              {"ncclSend", symbol(send)},
                              {"ncclRecv", symbol(recv)}};
    const MachineLock lock(machine().mutex);
    const auto* found =
        std::ranges::find_if(symbols, [&](const Symbol& one) { return std::strcmp(one.name, name) == 0; });
    return machine().ncclVersion == 0 || found == std::end(symbols) ? nullptr : found->function;
}
