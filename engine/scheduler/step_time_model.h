// SPDX-License-Identifier: GPL-3.0-or-later
// How long will a step take? Learned while running from the steps that were: seconds as a sum of a constant,
// prefill tokens, decode rows and keys attended, by recursive least squares that forgets slowly, so that it
// follows a machine that slows down. Owned by the Scheduler; engine thread only.
#pragma once

#include <array>
#include <cstdint>

namespace vitrine::engine {

/// What a step computes.
struct StepLoad
{
    std::uint32_t prefillTokens = 0;
    std::uint32_t decodeRows = 0;
    std::uint64_t attendedKeys = 0; ///< over all its tokens: keys that each sees
};

class StepTimeModel
{
public:
    StepTimeModel();

    void observe(const StepLoad& load, double seconds);
    double predict(const StepLoad& load) const; ///< seconds, > 0
    double secondsPerPrefillToken() const;      ///< > 0
    /// Prefill tokens that fit into `seconds` beside this load, the first of which sees `context` keys;
    /// negative when the load alone takes longer.
    double prefillRoom(const StepLoad& load, double seconds, double context) const;
    /// Mean of |predicted - measured| / measured over recent steps.
    double relativeError() const { return m_relativeError; }

private:
    static constexpr int kTerms = 4;
    using Vector = std::array<double, kTerms>;

    static Vector features(const StepLoad& load);
    double coefficient(int term) const;
    void update(const Vector& x, double seconds);

    Vector m_weights;
    std::array<Vector, kTerms> m_covariance;
    std::uint64_t m_observations = 0;
    double m_relativeError = 0.0;
};

} // namespace vitrine::engine
