// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replicas/request_router.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

// A token of a reply takes about as long as two of a prompt, where some replies are computed together.
constexpr std::uint64_t kReplyWeight = 2;
constexpr double kFirstMeanReply = 128.0; // tokens, before any reply has ended
constexpr double kMeanGain = 0.05;        // of the newest reply in the mean

} // namespace

RequestRouter::RequestRouter(const RouterOptions& options)
    : m_options(options), m_hasher(options.seed, 0),
      m_replicas(options.replicas, Replica{PrefixMemory(options.cachedBlocks)}), m_meanReply(kFirstMeanReply)
{
    VT_CHECK(options.replicas >= 1 && options.blockSize >= 1);
}

std::vector<PrefixKey> RequestRouter::keysOf(std::span<const TokenId> tokens, const CacheScope& scope) const
{
    std::vector<PrefixKey> keys;
    PrefixKey parent;
    for (std::size_t end = m_options.blockSize; end <= tokens.size(); end += m_options.blockSize) {
        parent = m_hasher.key(parent, scope, tokens.subspan(end - m_options.blockSize, m_options.blockSize));
        keys.push_back(parent);
    }
    return keys;
}

std::uint64_t RequestRouter::leastLoad() const
{
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    for (const Replica& replica : m_replicas)
        if (takesRequests(replica))
            least = std::min(least, replica.load);
    return least;
}

void RequestRouter::takeOut(std::uint32_t replica)
{
    m_replicas[replica].out = true;
    m_allOut = std::all_of(m_replicas.begin(), m_replicas.end(), [](const Replica& r) { return r.out; });
}

std::uint32_t RequestRouter::cheapest(std::span<const PrefixKey> keys) const
{
    const std::uint64_t limit = leastLoad() + m_options.mostAhead;
    std::uint32_t best = m_options.replicas;
    std::tuple<std::uint64_t, std::uint64_t> bestPrice;
    for (std::uint32_t i = 0; i < m_options.replicas; ++i) {
        const Replica& replica = m_replicas[i];
        if (!takesRequests(replica) || replica.load > limit)
            continue;
        const std::uint64_t missing = keys.size() - replica.prefixes.known(keys);
        const std::tuple price{replica.load + missing * m_options.blockSize, replica.requests};
        if (best == m_options.replicas || price < bestPrice) {
            best = i;
            bestPrice = price;
        }
    }
    return best;
}

std::uint32_t RequestRouter::route(const RoutedRequest& request)
{
    VT_CHECK(request.samples >= 1);
    const std::vector<PrefixKey> keys = keysOf(request.prompt, request.scope);
    // The last token of a prompt is computed whatever is cached.
    const std::size_t useful = request.prompt.empty() ? 0 : (request.prompt.size() - 1) / m_options.blockSize;
    const std::span<const PrefixKey> wanted(keys.data(), useful);
    const std::uint32_t chosen = cheapest(wanted);
    Replica& replica = m_replicas[chosen];
    const std::uint64_t hits = replica.prefixes.known(wanted) * m_options.blockSize;
    const double reply =
        request.maxTokens == 0 ? m_meanReply : std::min<double>(m_meanReply, request.maxTokens);
    for (std::uint32_t i = 0; i < request.samples; ++i) {
        const Pending pending{chosen, i == 0 ? request.prompt.size() - hits : 0,
                              static_cast<std::uint64_t>(reply) * kReplyWeight, 0};
        VT_CHECK(m_pending.emplace(RequestId{request.first.value + i}, pending).second);
        replica.load += pending.prompt + pending.reply;
    }
    replica.prefixes.remember(keys);
    ++replica.requests;
    replica.expectedHits += hits;
    return chosen;
}

void RequestRouter::reduce(Pending& pending, std::uint64_t& part, std::uint64_t to)
{
    const std::uint64_t kept = std::min(part, to);
    m_replicas[pending.replica].load -= part - kept;
    part = kept;
}

void RequestRouter::computed(RequestId id, std::uint32_t promptTokensLeft)
{
    if (const auto found = m_pending.find(id); found != m_pending.end())
        reduce(found->second, found->second.prompt, promptTokensLeft);
}

void RequestRouter::said(RequestId id)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return;
    Pending& pending = found->second;
    ++pending.said;
    reduce(pending, pending.prompt, 0);
    reduce(pending, pending.reply, pending.reply - std::min(pending.reply, kReplyWeight));
}

void RequestRouter::finished(RequestId id, std::span<const TokenId> path, const CacheScope& scope)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return;
    Pending& pending = found->second;
    reduce(pending, pending.prompt, 0);
    reduce(pending, pending.reply, 0);
    if (pending.said > 0) {
        m_meanReply += (pending.said - m_meanReply) * kMeanGain;
        // The last token that was said has no keys and values.
        m_replicas[pending.replica].prefixes.remember(keysOf(path.first(path.size() - !path.empty()), scope));
    }
    m_pending.erase(found);
}

} // namespace vitrine::engine
