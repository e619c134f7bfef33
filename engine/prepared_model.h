// SPDX-License-Identifier: GPL-3.0-or-later
// A model ready to serve: loaded, packed, KV reserved. Built on any thread (so that chats go on while a
// model loads), handed to the engine thread whole.
#pragma once

#include <memory>
#include <string>

#include "engine/engine_options.h"
#include "engine/execution/executor.h"
#include "engine/model/model.h"

namespace vitrine::engine {

struct RankPlan;

struct PreparedModel
{
    std::shared_ptr<const Model> model;
    std::unique_ptr<Executor> executor;
    KvPlan kv;
    EngineOptions options;
    std::shared_ptr<const RankPlan> plan = nullptr; ///< with options.planRanks
};

/// Blocking; may take seconds. Any thread but the UI's. A failure leaves nothing behind.
Result<PreparedModel> prepareModel(const std::string& path, const EngineOptions& options,
                                   const LoadProgress& progress = {});

} // namespace vitrine::engine
