// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/prompt_overlap.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <variant>

namespace vitrine::engine {
namespace {

constexpr std::size_t kCompared = 3;       // prompts before it that each one is compared with
constexpr std::size_t kMostCompared = 400; // prompts in all
constexpr std::uint32_t kMostShift = 8;    // tokens that a difference may be longer in one of them
constexpr std::uint32_t kMostRun = 1024;
constexpr std::uint32_t kShortestRun = 48; // shorter ones are words that everybody uses

class Finder
{
public:
    explicit Finder(std::uint32_t blockSize) : m_blockSize(std::max(blockSize, 1U)) {}

    void add(const RecordedStep& step)
    {
        for (const BlockEvent& event : step.blocks) {
            m_overlap.filledBlocks += event.kind == BlockEventKind::Fill ? 1 : 0;
            m_overlap.evictedBlocks += event.kind == BlockEventKind::Evict ? 1 : 0;
        }
        for (const RecordedEvent& event : step.events)
            std::visit([this](const auto& value) { take(value); }, event);
    }

    PromptOverlap result() { return std::move(m_overlap); }

private:
    struct Known
    {
        const RecordedArrival* arrival = nullptr;
        std::vector<TokenId> reply;
        std::uint32_t kept = 0; ///< blocks of it in m_seen
        std::uint64_t chain = 0;
    };

    void take(const RecordedArrival& arrival) { m_known[arrival.request].arrival = &arrival; }

    void take(const AdmissionEvent& admission)
    {
        const auto found = m_known.find(admission.request);
        if (admission.again || found == m_known.end() || found->second.arrival == nullptr)
            return;
        const std::vector<TokenId>& prompt = found->second.arrival->prompt;
        const auto cached =
            std::min<std::uint32_t>(admission.cachedTokens, static_cast<std::uint32_t>(prompt.size()));
        m_overlap.promptTokens += prompt.size();
        m_overlap.cachedTokens += cached;
        const std::uint32_t seen = seenTokens(prompt);
        if (seen > cached) {
            m_overlap.missedTokens += seen - cached;
            m_overlap.misses.push_back({admission.request, seen - cached});
        }
        compare(*found->second.arrival, std::max(cached, seen));
        m_recent.push_back(found->second.arrival);
        if (m_recent.size() > kCompared)
            m_recent.pop_front();
    }

    void take(const RecordedToken& token)
    {
        const auto found = m_known.find(token.request);
        if (found == m_known.end())
            return;
        if (found->second.reply.empty())
            keep(found->second);
        found->second.reply.push_back(token.token);
    }

    void take(const RecordedEnd& end)
    {
        const auto found = m_known.find(end.request);
        if (found == m_known.end())
            return;
        if (!found->second.reply.empty())
            keep(found->second);
        m_known.erase(found);
    }

    void take(const PreemptionEvent& /*event*/) {}

    std::uint64_t link(std::uint64_t chain, TokenId token) const
    {
        chain = (chain ^ static_cast<std::uint32_t>(token)) * 0x9E3779B97F4A7C15U;
        return chain ^ (chain >> 29);
    }

    /// From the beginning on, those in whole blocks that another request has computed.
    std::uint32_t seenTokens(const std::vector<TokenId>& prompt) const
    {
        std::uint64_t chain = 0;
        std::uint32_t seen = 0;
        for (std::uint32_t i = 0; i + 1 < prompt.size(); ++i) { // the last token is always computed
            chain = link(chain, prompt[i]);
            if ((i + 1) % m_blockSize != 0)
                continue;
            if (!m_seen.contains(chain))
                break;
            seen = i + 1;
        }
        return seen;
    }

    /// Its whole blocks so far have been computed.
    void keep(Known& known)
    {
        if (known.arrival == nullptr)
            return;
        const std::vector<TokenId>& prompt = known.arrival->prompt;
        const std::size_t all = prompt.size() + known.reply.size();
        for (std::size_t i = std::size_t{known.kept} * m_blockSize;
             (i / m_blockSize + 1) * m_blockSize <= all; ++i) {
            known.chain = link(known.chain, i < prompt.size() ? prompt[i] : known.reply[i - prompt.size()]);
            if ((i + 1) % m_blockSize != 0)
                continue;
            m_seen.insert(known.chain);
            ++known.kept;
        }
    }

    void compare(const RecordedArrival& arrival, std::uint32_t found)
    {
        if (++m_compared > kMostCompared)
            return;
        PromptDivergence best;
        for (const RecordedArrival* before : m_recent)
            if (PromptDivergence one = diverge(*before, arrival); one.alike > best.alike)
                best = one;
        const std::uint64_t common = std::uint64_t{best.position} + best.alike;
        if (best.alike == 0 || common <= found)
            return;
        m_overlap.alikeTokens += std::min<std::uint64_t>(best.alike, common - found);
        m_overlap.divergences.push_back(best);
    }

    static PromptDivergence diverge(const RecordedArrival& a, const RecordedArrival& b)
    {
        const std::size_t shorter = std::min(a.prompt.size(), b.prompt.size());
        std::size_t position = 0;
        while (position < shorter && a.prompt[position] == b.prompt[position])
            ++position;
        PromptDivergence result{a.request, b.request, static_cast<std::uint32_t>(position), 0, 0, 0};
        if (position * 2 >= shorter)
            return result; // most of it is shared, or it is the end
        result.tokenBefore = a.prompt[position];
        result.token = b.prompt[position];
        std::uint32_t run = 0;
        for (std::uint32_t shift = 0; shift <= kMostShift; ++shift) {
            run = std::max(run, longestRun(a.prompt, position + shift, b.prompt, position));
            run = std::max(run, longestRun(a.prompt, position, b.prompt, position + shift));
        }
        result.alike = run >= kShortestRun && run * 4ULL >= shorter ? run : 0;
        return result;
    }

    static std::uint32_t longestRun(const std::vector<TokenId>& a, std::size_t from,
                                    const std::vector<TokenId>& b, std::size_t start)
    {
        std::uint32_t longest = 0, run = 0;
        for (std::uint32_t i = 0; i < kMostRun && from + i < a.size() && start + i < b.size(); ++i) {
            run = a[from + i] == b[start + i] ? run + 1 : 0;
            longest = std::max(longest, run);
        }
        return longest;
    }

    std::uint32_t m_blockSize;
    PromptOverlap m_overlap;
    std::unordered_map<RequestId, Known> m_known;
    std::unordered_set<std::uint64_t> m_seen; ///< chains of tokens, one a block
    std::deque<const RecordedArrival*> m_recent;
    std::size_t m_compared = 0;
};

} // namespace

PromptOverlap findPromptOverlap(std::span<const RecordedStep> steps, std::uint32_t blockSize)
{
    Finder finder(blockSize);
    for (const RecordedStep& step : steps)
        finder.add(step);
    return finder.result();
}

} // namespace vitrine::engine
