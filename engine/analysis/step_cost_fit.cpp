// SPDX-License-Identifier: GPL-3.0-or-later
// Least squares of relative errors with terms ≥ 0: of four terms each set is tried. Then again without the
// steps that took much longer than that, until it settles.
#include "engine/analysis/step_cost_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace vitrine::engine {
namespace {

constexpr int kTerms = 4;
constexpr double kTokens = 256.0, kRows = 32.0, kKeys = 65536.0; // bring the terms near 1
constexpr double kRidge = 1e-4;  // of a step's worth: decides what the steps leave open
constexpr int kRounds = 4;       // of leaving steps out
constexpr double kOutlier = 1.3; // times its cost

using Vector = std::array<double, kTerms>;

struct Normal
{
    std::array<Vector, kTerms> matrix{};
    Vector right{};
    double rest = 0.0;
};

Vector termsOf(const StepLoad& load)
{
    return {1.0, load.prefillTokens / kTokens, load.decodeRows / kRows,
            static_cast<double>(load.attendedKeys) / kKeys};
}

Normal gather(std::span<const MeasuredStep> steps, const StepCosts* known)
{
    Normal normal;
    double scale = 0.0;
    for (const MeasuredStep& step : steps) {
        if (known != nullptr && step.forwardNs > kOutlier * known->of(step.load))
            continue;
        Vector x = termsOf(step.load);
        for (double& value : x)
            value /= step.forwardNs;
        for (int i = 0; i < kTerms; ++i) {
            normal.right[i] += x[i];
            for (int j = 0; j < kTerms; ++j)
                normal.matrix[i][j] += x[i] * x[j];
        }
        normal.rest += 1.0;
        scale = std::max(scale, normal.matrix[0][0]);
    }
    for (int i = 0; i < kTerms; ++i)
        normal.matrix[i][i] += kRidge * scale;
    return normal;
}

/// The terms in `chosen`, the others 0. False when there is no such solution.
bool solve(Normal normal, unsigned chosen, Vector& solution)
{
    for (int i = 0; i < kTerms; ++i) {
        if ((chosen >> i & 1U) != 0)
            continue;
        for (int j = 0; j < kTerms; ++j)
            normal.matrix[i][j] = normal.matrix[j][i] = i == j ? 1.0 : 0.0;
        normal.right[i] = 0.0;
    }
    for (int i = 0; i < kTerms; ++i) { // symmetric and positive: no pivots
        if (!(normal.matrix[i][i] > 0.0))
            return false;
        for (int row = i + 1; row < kTerms; ++row) {
            const double factor = normal.matrix[row][i] / normal.matrix[i][i];
            for (int j = i; j < kTerms; ++j)
                normal.matrix[row][j] -= factor * normal.matrix[i][j];
            normal.right[row] -= factor * normal.right[i];
        }
    }
    for (int i = kTerms - 1; i >= 0; --i) {
        double value = normal.right[i];
        for (int j = i + 1; j < kTerms; ++j)
            value -= normal.matrix[i][j] * solution[j];
        solution[i] = value / normal.matrix[i][i];
    }
    return std::all_of(solution.begin(), solution.end(),
                       [](double value) { return std::isfinite(value) && value >= 0.0; });
}

double errorOf(const Normal& normal, const Vector& solution)
{
    double error = normal.rest;
    for (int i = 0; i < kTerms; ++i) {
        error -= 2.0 * solution[i] * normal.right[i];
        for (int j = 0; j < kTerms; ++j)
            error += solution[i] * normal.matrix[i][j] * solution[j];
    }
    return error;
}

StepCosts best(const Normal& normal)
{
    double least = std::numeric_limits<double>::infinity();
    Vector found{};
    for (unsigned chosen = 1; chosen < 1U << kTerms; ++chosen) {
        Vector solution{};
        if (!solve(normal, chosen, solution))
            continue;
        const double error = errorOf(normal, solution);
        if (error < least) {
            least = error;
            found = solution;
        }
    }
    return {found[0], found[1] / kTokens, found[2] / kRows, found[3] / kKeys};
}

} // namespace

StepCosts fitStepCosts(std::span<const MeasuredStep> steps)
{
    if (steps.empty())
        return {};
    StepCosts costs = best(gather(steps, nullptr));
    for (int round = 0; round < kRounds; ++round) {
        const auto kept = std::count_if(steps.begin(), steps.end(), [&](const MeasuredStep& step) {
            return step.forwardNs <= kOutlier * costs.of(step.load);
        });
        if (kept * 3 < static_cast<std::ptrdiff_t>(steps.size()))
            break; // these are not the odd ones
        costs = best(gather(steps, &costs));
    }
    return costs;
}

} // namespace vitrine::engine
