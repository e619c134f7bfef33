// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/graph_key.h"

#include <algorithm>
#include <utility>

#include "engine/cuda/step_plan.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostWishes = 512;

/// The buckets up to the one that holds `most`.
template<class Bucket>
std::vector<std::int64_t> rungs(std::int64_t most, Bucket bucket)
{
    std::vector<std::int64_t> all{bucket(1)};
    while (all.back() < most)
        all.push_back(bucket(all.back() + 1));
    return all;
}

GraphKey resized(GraphKey key, std::int64_t sequences, std::int64_t tableRow)
{
    StepShape& shape = key.shape;
    shape.tokens = shape.sequences = sequences;
    shape.rows = key.result == StepResult::Hidden ? 0 : sequences;
    shape.choices = key.result == StepResult::Chosen ? sequences : 0;
    shape.tableRow = tableRow;
    return key;
}

class Wishes
{
public:
    explicit Wishes(const GraphLadder& ladder)
        : m_sequences(rungs(ladder.sequences, decodeBucket)), m_tables(rungs(ladder.pages, tableBucket))
    {}

    void add(const GraphKey& key)
    {
        if (m_keys.size() < kMostWishes && key.shape.sequences <= m_sequences.back() &&
            key.shape.tableRow <= m_tables.back() &&
            std::find(m_keys.begin(), m_keys.end(), key) == m_keys.end())
            m_keys.push_back(key);
    }

    void addNeighbours(const GraphKey& key)
    {
        add(resized(key, key.shape.sequences, tableBucket(key.shape.tableRow + 1)));
        add(resized(key, decodeBucket(key.shape.sequences + 1), key.shape.tableRow));
    }

    /// Small ones first, of every kind: both sides grow together.
    void addAll(std::span<const GraphKey> kinds)
    {
        const std::size_t last = m_sequences.size() + m_tables.size() - 2;
        for (std::size_t sum = 0; sum <= last; ++sum)
            for (std::size_t i = 0; i <= std::min(sum, m_sequences.size() - 1); ++i)
                for (const GraphKey& kind : kinds)
                    if (sum - i < m_tables.size())
                        add(resized(kind, m_sequences[i], m_tables[sum - i]));
    }

    std::vector<GraphKey> take() { return std::move(m_keys); }

private:
    std::vector<std::int64_t> m_sequences, m_tables;
    std::vector<GraphKey> m_keys;
};

/// The kinds of steps that were used; before the first one, what a chat uses.
std::vector<GraphKey> kindsOf(const GraphLadder& ladder, std::span<const GraphKey> used)
{
    std::vector<GraphKey> kinds;
    for (GraphKey kind : used) {
        const StepShape shape = std::exchange(kind.shape, {});
        kind.shape.columns = ladder.columns;
        kind.shape.hidden = ladder.hidden;
        kind.shape.adjustments = shape.adjustments;
        kind.shape.alternatives = shape.alternatives;
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
            kinds.push_back(kind);
    }
    if (kinds.empty()) {
        GraphKey usual;
        usual.shape.columns = ladder.columns;
        usual.shape.hidden = ladder.hidden;
        usual.result = ladder.choices ? StepResult::Chosen : StepResult::Best;
        if (!ladder.head)
            usual.result = StepResult::Hidden;
        const bool feeds = ladder.head && ladder.hidden == 0; // steps that are launched behind others
        for (usual.place = 0; feeds && usual.place < 2; ++usual.place) {
            usual.fed = true;
            kinds.push_back(usual);
        }
        usual.fed = false;
        usual.place = 0;
        kinds.push_back(usual);
    }
    return kinds;
}

} // namespace

std::vector<GraphKey> graphsWorthRecording(const GraphLadder& ladder, std::span<const GraphKey> used)
{
    Wishes wishes(ladder);
    for (const GraphKey& key : used)
        wishes.add(key);
    for (const GraphKey& key : used)
        wishes.addNeighbours(key);
    wishes.addAll(kindsOf(ladder, used));
    return wishes.take();
}

} // namespace vitrine::engine
