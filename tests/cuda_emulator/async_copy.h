// SPDX-License-Identifier: GPL-3.0-or-later
// Asynchronous copies to shared memory; what they promise stands in kernels/cuda/async_copy.h.
#pragma once

namespace vitrine::cuda_emulator {

void copyAsync(void* shared, const void* global, int bytes, int sourceBytes);
void commitCopies();
void waitForCopies(int pending);
void waitForAllCopies();

} // namespace vitrine::cuda_emulator
