// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/weight_reads.h"

#include <cmath>

namespace vitrine::engine {

double weightBytesRead(const ExecutorInfo& info, const ExpertConfig& experts, double tokens)
{
    const auto all = static_cast<double>(info.weightBytes);
    if (experts.count == 0)
        return all;
    const double leftOut = std::pow(1.0 - double(experts.perToken) / double(experts.count), tokens);
    return all - static_cast<double>(info.expertBytes) * leftOut;
}

} // namespace vitrine::engine
