// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels that show how a block behaves, right ones and wrong ones.
#pragma once

#include <cuda_runtime_api.h>

// Sums of rows of `columns` values, by a tree in shared memory. Without its barrier it is wrong.
void launchRowSums(float* sums, const float* rows, int columns, int count, bool barrier);
// The same in dynamic shared memory.
void launchDynamicRowSums(float* sums, const float* rows, int columns, int count);
// What shared memory holds at the beginning of a block: static and dynamic.
void launchFirstContents(float* contents);
// Half of the block waits at a barrier that the other half leaves out.
void launchDivergedBarrier(int threads);
// A lane returns, the others name it in a mask.
void launchExitedLane();
// counts[0]: every thread adds one; counts[1]: largest thread index; counts[2]: blocks that were last.
void launchCounts(unsigned* counts, unsigned blocks, unsigned threads);
// out[thread] for each kind of shuffle, four rows of 32.
void launchShuffles(int* out, int width);
// out[0] ballot, [1] any, [2] all, [3] sum, [4] match of lane 3, [5…7] or, and, count of the block
void launchVotes(unsigned* out);
// Reverses 64 values through cp.async; with or without its wait.
void launchAsyncReverse(float* values, bool wait);
// A block of the given size that does nothing.
void launchNothing(dim3 grid, dim3 block, size_t sharedBytes);
// One thread writes shared memory at an index of 64 floats: static or dynamic.
void launchSharedWrite(int index, bool dynamic);
