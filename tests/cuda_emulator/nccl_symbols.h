// SPDX-License-Identifier: GPL-3.0-or-later
// The emulated NCCL as dlsym() would find it. Any thread.
#pragma once

namespace vitrine::cuda_emulator {

// Null: it has no such function, or there is no NCCL on this machine.
void* ncclSymbol(const char* name);

} // namespace vitrine::cuda_emulator
