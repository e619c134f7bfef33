// SPDX-License-Identifier: GPL-3.0-or-later
// Every kernel variant that this machine runs against the scalar one, on small made-up data.
#pragma once

#include <string>
#include <vector>

namespace vitrine::cli {

struct KernelCheck
{
    std::string kernel; ///< "linear Q4_1"
    std::string isa;
    double worst = 0.0; ///< largest difference, relative to the largest value
    double allowed = 0.0;
    bool passed() const { return worst <= allowed; } ///< false for NaN
};

std::vector<KernelCheck> checkKernels();

} // namespace vitrine::cli
