// SPDX-License-Identifier: GPL-3.0-or-later
// Where the ranks of a RankExecutor come from, and come from again when one has failed. One owner; engine
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

class RankSource
{
public:
    virtual ~RankSource() = default;

    /// Rank 0's group of the steps; another one after the number of ranks has changed.
    virtual std::shared_ptr<Communicator> group() const = 0;
    virtual bool isBroken() const = 0;
    virtual std::string reason() const = 0; ///< of the first failure; empty: there is none
    /// A rank has failed, as a step has shown.
    virtual void blame(std::uint32_t rank, const std::string& reason) = 0;
    /// Others in place of those in `ranks` that have failed, or fewer ranks after too many failures. They
    /// have neither KV nor settings. An error: some are missing still, `ranks` are as they were, or rank 0
    /// alone.
    virtual Result<RankRecovery> repair(std::vector<std::unique_ptr<Executor>>& ranks) = 0;
};

} // namespace vitrine::engine
