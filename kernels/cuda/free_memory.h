// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory of a GPU is free, without computing on it: the CUDA runtime would first take some hundred
// megabytes of it for a context of this program, and keep them. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::kernels::cuda {

/// `busId`: "00000000:01:00.0". From the library that comes with NVIDIA's driver; 0: it is not there, or does
/// not know.
std::uint64_t freeMemoryOf(const std::string& busId);

} // namespace vitrine::kernels::cuda
