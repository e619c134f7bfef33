// SPDX-License-Identifier: GPL-3.0-or-later
// Fair shares between clients (panes, API keys): the next to be admitted is the oldest request of the client
// that was served least. A prompt token computed counts kPrefillWeight, a reply token kDecodeWeight; a client
// that comes back from idleness starts at the level of those who are there, so that nobody saves up claims.
// Paper: Sheng et al., "Fairness in Serving Large Language Models" (2024), virtual token counter.
// Owned by the Scheduler; engine thread only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "engine/scheduler/policy.h"

namespace vitrine::engine {

class FairPolicy final : public Policy
{
public:
    static constexpr double kPrefillWeight = 1.0;
    static constexpr double kDecodeWeight = 2.0;

    PolicyKind kind() const override { return PolicyKind::Fair; }
    void push(Request& request) override;
    void erase(Request& request) override;
    bool contains(const Request& request) const override;
    std::size_t size() const override { return m_size; }
    std::vector<Request*> first(std::size_t most) const override;
    void served(const Request& request, std::uint32_t prefill, std::uint32_t decode) override;
    void stepServed() override;
    void arrived(const Request& request) override;
    void left(const Request& request) override;

    double counter(const std::string& client) const; ///< 0 for one that is not known

private:
    struct Client
    {
        double counter = 0.0;
        double due = 0.0;                    ///< served in this step, not counted yet
        std::size_t present = 0;             ///< requests waiting or running
        std::map<RequestId, Request*> queue; ///< waiting, oldest first
    };
    using Entry = std::pair<const std::string, Client>;
    struct ByCounter
    {
        bool operator()(const Entry* a, const Entry* b) const
        {
            return a->second.counter != b->second.counter ? a->second.counter < b->second.counter
                                                          : a->first < b->first;
        }
    };

    void forgetIdle();

    std::unordered_map<std::string, Client> m_clients;
    std::set<Entry*, ByCounter> m_waiting; // clients with a queue
    std::set<Entry*, ByCounter> m_present; // clients with a request in the engine
    std::vector<Entry*> m_due;             // clients that were served in this step
    std::size_t m_size = 0;
};

} // namespace vitrine::engine
