// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of an executor's steps goes, by operation. Off unless somebody asks: a step then pays a
// branch at each end of an operation, and about 25 ns with the clock on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/clock.h"

namespace vitrine::engine {

enum class Operation : std::uint8_t {
    Embed,     ///< embedding rows and rotary angles
    Norm,      ///< norms, and the activations' quantisation
    Qkv,       ///< the matrix products of query, key and value
    StoreKv,   ///< rotation, and K and V into the cache
    Attention, ///< scores, softmax, values
    Output,    ///< attention's output product, with the residual
    Router,    ///< the choice of experts, and the tokens gathered by expert
    GateUp,    ///< gate and up products, with the activation
    Down,      ///< the down product, with the residual
    Head,      ///< final norm and logits
    Reduce,    ///< sums and logits over the ranks that share the tensors
    Waiting    ///< at barriers, for other threads
};
inline constexpr std::size_t kOperations = 12;
const char* operationName(Operation operation); ///< "gate_up"

/// Seconds by Operation since the clock was turned on, the mean of the threads; empty: never measured.
struct OperationTimes
{
    std::array<double, kOperations> seconds{};
    std::uint64_t steps = 0;
    bool empty() const { return steps == 0; }
};

/// One lap timer a thread. Owned by an executor; reset() and times() between steps, the rest by the compute
/// threads, each with its own rank.
class OperationClock
{
public:
    explicit OperationClock(std::uint32_t threads) : m_laps(threads) {}

    void reset(bool on);
    OperationTimes times() const;

    void begin(std::uint32_t rank)
    {
        if (!m_on)
            return;
        m_laps[rank].lastNs = nowNs();
        ++m_laps[rank].steps;
    }
    /// What the thread did since begin() or the last call was this.
    void ended(Operation operation, std::uint32_t rank)
    {
        if (!m_on)
            return;
        Lap& lap = m_laps[rank];
        const std::int64_t now = nowNs();
        lap.ns[static_cast<std::size_t>(operation)] += now - lap.lastNs;
        lap.lastNs = now;
    }

private:
    struct alignas(64) Lap
    {
        std::int64_t lastNs = 0;
        std::uint64_t steps = 0;
        std::array<std::int64_t, kOperations> ns{};
    };

    bool m_on = false;
    std::vector<Lap> m_laps;
};

} // namespace vitrine::engine
