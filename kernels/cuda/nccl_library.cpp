// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/nccl_library.h"

#if defined(VITRINE_CUDA_EMULATOR)
#include "cuda_emulator/nccl_symbols.h"
#else
#include <dlfcn.h>
#endif

namespace vitrine::kernels::cuda {

namespace {

constexpr int kLeastVersion = 21800; // communicators that do not block, with configurations as declared here

#if defined(VITRINE_CUDA_EMULATOR)

void* symbolOf(const char* name)
{
    return cuda_emulator::ncclSymbol(name);
}

#else

void* symbolOf(const char* name)
{
    static void* library = nullptr;
    if (library == nullptr)
        library = ::dlopen("libnccl.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return library == nullptr ? nullptr : ::dlsym(library, name);
}

#endif

template<class Function>
bool take(Function& function, const char* name)
{
    function = reinterpret_cast<Function>(symbolOf(name));
    return function != nullptr;
}

bool takeAll(nccl::Functions& calls)
{
    return take(calls.getUniqueId, "ncclGetUniqueId") &&
           take(calls.commInitRankConfig, "ncclCommInitRankConfig") &&
           take(calls.commGetAsyncError, "ncclCommGetAsyncError") &&
           take(calls.commFinalize, "ncclCommFinalize") && take(calls.commDestroy, "ncclCommDestroy") &&
           take(calls.commAbort, "ncclCommAbort") && take(calls.groupStart, "ncclGroupStart") &&
           take(calls.groupEnd, "ncclGroupEnd") && take(calls.allReduce, "ncclAllReduce") &&
           take(calls.broadcast, "ncclBroadcast") && take(calls.send, "ncclSend") &&
           take(calls.recv, "ncclRecv");
}

} // namespace

NcclLibrary openNccl()
{
    NcclLibrary library;
    if (!take(library.calls.getVersion, "ncclGetVersion")) {
        library.reason = "several GPUs need NCCL, and libnccl.so.2 is not on this machine; install NVIDIA's "
                         "NCCL 2.18 or later";
        return library;
    }
    int version = 0;
    if (library.calls.getVersion(&version) != nccl::Success || version < kLeastVersion ||
        !takeAll(library.calls)) {
        library.reason =
            "several GPUs need NCCL 2.18 or later, and this machine has " + ncclVersionText(version);
        return library;
    }
    library.version = version;
    return library;
}

std::string ncclVersionText(int version)
{
    return std::to_string(version / 10'000) + "." + std::to_string(version % 10'000 / 100) + "." +
           std::to_string(version % 100);
}

} // namespace vitrine::kernels::cuda
