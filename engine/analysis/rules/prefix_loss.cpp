// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/rules/prefix_loss.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr double kLeastTokens = 0.2;
constexpr double kLeastTime = 0.03;
constexpr double kOfPeople = 0.6; // how much of a prompt's share is felt: the reply takes its time as well

} // namespace

PrefixLoss prefixLoss(const RuleInput& input, std::uint64_t tokens)
{
    const RecordingView& view = input.view;
    PrefixLoss loss;
    if (input.overlap.promptTokens == 0 || view.activeNs() <= 0.0)
        return loss;
    loss.tokenShare = static_cast<double>(tokens) / static_cast<double>(input.overlap.promptTokens);
    loss.timeShare = static_cast<double>(tokens) * view.costs().prefillNs / view.activeNs();
    if (loss.tokenShare >= kLeastTokens && loss.timeShare >= kLeastTime)
        loss.severity = std::min(std::max(loss.timeShare, kOfPeople * loss.tokenShare), 1.0);
    return loss;
}

} // namespace vitrine::engine
