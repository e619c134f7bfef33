// SPDX-License-Identifier: GPL-3.0-or-later
// The emulator's own API.
#include "cuda_emulator/control.h"

#include "cuda_emulator/machine.h"

namespace vitrine::cuda_emulator {

namespace {

void installDevices(Machine& all, const std::vector<VirtualDevice>& devices)
{
    all.devices.clear();
    for (const VirtualDevice& facts : devices) {
        Device device;
        device.facts = facts;
        device.legacy = std::make_unique<Stream>();
        device.legacy->legacy = true;
        device.legacy->device = int(all.devices.size());
        all.memory.setLimit(int(all.devices.size()), facts.bytes);
        all.devices.push_back(std::move(device));
    }
}

} // namespace

void reset()
{
    Machine& all = machine();
    const MachineLock lock(all.mutex);
    for (std::size_t i = 0; i < all.devices.size(); ++i)
        all.queue.drop(int(i));
    all.captures.clear();
    all.streams.clear();
    all.events.clear();
    all.graphs.clear();
    all.instances.clear();
    all.blasHandles.clear();
    all.comms.clear();
    all.cliques.clear();
    all.ncclVersion = kNcclVersion;
    all.collectiveFault = 0;
    all.maxDynamicShared.clear();
    all.memory.releaseAll();
    installDevices(all, {VirtualDevice{}});
    all.queue.setSeed(kFirstSeed);
    all.counts = {};
    all.fault.clear();
    all.driverError = cudaSuccess;
    all.graphNodeBytes = 0;
    all.allocationFault = all.launchFault = all.executionFault = 0;
    Machine::setCurrentDevice(0);
    lastError() = cudaSuccess;
}

void setSeed(std::uint64_t seed)
{
    const MachineLock lock(machine().mutex);
    machine().queue.setSeed(seed);
}

void setDevices(const std::vector<VirtualDevice>& devices)
{
    const MachineLock lock(machine().mutex);
    installDevices(machine(), devices);
}

void setDriverError(int error)
{
    const MachineLock lock(machine().mutex);
    machine().driverError = static_cast<cudaError_t>(error);
}

void setMemoryLimit(int device, std::size_t bytes)
{
    machine().memory.setLimit(device, bytes);
}

void setGraphNodeBytes(std::size_t bytes)
{
    const MachineLock lock(machine().mutex);
    machine().graphNodeBytes = bytes;
}

std::size_t memoryUsed(int device)
{
    return machine().memory.used(device);
}

void failAllocation(unsigned nth)
{
    const MachineLock lock(machine().mutex);
    machine().allocationFault = nth;
}

void failLaunch(unsigned nth)
{
    const MachineLock lock(machine().mutex);
    machine().launchFault = nth;
}

void failExecution(unsigned nth)
{
    const MachineLock lock(machine().mutex);
    machine().executionFault = nth;
}

void setNcclVersion(int version)
{
    const MachineLock lock(machine().mutex);
    machine().ncclVersion = version;
}

void failCollective(unsigned nth, bool told)
{
    const MachineLock lock(machine().mutex);
    machine().collectiveFault = nth;
    machine().tellsCollectiveFault = told;
}

Counts counts()
{
    const MachineLock lock(machine().mutex);
    return machine().counts;
}

void resetCounts()
{
    const MachineLock lock(machine().mutex);
    machine().counts = {};
}

std::vector<Leak> leaks()
{
    std::vector<Leak> result;
    for (const Allocation& allocation : machine().memory.all()) {
        result.push_back(
            {allocation.place, allocation.bytes, allocation.kind != MemoryKind::Device, allocation.device});
    }
    return result;
}

std::size_t liveHandles()
{
    Machine& all = machine();
    const MachineLock lock(all.mutex);
    return all.streams.size() + all.events.size() + all.graphs.size() + all.instances.size() +
           all.blasHandles.size() + all.comms.size();
}

std::size_t pendingOperations()
{
    const MachineLock lock(machine().mutex);
    return machine().queue.size();
}

std::string lastFault()
{
    const MachineLock lock(machine().mutex);
    return machine().fault;
}

void initialise(Machine& all)
{
    installDevices(all, {VirtualDevice{}});
    all.queue.setSeed(kFirstSeed);
}

} // namespace vitrine::cuda_emulator
