// SPDX-License-Identifier: GPL-3.0-or-later
// NCCL, which GPUs talk to each other with: loaded by name when several of them are asked for, since a
// machine with one GPU does not have it. Any thread.
#pragma once

#include <string>

#include "kernels/cuda/nccl_abi.h"

namespace vitrine::kernels::cuda {

struct NcclLibrary
{
    nccl::Functions calls;
    int version = 0;    ///< 22809 is 2.28.9; 0: there is none
    std::string reason; ///< why, a sentence without its stop; else empty

    explicit operator bool() const { return version != 0; }
};

/// Looked for at each call until it is found; then it stays.
NcclLibrary openNccl();
/// "2.28.9"
std::string ncclVersionText(int version);

} // namespace vitrine::kernels::cuda
