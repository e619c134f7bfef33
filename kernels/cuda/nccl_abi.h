// SPDX-License-Identifier: GPL-3.0-or-later
// What is used of NCCL, by its documented C interface: the library is loaded by name (nccl_library.h), and
// its header is not on every machine that builds. Names and values as in
// https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/api.html; where the header is there, a test
// compares them.
#pragma once

#include <climits>
#include <cstddef>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

inline constexpr int kNcclStatus = 200'000; ///< above it, as a Status, NCCL's results
inline constexpr int kNcclLate = 300'000;   ///< other ranks did not come in time

namespace nccl {

struct Handle;
using Comm = Handle*; ///< ncclComm_t

inline constexpr std::size_t kIdBytes = 128;

/// ncclUniqueId: passed by value.
struct UniqueId
{
    char internal[kIdBytes] = {};
};

enum Result : int { // ncclResult_t
    Success = 0,
    UnhandledCudaError = 1,
    SystemError = 2,
    InternalError = 3,
    InvalidArgument = 4,
    InvalidUsage = 5,
    RemoteError = 6,
    InProgress = 7
};

enum DataType : int { // ncclDataType_t
    Int8 = 0,
    Int32 = 2,
    Int64 = 4,
    Float16 = 6,
    Float32 = 7,
    Float64 = 8,
    BFloat16 = 9
};

enum Reduction : int { Sum = 0, Product = 1, Max = 2, Min = 3 }; // ncclRedOp_t

/// ncclConfig_t of 2.18, which every later version takes by its size and version.
struct Config
{
    std::size_t size = sizeof(Config);
    unsigned magic = 0xcafebeef;
    unsigned version = 21800;
    int blocking = INT_MIN; ///< INT_MIN: as the library likes
    int cgaClusterSize = INT_MIN;
    int minCTAs = INT_MIN;
    int maxCTAs = INT_MIN;
    const char* netName = nullptr;
    int splitShare = INT_MIN;
};

/// Functions under their names without "nccl"; all of them came with 2.14 or before.
struct Functions
{
    int (*getVersion)(int* version) = nullptr;
    int (*getUniqueId)(UniqueId* id) = nullptr;
    int (*commInitRankConfig)(Comm* comm, int ranks, UniqueId id, int rank, Config* config) = nullptr;
    int (*commGetAsyncError)(Comm comm, int* error) = nullptr;
    int (*commFinalize)(Comm comm) = nullptr;
    int (*commDestroy)(Comm comm) = nullptr;
    int (*commAbort)(Comm comm) = nullptr;
    int (*groupStart)() = nullptr;
    int (*groupEnd)() = nullptr;
    int (*allReduce)(const void* from, void* to, std::size_t count, int type, int reduction, Comm comm,
                     Stream stream) = nullptr;
    int (*broadcast)(const void* from, void* to, std::size_t count, int type, int root, Comm comm,
                     Stream stream) = nullptr;
    int (*send)(const void* from, std::size_t count, int type, int peer, Comm comm, Stream stream) = nullptr;
    int (*recv)(void* to, std::size_t count, int type, int peer, Comm comm, Stream stream) = nullptr;
};

} // namespace nccl

} // namespace vitrine::kernels::cuda
