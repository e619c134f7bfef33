// SPDX-License-Identifier: GPL-3.0-or-later
// What tests tell the emulator and ask it. Any thread. Nothing of this exists with real CUDA.
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::cuda_emulator {

// Everything back to the beginning: errors forgotten, seed 0.
void reset();
// The order of threads, blocks and streams. 0 (at the beginning): ascending.
void setSeed(std::uint64_t seed);
// What the last failed kernel died of: kernel, block and threads. Empty when none has failed.
std::string lastFault();

} // namespace vitrine::cuda_emulator
