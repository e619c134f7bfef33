// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a model could run on this machine at best, from measurements of the machine itself.
#pragma once

#include "engine/execution/executor.h"
#include "engine/model/model_config.h"

namespace vitrine::cli {

class MachineLimit
{
public:
    /// Measures; takes about a second.
    MachineLimit(const engine::Model& model, const engine::Executor& executor, bool deterministic);

    /// Tokens a second when every step must read all weights (of experts those that are chosen on average)
    /// and each sequence's KV of `context` tokens once; with a shared prompt its KV is read once for all.
    /// Measures how fast so many bytes are read: half a second.
    double decode(std::uint32_t sequences, double context, double sharedContext) const;
    /// Tokens a second when the matrix products of a prompt run at the kernel's own speed; 0: unknown.
    double prefill() const;

    double readBytesPerSecond() const { return m_readBytesPerSecond; }
    double multiplyAddsPerSecond() const { return m_multiplyAddsPerSecond; }

private:
    double bandwidth(double bytes) const;

    double m_readBytesPerSecond = 0.0;
    double m_multiplyAddsPerSecond = 0.0;
    engine::ExecutorInfo m_info;
    engine::ExpertConfig m_experts;
    double m_kvBytesPerToken = 0.0;
    std::uint32_t m_threads = 1;
    double m_multiplyAddsPerToken = 0.0; ///< of the layers; the head runs once a prompt
};

} // namespace vitrine::cli
