// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replicas/prepared_replicas.h"

#include <memory>
#include <utility>

#include "engine/base/check.h"
#include "engine/execution/rank_executor.h"
#include "engine/execution/weight_share.h"

namespace vitrine::engine {

Result<std::vector<PreparedModel>> prepareReplicas(const std::string& path, const EngineOptions& options,
                                                   std::uint32_t count, const LoadProgress& progress)
{
    VT_CHECK(count >= 1);
    EngineOptions each = options;
    each.executor.replicas = count;
    each.executor.threads = threadsOfRank(options.executor.threads, count);
    each.executor.share = std::make_shared<WeightShare>();
    std::vector<PreparedModel> replicas;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto part = [&progress, i, count](LoadStage stage, double fraction) {
            return !progress || progress(stage, (i + fraction) / count);
        };
        Result<PreparedModel> prepared = prepareModel(path, each, part);
        if (!prepared)
            return prepared.error();
        replicas.push_back(std::move(*prepared));
    }
    return replicas;
}

} // namespace vitrine::engine
