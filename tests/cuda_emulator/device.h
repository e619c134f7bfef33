// SPDX-License-Identifier: GPL-3.0-or-later
// Device code for a host compiler: what a CUDA source sees of the language, run by the emulator.
#pragma once

#include "cuda_emulator/atomics.h"
#include "cuda_emulator/float_functions.h"
#include "cuda_emulator/integer_functions.h"
#include "cuda_emulator/launch.h"
#include "cuda_emulator/memory_functions.h"
#include "cuda_emulator/qualifiers.h"
#include "cuda_emulator/thread_variables.h"
#include "cuda_emulator/warp.h"
