// SPDX-License-Identifier: GPL-3.0-or-later
// How long will a reply be? The mean of the client's recent replies, leaning on everybody's while a client is
// new, and never more than was asked for. It counts how wrong it was, for whoever shows its figures.
// Owned by the Scheduler; engine thread only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace vitrine::engine {

class LengthPredictor
{
public:
    struct Error
    {
        std::uint64_t replies = 0;
        double meanAbsolute = 0.0; ///< tokens
        double meanSigned = 0.0;   ///< predicted - actual: positive when replies are overestimated
    };

    /// Tokens of a reply that may take up to `maxTokens`; at least 1.
    double predict(const std::string& client, std::uint32_t maxTokens) const;
    /// A reply ended by itself. `predicted` is what predict() said when it was asked for.
    void learn(const std::string& client, std::uint32_t tokens, double predicted);
    const Error& error() const { return m_error; }

private:
    struct Mean
    {
        double tokens = 0.0;
        double weight = 0.0;
        void add(double value);
    };

    Mean m_all;
    std::unordered_map<std::string, Mean> m_clients;
    Error m_error;
};

/// What is left of a reply that was predicted to have `predicted` tokens and has `soFar` already: one that
/// outgrows its prediction is expected to go on for half of what it has.
double remainingTokens(double predicted, std::uint32_t soFar, std::uint32_t maxTokens);

} // namespace vitrine::engine
