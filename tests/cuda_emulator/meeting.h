// SPDX-License-Identifier: GPL-3.0-or-later
// An operation that several streams come to, each at a seat: it runs once all of them are there, and all of
// them are through with it together. The machine's mutex guards it.
#pragma once

#include "cuda_emulator/work.h"

#include <algorithm>

namespace vitrine::cuda_emulator {

struct Meeting
{
    explicit Meeting(std::size_t seats) : arrived(seats), left(seats) {}

    std::vector<OperationPtr> arrived; // by seat; null: not yet, or no more
    std::vector<bool> left;            // whoever gave up: it does not wait and is not waited for in vain
    std::function<std::optional<Failure>()> run; // called without any lock

    // What a device dropped when it died never comes.
    bool full() const
    {
        return std::ranges::all_of(arrived, [](const auto& one) { return one != nullptr && !one->done; });
    }
};

} // namespace vitrine::cuda_emulator
