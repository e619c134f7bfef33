// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the replica for each request (docs/adr/0019). Every replica has a price for it, in tokens that have
// to be computed before the reply is there: what is queued on it already, and of the prompt what it has not
// computed for an earlier one. The cheapest gets it: a conversation stays where its beginning is, until the
// queue there costs more than computing it again elsewhere.
//
// Invariants:
//  1. A request is routed at once; nothing waits here.
//  2. Who gets one was at most `mostAhead` tokens above the least loaded.
//  3. Equal prices go to who was given fewest requests.
//  4. Who was taken out gets none while another is left: it would be the least loaded for ever.
//
// Knows prompts and what became of them, no engine. One owner, one thread.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/base/ids.h"
#include "engine/kv_cache/cache_scope.h"
#include "engine/kv_cache/prefix_key.h"
#include "engine/replicas/prefix_memory.h"

namespace vitrine::engine {

struct RouterOptions
{
    std::uint32_t replicas = 1;
    std::uint32_t blockSize = 16;   ///< of their KV caches
    std::uint64_t cachedBlocks = 0; ///< that each of them may hold
    std::uint64_t mostAhead = 4096;
    std::uint64_t seed = 0;
};

struct RoutedRequest
{
    RequestId first;           ///< the samples of it have this id and the next ones
    std::uint32_t samples = 1; ///< ≥ 1
    std::span<const TokenId> prompt;
    CacheScope scope;
    std::uint32_t maxTokens = 0; ///< of each reply; 0: unknown
};

class RequestRouter
{
public:
    explicit RequestRouter(const RouterOptions& options);

    /// The replica's number. REQUIRES: ids that are not under way.
    std::uint32_t route(const RoutedRequest& request);
    /// It fails: others get the requests from now on, unless there are none.
    void takeOut(std::uint32_t replica);
    bool isOut(std::uint32_t replica) const { return m_replicas[replica].out; }
    // What becomes of it; ids that are not under way are passed over.
    void computed(RequestId id, std::uint32_t promptTokensLeft);
    void said(RequestId id); ///< a token of the reply
    /// `path`: prompt and reply, as far as there was one.
    void finished(RequestId id, std::span<const TokenId> path, const CacheScope& scope);

    /// Tokens to compute, those of replies weighed and guessed.
    std::uint64_t load(std::uint32_t replica) const { return m_replicas[replica].load; }
    std::uint64_t leastLoad() const; ///< of those that get requests
    std::uint64_t requests(std::uint32_t replica) const { return m_replicas[replica].requests; }
    /// Of the prompts routed there: what was expected to be found.
    std::uint64_t expectedHits(std::uint32_t replica) const { return m_replicas[replica].expectedHits; }

private:
    struct Replica
    {
        PrefixMemory prefixes;
        std::uint64_t load = 0, requests = 0, expectedHits = 0;
        bool out = false;
    };
    struct Pending
    {
        std::uint32_t replica = 0;
        std::uint64_t prompt = 0, reply = 0; ///< of the load
        std::uint32_t said = 0;
    };

    bool takesRequests(const Replica& replica) const { return !replica.out || m_allOut; }
    std::vector<PrefixKey> keysOf(std::span<const TokenId> tokens, const CacheScope& scope) const;
    std::uint32_t cheapest(std::span<const PrefixKey> keys) const;
    void reduce(Pending& pending, std::uint64_t& part, std::uint64_t to);

    RouterOptions m_options;
    PrefixHasher m_hasher;
    std::vector<Replica> m_replicas;
    std::unordered_map<RequestId, Pending> m_pending;
    double m_meanReply;
    bool m_allOut = false;
};

} // namespace vitrine::engine
