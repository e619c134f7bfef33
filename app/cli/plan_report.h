// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is predicted to cost with each number of stages and ranks on this machine, and which of them
// is chosen.
#pragma once

#include "app/cli/command.h"
#include "engine/plan/rank_plan.h"

namespace vitrine::cli {

Json planReport(const engine::RankPlan& plan);
void printPlan(const engine::RankPlan& plan);

} // namespace vitrine::cli
