// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/rules/rule.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr std::size_t kWindows = 20, kFewestInWindow = 8,
                      kSide = 3; // in which a change of pace is looked for
constexpr double kLastingChange = 1.2, kConsistent = 0.8;
constexpr double kLeastGrowth = 2.0, kMostGrowth = 8.0; // of the pool
constexpr double kUneven = 1.3;                         // times its level that a step may take
constexpr double kShortMemory = 0.02;
constexpr std::uint64_t kLeastMemory = 256U << 20U;
constexpr std::uint32_t kLongPrompt = 1000, kMuchLonger = 4;

} // namespace

void Loss::add(const ViewedStep& step, double lostNs)
{
    if (!(lostNs > 0.0))
        return;
    m_ns += lostNs;
    m_durationNs += step.durationNs;
    m_steps.push_back({step.step->record.step, step.times.plannedNs, step.times.sampledNs, lostNs});
}

void Loss::blame(RequestId request, double lostNs)
{
    if (request.value != 0 && lostNs > 0.0)
        m_requests[request] += lostNs;
}

Evidence Loss::evidence() const
{
    const auto worse = [](const auto& a, const auto& b) { return a.lostNs > b.lostNs; };
    const auto earlier = [](const Entry& a, const Entry& b) { return a.startNs < b.startNs; };
    Evidence evidence;
    std::vector<Entry> ranges;
    for (const Entry& entry : m_steps) { // steps in a row are one range
        if (!ranges.empty() && entry.step == ranges.back().step + 1) {
            ranges.back().step = entry.step;
            ranges.back().endNs = std::max(ranges.back().endNs, entry.endNs);
            ranges.back().lostNs += entry.lostNs;
        } else {
            ranges.push_back(entry);
        }
    }
    std::vector<Entry> steps = m_steps;
    for (std::vector<Entry>* list : {&ranges, &steps}) {
        std::stable_sort(list->begin(), list->end(), worse);
        list->resize(std::min(list->size(), Evidence::kMost));
        std::stable_sort(list->begin(), list->end(), earlier);
    }
    for (const Entry& entry : ranges)
        evidence.ranges.push_back({entry.startNs, entry.endNs});
    for (const Entry& entry : steps)
        evidence.steps.push_back(entry.step);
    std::vector<std::pair<double, RequestId>> requests;
    for (const auto& [request, lostNs] : m_requests)
        requests.emplace_back(-lostNs, request);
    std::sort(requests.begin(), requests.end());
    for (std::size_t i = 0; i < std::min(requests.size(), Evidence::kMost); ++i)
        evidence.requests.push_back(requests[i].second);
    return evidence;
}

Diagnosis diagnose(DiagnosisKind kind, const RecordingView& view, const Loss& loss)
{
    Diagnosis diagnosis;
    diagnosis.kind = kind;
    diagnosis.severity = std::clamp(view.share(loss.ns()), 0.0, 1.0);
    diagnosis.evidence = loss.evidence();
    return diagnosis;
}

PaceFigures findPace(const RecordingView& view)
{
    const std::vector<ViewedStep>& steps = view.steps();
    const std::size_t each = steps.size() / kWindows;
    if (each < kFewestInWindow)
        return {};
    std::vector<double> levels;
    for (std::size_t window = 0; window < kWindows; ++window) {
        std::vector<double> ratios;
        for (std::size_t i = window * each; i < (window + 1) * each; ++i)
            if (steps[i].costNs > 0.0)
                ratios.push_back(steps[i].forwardNs() / steps[i].costNs);
        levels.push_back(quantile(ratios, 0.5));
    }
    PaceFigures best;
    double largest = kLastingChange;
    for (std::size_t split = kSide; split + kSide <= kWindows; ++split) {
        const auto at = levels.begin() + static_cast<std::ptrdiff_t>(split);
        std::vector<double> before(levels.begin(), at), after(at, levels.end());
        const double low = quantile(before, 0.5), high = quantile(after, 0.5);
        const double middle = std::sqrt(low * high);
        const auto above = std::count_if(after.begin(), after.end(), [&](double x) { return x > middle; });
        const auto below = std::count_if(before.begin(), before.end(), [&](double x) { return x < middle; });
        const bool lasts = static_cast<double>(above) >= kConsistent * static_cast<double>(after.size()) &&
                           static_cast<double>(below) >= kConsistent * static_cast<double>(before.size());
        if (low > 0.0 && high / low > largest && lasts) {
            largest = high / low;
            best = {low, high, split * each};
        }
    }
    return best;
}

Loss unevenLoss(const RecordingView& view, const PaceFigures& pace)
{
    Loss loss;
    for (std::size_t i = 0; i < view.steps().size(); ++i) {
        const ViewedStep& step = view.steps()[i];
        const double level = pace.change == 0 ? 1.0 : i < pace.change ? pace.levelBefore : pace.levelAfter;
        const double usual = step.costNs * level;
        if (usual <= 0.0 || step.forwardNs() <= kUneven * usual)
            continue;
        loss.add(step, (step.forwardNs() - usual) * step.present);
        for (const StepRow& row : step.step->rows)
            loss.blame(row.request, step.forwardNs() - usual);
    }
    return loss;
}

Suggestion largerPool(const RecordingView& view)
{
    const double blocks = view.pool().blocks;
    const double proposed =
        std::clamp(std::ceil(view.wantedBlocks()), kLeastGrowth * blocks, kMostGrowth * blocks);
    return {SettingKey::KvBlocks, blocks, std::ceil(proposed)};
}

bool memoryIsShort(const AnalysisFacts& facts)
{
    if (!facts.memoryAvailable || !facts.memoryTotal || *facts.memoryTotal == 0)
        return false;
    const double least = kShortMemory * static_cast<double>(*facts.memoryTotal);
    return static_cast<double>(*facts.memoryAvailable) < std::max(least, static_cast<double>(kLeastMemory));
}

double swapShare(const RecordingView& view)
{
    double ns = 0.0;
    for (const ViewedStep& step : view.steps())
        if (step.step->record.swappedIn > 0 || step.step->record.swappedOut > 0)
            ns += step.transferNs;
    return view.activeNs() > 0.0 ? ns / view.activeNs() : 0.0;
}

bool readsLongPrompt(const ViewedStep& step, const RecordingView& view)
{
    const std::uint64_t much =
        std::max<std::uint64_t>(kLongPrompt, std::uint64_t{kMuchLonger} * view.medianPrompt());
    if (step.longestPrompt < much)
        return false;
    for (const StepRow& row : step.step->rows)
        if (row.request == step.longest)
            return std::uint64_t{row.prefillTokens} * 2 >= step.tokens();
    return false;
}

} // namespace vitrine::engine
