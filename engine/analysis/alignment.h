// SPDX-License-Identifier: GPL-3.0-or-later
// Which request of one recording is which of the other. Any thread.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "engine/analysis/compare.h"
#include "engine/analysis/run_figures.h"

namespace vitrine::engine {

struct Alignment
{
    Pairing pairing = Pairing::None;
    std::vector<std::pair<std::size_t, std::size_t>> pairs; ///< places in A and B, ascending in A
};

Alignment alignRequests(std::span<const RequestFigures> a, std::span<const RequestFigures> b);

} // namespace vitrine::engine
