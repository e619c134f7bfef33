// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/length_predictor.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {
namespace {

constexpr double kKeep = 0.9;          // of the weight of what was learned before, with each reply
constexpr double kPriorTokens = 128.0; // with nothing learned at all
constexpr double kPriorWeight = 2.0;   // replies that the wider mean counts for
constexpr std::size_t kMostClients = 1024;

} // namespace

void LengthPredictor::Mean::add(double value)
{
    weight = weight * kKeep + 1.0;
    tokens += (value - tokens) / weight;
}

double LengthPredictor::predict(const std::string& client, std::uint32_t maxTokens) const
{
    const auto blend = [](const Mean& mean, double otherwise) {
        return (mean.tokens * mean.weight + otherwise * kPriorWeight) / (mean.weight + kPriorWeight);
    };
    double tokens = blend(m_all, kPriorTokens);
    if (const auto found = m_clients.find(client); found != m_clients.end())
        tokens = blend(found->second, tokens);
    return std::clamp(tokens, 1.0, std::max(1.0, static_cast<double>(maxTokens)));
}

void LengthPredictor::learn(const std::string& client, std::uint32_t tokens, double predicted)
{
    const double difference = predicted - tokens;
    const auto count = static_cast<double>(++m_error.replies);
    m_error.meanAbsolute += (std::abs(difference) - m_error.meanAbsolute) / count;
    m_error.meanSigned += (difference - m_error.meanSigned) / count;
    m_all.add(tokens);
    if (m_clients.size() >= kMostClients && !m_clients.contains(client))
        m_clients.clear(); // they lean on everybody's mean until they are known again
    m_clients[client].add(tokens);
}

double remainingTokens(double predicted, std::uint32_t soFar, std::uint32_t maxTokens)
{
    const double most = maxTokens > soFar ? maxTokens - soFar : 0.0;
    const double left = predicted - soFar;
    return std::clamp(left >= 1.0 ? left : 0.5 * soFar, std::min(1.0, most), most);
}

} // namespace vitrine::engine
