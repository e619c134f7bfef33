// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_measure.h"

#include <algorithm>
#include <vector>

namespace vitrine::cli {

using engine::Result;

namespace {

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

Result<void> measure(Json& results, Json entry, std::uint32_t repeat, double limit, const char* limitedBy,
                     const std::function<Result<double>()>& once)
{
    std::vector<double> speeds;
    for (std::uint32_t i = 0; i < repeat; ++i) {
        const Result<double> speed = once();
        if (g_stopRequested) // what ran short of its end is no measurement
            return engine::cancelled("the benchmark was stopped");
        if (!speed)
            return speed.error();
        speeds.push_back(*speed);
    }
    const double speed = median(speeds);
    entry["tokens_per_s"] = rounded(speed);
    entry["runs"] = speeds;
    entry["limited_by"] = limit > 0.0 ? Json(limitedBy) : Json(nullptr);
    entry["limit_tokens_per_s"] = limit > 0.0 ? Json(rounded(limit)) : Json(nullptr);
    entry["share_of_limit"] = limit > 0.0 ? Json(rounded(speed / limit)) : Json(nullptr);
    results.push_back(std::move(entry));
    return {};
}

} // namespace vitrine::cli
