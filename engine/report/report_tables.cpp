// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_tables.h"

#include <algorithm>

#include "engine/analysis/step_moments.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kTitleWidth = 40;

std::string nameOf(const TitleOf& titleOf, RequestId request)
{
    return shortened(cleanReportText(titleOf(request)), kTitleWidth);
}

std::string maybe(const std::optional<double>& seconds)
{
    return seconds ? durationText(*seconds) : "–";
}

std::string leftOut(std::size_t all, std::size_t shown, const std::string& what)
{
    return all > shown ? countText(all - shown) + " more " + what + " are not shown." : "";
}

std::string blocks(std::uint64_t count)
{
    return countText(count) + (count == 1 ? " block" : " blocks");
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

std::string endOf(const RequestFigures& request)
{
    return request.reason == FinishReason::None ? "goes on" : finishReasonName(request.reason);
}

} // namespace

ReportTable requestTable(const RunFigures& run, const TitleOf& titleOf, std::size_t mostRows)
{
    ReportTable table;
    table.columns = {{"Request", 3.0, false}, {"Prompt", 1.0, true}, {"Cached", 1.0, true},
                     {"Reply", 0.9, true},    {"Queue", 1.1, true},  {"First token", 1.4, true},
                     {"Between", 1.1, true},  {"Whole", 1.1, true},  {"Preempted", 1.4, true},
                     {"End", 1.1, true}};
    for (const RequestFigures& request : run.requests) {
        if (table.rows.size() == mostRows)
            break;
        const Samples between(request.between);
        table.rows.push_back({nameOf(titleOf, request.request), countText(request.promptTokens),
                              countText(request.cachedTokens), countText(request.replyTokens),
                              maybe(request.queue), maybe(request.firstToken),
                              between.empty() ? "–" : durationText(between.median()), maybe(request.total),
                              countText(request.preemptions), endOf(request)});
    }
    table.note = leftOut(run.requests.size(), table.rows.size(), "requests");
    return table;
}

std::string preemptionCause(const PreemptionDetail& detail, const TitleOf& titleOf)
{
    const std::string who =
        detail.beneficiary.value == 0 ? "Nobody in particular" : nameOf(titleOf, detail.beneficiary);
    if (detail.reason == PreemptionReason::PoolShrinks)
        return "The pool was made smaller than what was in use.";
    if (detail.reason == PreemptionReason::KvLost)
        return "Keys and values were lost with a process that computes, or their number was changed.";
    const std::string rest = countText(detail.usable()) + " of " + countText(detail.pool) + " were usable.";
    if (detail.reason == PreemptionReason::Predicted)
        return "The pool was about to run dry; " + rest;
    const std::string forWhat = detail.forPrompt ? " for its prompt; " : " for its reply; ";
    return who + " needed " + (detail.needed > 0 ? blocks(detail.needed) : "a block") + forWhat + rest;
}

ReportTable preemptionTable(const RunFigures& run, std::span<const PreemptionDetail> list,
                            const TitleOf& titleOf, std::size_t mostRows)
{
    ReportTable table;
    table.columns = {{"Time", 1.0, false},     {"Victim", 2.4, false},     {"Cause", 4.0, false},
                     {"Freed", 0.9, true},     {"Lost tokens", 1.5, true}, {"How", 1.4, false},
                     {"Predicted", 1.3, true}, {"Cost", 1.0, true},        {"Pause", 1.3, true}};
    for (const PreemptionDetail& one : list) {
        if (table.rows.size() == mostRows)
            break;
        table.rows.push_back(
            {durationText(secondsBetween(run.startNs, one.timeNs)), nameOf(titleOf, one.victim),
             preemptionCause(one, titleOf), countText(one.freed), countText(one.lostTokens),
             one.action == PreemptionAction::Swap ? "swap" : "recompute", durationText(one.predictedSeconds),
             one.returnedNs ? durationText(one.costSeconds) : "–", maybe(one.pauseSeconds)});
    }
    table.note = leftOut(list.size(), table.rows.size(), "preemptions");
    return table;
}

ReportTable prefixTable(const PrefixTree& tree, std::size_t mostRows)
{
    std::vector<const PrefixNode*> shared;
    for (std::size_t i = 1; i < tree.nodes.size(); ++i)
        if (tree.nodes[i].requests > 1)
            shared.push_back(&tree.nodes[i]);
    std::stable_sort(shared.begin(), shared.end(), [](const PrefixNode* a, const PrefixNode* b) {
        return a->passedTokens > b->passedTokens;
    });
    ReportTable table;
    table.columns = {{"Shared text", 4.0, false},   {"From", 0.8, true}, {"Tokens", 1.0, true},
                     {"Requests", 1.2, true},       {"Hits", 0.8, true}, {"Saved", 1.0, true},
                     {"Then they part", 3.0, false}};
    for (const PrefixNode* node : shared) {
        if (table.rows.size() == mostRows)
            break;
        std::string part;
        if (!node->children.empty() && tree.nodes[node->children.front()].hasDivergence) {
            const PrefixDivergence& divergence = tree.nodes[node->children.front()].divergence;
            const auto side = [](const std::string& text) {
                return text.empty() ? std::string("the end") : "“" + shortened(trimmed(text), 18) + "”";
            };
            part = "at " + countText(divergence.position) + ": " + side(divergence.own) + ", " +
                   side(divergence.other);
        }
        table.rows.push_back({shortened(trimmed(node->text), 60), countText(node->firstToken),
                              countText(node->tokens), countText(node->requests), countText(node->hits),
                              countText(node->savedTokens), part});
    }
    table.note = leftOut(shared.size(), table.rows.size(), "shared beginnings");
    return table;
}

} // namespace vitrine::engine
