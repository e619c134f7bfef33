// SPDX-License-Identifier: GPL-3.0-or-later
// The merging at the heart of both tokenisers: of all neighbouring pairs that have a merge, the one of the
// lowest rank goes first, the leftmost of equals. O(n²) on a small array for short runs, a heap for long
// ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/tokenizer/token_table.h"

namespace vitrine::engine {

/// Working memory, kept between words so that they allocate nothing.
class SymbolMerger
{
public:
    /// The symbols to merge, to be filled by the caller; afterwards, what they became.
    std::vector<std::int32_t>& symbols() { return m_symbols; }

    void run(const MergeTable& merges)
    {
        if (m_symbols.size() < 2)
            return;
        if (m_symbols.size() <= kShort)
            runShort(merges);
        else
            runLong(merges);
    }

private:
    static constexpr std::size_t kShort = 32;

    struct Candidate
    {
        Merge merge;
        std::uint32_t left, right;
        std::int32_t leftSymbol, rightSymbol;        // what stood there when it was found
        bool operator<(const Candidate& other) const // the heap's top is the largest
        {
            return merge.rank != other.merge.rank ? merge.rank > other.merge.rank : left > other.left;
        }
    };

    void runShort(const MergeTable& merges)
    {
        Merge pairs[kShort];
        std::size_t count = m_symbols.size();
        std::int32_t* symbols = m_symbols.data();
        for (std::size_t i = 0; i + 1 < count; ++i)
            pairs[i] = merges.find(symbols[i], symbols[i + 1]);
        while (count > 1) {
            std::size_t best = 0;
            for (std::size_t i = 1; i + 1 < count; ++i)
                if (pairs[i].rank < pairs[best].rank)
                    best = i;
            if (!pairs[best].exists())
                break;
            symbols[best] = pairs[best].symbol;
            std::copy(symbols + best + 2, symbols + count, symbols + best + 1);
            if (best + 2 < count)
                std::copy(pairs + best + 2, pairs + count - 1, pairs + best + 1);
            --count;
            if (best > 0)
                pairs[best - 1] = merges.find(symbols[best - 1], symbols[best]);
            if (best + 1 < count)
                pairs[best] = merges.find(symbols[best], symbols[best + 1]);
        }
        m_symbols.resize(count);
    }

    void propose(const MergeTable& merges, std::uint32_t left, std::uint32_t right)
    {
        const Merge merge = merges.find(m_symbols[left], m_symbols[right]);
        if (!merge.exists())
            return;
        m_heap.push_back({merge, left, right, m_symbols[left], m_symbols[right]});
        std::push_heap(m_heap.begin(), m_heap.end());
    }

    void runLong(const MergeTable& merges)
    {
        const auto count = static_cast<std::uint32_t>(m_symbols.size());
        m_next.resize(count);
        m_previous.resize(count);
        m_heap.clear();
        for (std::uint32_t i = 0; i < count; ++i) {
            m_next[i] = i + 1;
            m_previous[i] = i - 1; // wraps to "none" for the first
            if (i + 1 < count)
                propose(merges, i, i + 1);
        }
        while (!m_heap.empty()) {
            std::pop_heap(m_heap.begin(), m_heap.end());
            const Candidate best = m_heap.back();
            m_heap.pop_back();
            if (m_symbols[best.left] == best.leftSymbol && m_symbols[best.right] == best.rightSymbol &&
                m_next[best.left] == best.right)
                apply(merges, best, count);
        }
        std::erase(m_symbols, kDead);
    }

    void apply(const MergeTable& merges, const Candidate& best, std::uint32_t count)
    {
        m_symbols[best.left] = best.merge.symbol;
        m_symbols[best.right] = kDead;
        const std::uint32_t after = m_next[best.right];
        m_next[best.left] = after;
        if (after < count) {
            m_previous[after] = best.left;
            propose(merges, best.left, after);
        }
        if (m_previous[best.left] < count)
            propose(merges, m_previous[best.left], best.left);
    }

    static constexpr std::int32_t kDead = -1;

    std::vector<std::int32_t> m_symbols;
    std::vector<Candidate> m_heap;
    std::vector<std::uint32_t> m_next, m_previous;
};

} // namespace vitrine::engine
