// SPDX-License-Identifier: GPL-3.0-or-later
// What tests tell the emulator and ask it. Any thread. Nothing of this exists with real CUDA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::cuda_emulator {

// What was asked of the devices since the beginning. Launches of a graph count once as `graphs`; what its
// nodes do counts in no other figure.
struct Counts
{
    std::size_t kernels = 0;
    std::size_t libraryCalls = 0; // cuBLAS, cuBLASLt
    std::size_t graphs = 0;
    std::size_t copiesToDevice = 0;
    std::size_t copiesToHost = 0;
    std::size_t copiesOnDevice = 0; // and between devices
    std::size_t sets = 0;
    std::size_t hostFunctions = 0;
    std::size_t collectives = 0; // and messages, by rank
    std::size_t allocations = 0; // of device memory
    std::size_t captures = 0;
    std::size_t instantiations = 0;
};

struct VirtualDevice
{
    std::string name = "Emulated GPU";
    std::size_t bytes = std::size_t(256) << 20; // of memory
};

struct Leak
{
    const void* place = nullptr;
    std::size_t bytes = 0;
    bool pinned = false; // host memory
    int device = 0;
};

constexpr std::uint64_t kFirstSeed = 1;
constexpr int kNcclVersion = 22809;

// Everything back to the beginning: one device, no memory, no streams, no errors, the first seed. Nothing of
// CUDA may be in use.
void reset();
// The order of threads, blocks, streams and graph nodes. 0: ascending, and work runs in order of issue.
void setSeed(std::uint64_t seed);

// None: as a machine without a device. Only before anything of CUDA is in use.
void setDevices(const std::vector<VirtualDevice>& devices);
// As with no driver, or an old one: every call returns the error and leaves its outputs alone. cudaSuccess:
// ends it.
void setDriverError(int cudaError);
// May lie below what is used: then nothing more is given.
void setMemoryLimit(int device, std::size_t bytes);
// What an instance of a graph takes of its device for each node. 0, as after a reset: nothing.
void setGraphNodeBytes(std::size_t bytes);
std::size_t memoryUsed(int device);

// The nth from now (1: the next) fails; later ones do not. 0: none.
void failAllocation(unsigned nth); // cudaErrorMemoryAllocation
void failLaunch(unsigned nth);     // refused with cudaErrorLaunchOutOfResources
void failExecution(
    unsigned nth); // of a kernel, alone or in a graph: the device dies of cudaErrorIllegalAddress

// 0: a machine without NCCL. Before the library is looked for.
void setNcclVersion(int version);
// The nth collective or message of any rank from now never happens: nobody comes to it. 0: none. `told`: its
// communicator says so when asked for errors (ncclRemoteError), as after a broken link.
void failCollective(unsigned nth, bool told = true);

Counts counts();
void resetCounts();
// What has not been freed.
std::vector<Leak> leaks();
// Streams, events, graphs, instances, handles of cuBLAS and communicators that have not been destroyed.
std::size_t liveHandles();
// Operations that were given to the devices and have not run.
std::size_t pendingOperations();
// What the last failed work died of. Empty when none has failed.
std::string lastFault();

} // namespace vitrine::cuda_emulator
