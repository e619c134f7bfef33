// SPDX-License-Identifier: GPL-3.0-or-later
// The emulated machine behind the API: devices, handles, work. There is one, as there is one CUDA in a
// process. Its mutex guards everything but the memory map, which guards itself.
#pragma once

#include "cuda_emulator/clique.h"
#include "cuda_emulator/control.h"
#include "cuda_emulator/grid.h"
#include "cuda_emulator/memory_map.h"
#include "cuda_emulator/stream.h"
#include "cuda_emulator/work_queue.h"

#include <map>
#include <set>

namespace vitrine::cuda_emulator {

struct Device
{
    VirtualDevice facts;
    cudaError_t sticky = cudaSuccess;
    std::unique_ptr<Stream> legacy;
    std::map<std::thread::id, std::unique_ptr<Stream>> perThread;
    std::vector<OperationPtr> orphans; // the newest of streams that were destroyed
    std::set<int> peers;               // whose memory it may use
};

// Objects behind opaque handles: a handle that is not here is not valid.
template<typename T>
class Handles
{
public:
    T* add(std::unique_ptr<T> object)
    {
        T* key = object.get();
        m_objects.emplace(key, std::move(object));
        return key;
    }
    T* find(const void* handle) const
    {
        const auto found = m_objects.find(handle);
        return found == m_objects.end() ? nullptr : found->second.get();
    }
    bool erase(const void* handle) { return m_objects.erase(handle) > 0; }
    std::size_t size() const { return m_objects.size(); }
    void clear() { m_objects.clear(); }
    const auto& all() const { return m_objects; }

private:
    std::map<const void*, std::unique_ptr<T>> m_objects;
};

// Of cuBLAS and cuBLASLt.
struct BlasHandle
{
    cudaStream_t stream = nullptr;
    void* workspace = nullptr;
    std::size_t workspaceBytes = 0;
};

struct Machine
{
    Machine();

    // The stream of a handle, null where there is none. 0, cudaStreamLegacy and cudaStreamPerThread are
    // known.
    Stream* stream(cudaStream_t handle);
    Device& device() { return devices[std::size_t(currentDevice())]; }
    static int currentDevice();
    static void setCurrentDevice(int device);

    // Gives work to a stream, or to the graph that it captures.
    cudaError_t submit(Stream& stream, Work work);
    OperationPtr enqueue(Stream& stream, Work work, const std::vector<OperationPtr>& after = {});
    void count(const Work& work);
    void fail(int device, const Failure& failure);
    // After work that ran: what it did to the guards of allocations. Takes no lock.
    std::optional<Failure> damageBy(const std::string& what);
    bool takeFault(unsigned& countdown);

    // Calls that no capture may see: the capture that forbids them ends as invalid.
    cudaError_t forbidWhileCapturing();
    // The same for work in the legacy stream.
    cudaError_t checkImplicit(const Stream& stream);

    std::mutex mutex;
    MemoryMap memory;
    WorkQueue queue;
    Grid grid;
    std::vector<Device> devices;
    Handles<Stream> streams;
    Handles<Event> events;
    Handles<std::shared_ptr<Graph>> graphs;
    Handles<GraphInstance> instances;
    Handles<BlasHandle> blasHandles;
    Handles<RankComm> comms;
    std::map<std::uint64_t, std::shared_ptr<Clique>> cliques; // by the number in the id
    std::condition_variable rankCame;
    std::uint64_t lastClique = 0;
    int ncclVersion = kNcclVersion; // 0: the library is not on this machine
    unsigned collectiveFault = 0;
    bool tellsCollectiveFault = true;
    std::set<std::shared_ptr<Capture>> captures;
    std::map<const void*, int> maxDynamicShared; // of kernels that were allowed more than usual, bytes
    Counts counts;
    std::string fault;
    cudaError_t driverError = cudaSuccess;
    std::size_t graphNodeBytes = 0;
    unsigned allocationFault = 0;
    unsigned launchFault = 0;
    unsigned executionFault = 0;
    unsigned long long lastCapture = 0;
};

Machine& machine();
// One device, the first seed.
void initialise(Machine& all);

// True while a function of cudaLaunchHostFunc runs on this thread.
bool& insideHostFunction();
cudaError_t& lastError();

enum class Entry {
    Checked, // refused when the device has died
    Always
};

// The body of an API function: with the lock, after the checks that every call makes. Its error is kept for
// cudaGetLastError.
template<typename Body>
cudaError_t call(Body body, Entry entry = Entry::Checked)
{
    Machine& all = machine();
    MachineLock lock(all.mutex);
    const auto run = [&]() -> cudaError_t {
        if (all.driverError != cudaSuccess)
            return all.driverError;
        if (insideHostFunction())
            return cudaErrorNotPermitted;
        if (all.devices.empty())
            return cudaErrorNoDevice;
        if (entry == Entry::Checked && all.device().sticky != cudaSuccess)
            return all.device().sticky;
        return body(all, lock);
    };
    const cudaError_t error = run();
    if (error != cudaSuccess)
        lastError() = error;
    return error;
}

} // namespace vitrine::cuda_emulator
