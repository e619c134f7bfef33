// SPDX-License-Identifier: GPL-3.0-or-later
// doctor --gpu: whether a GPU computes right, a line for each check.
#pragma once

#include <cstdint>

namespace vitrine::cli {

/// Returns the exit code: 0 when everything passed, 5 when a check failed, another when nothing could be
/// tested.
int testGpu(std::int32_t gpu, bool asJson);

} // namespace vitrine::cli
