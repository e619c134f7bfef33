// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/step_time_model.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

// Before anything was measured: a slow machine, so that the first chunks are small rather than long.
constexpr std::array kPrior{2e-3, 0.05, 0.2, 0.0}; // seconds: fixed, per kTokens, per kRows, per kKeys
constexpr double kTokens = 256.0, kRows = 32.0, kKeys = 65536.0; // scales that bring the terms near 1
constexpr double kForget = 0.99;
constexpr double kTrust = 1.0;        // variance of the prior in those units
constexpr double kMostVariance = 1e3; // beyond it forgetting pauses: nothing new was seen for long
constexpr double kOutlier = 4.0;      // a step this much slower than predicted says little about the next
constexpr std::uint64_t kWarmUp = 16; // observations before outliers are recognised
constexpr double kShortest = 1e-6;

} // namespace

StepTimeModel::StepTimeModel() : m_weights{}, m_covariance{}
{
    std::copy(kPrior.begin(), kPrior.end(), m_weights.begin());
    for (int i = 0; i < kTerms; ++i)
        m_covariance[i][i] = kTrust;
}

StepTimeModel::Vector StepTimeModel::features(const StepLoad& load)
{
    return {1.0, load.prefillTokens / kTokens, load.decodeRows / kRows,
            static_cast<double>(load.attendedKeys) / kKeys};
}

/// Time never falls with work, whatever noise says.
double StepTimeModel::coefficient(int term) const
{
    return std::max(m_weights[term], 0.0);
}

double StepTimeModel::predict(const StepLoad& load) const
{
    const Vector x = features(load);
    double seconds = 0.0;
    for (int i = 0; i < kTerms; ++i)
        seconds += coefficient(i) * x[i];
    return std::max(seconds, kShortest);
}

void StepTimeModel::observe(const StepLoad& load, double seconds)
{
    if (!(seconds > 0.0) || (load.prefillTokens == 0 && load.decodeRows == 0))
        return;
    const double predicted = predict(load);
    const double error = std::abs(predicted - seconds) / seconds;
    m_relativeError +=
        (error - m_relativeError) / std::min<double>(static_cast<double>(++m_observations), 50.0);
    if (m_observations > kWarmUp)
        seconds = std::min(seconds, kOutlier * predicted);
    update(features(load), seconds);
}

void StepTimeModel::update(const Vector& x, double seconds)
{
    // Steps of 1 ms and of 1 s count alike: both sides are divided by the measured time.
    Vector scaled{}, gain{};
    for (int i = 0; i < kTerms; ++i)
        scaled[i] = x[i] / seconds;
    double variance = kForget, residual = 1.0;
    for (int i = 0; i < kTerms; ++i) {
        for (int j = 0; j < kTerms; ++j)
            gain[i] += m_covariance[i][j] * scaled[j];
        variance += scaled[i] * gain[i];
        residual -= scaled[i] * m_weights[i];
    }
    double trace = 0.0;
    for (int i = 0; i < kTerms; ++i)
        trace += m_covariance[i][i];
    const double keep = trace < kMostVariance ? kForget : 1.0;
    for (int i = 0; i < kTerms; ++i) {
        m_weights[i] += gain[i] / variance * residual;
        for (int j = 0; j <= i; ++j) {
            const double value = (m_covariance[i][j] - gain[i] * gain[j] / variance) / keep;
            m_covariance[i][j] = m_covariance[j][i] = value;
        }
    }
}

double StepTimeModel::secondsPerPrefillToken() const
{
    return std::max(coefficient(1) / kTokens, 1e-9);
}

double StepTimeModel::prefillRoom(const StepLoad& load, double seconds, double context) const
{
    const double left = seconds - predict(load);
    const double token = secondsPerPrefillToken(), key = coefficient(3) / kKeys;
    // left = n · token + (n · context + n² / 2) · key, solved for n.
    const double linear = token + context * key;
    if (key * left <= 1e-6 * linear * linear)
        return left / linear;
    return (std::sqrt(linear * linear + 2.0 * key * left) - linear) / key;
}

} // namespace vitrine::engine
