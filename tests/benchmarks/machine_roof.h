// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine can do at most: the yardstick of the benchmarks.
#pragma once

#include <cstddef>

namespace vitrine::benchmarks {

/// Bytes a second that `threads` threads together read from a set of `bytes` (medians of several passes).
double readBandwidth(int threads, std::size_t bytes);

/// Multiply-adds of bytes a second, of one thread, with AVX-512 VNNI out of registers; 0 without it.
double vnniPeak();

} // namespace vitrine::benchmarks
