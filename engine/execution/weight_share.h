// SPDX-License-Identifier: GPL-3.0-or-later
// What the replicas of one model have once: the model itself, the weights that executors of this process have
// packed, and memory that the processes of their other ranks pack to, or find packed. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/base/result.h"
#include "engine/execution/layer_range.h"
#include "engine/model/model.h"
#include "engine/parallel/sealed_memory.h"

namespace vitrine::engine {

struct PackedPart;

struct PartKey
{
    const Model* model = nullptr;
    LayerRange layers;
    std::uint32_t rank = 0, ranks = 1;
    bool precise = false;

    bool operator==(const PartKey& other) const
    {
        return model == other.model && layers.first == other.layers.first &&
               layers.count == other.layers.count && rank == other.rank && ranks == other.ranks &&
               precise == other.precise;
    }
};

class WeightShare
{
public:
    /// Loaded by the first who asks for this path. Errors as Model::load().
    Result<std::shared_ptr<const Model>> model(const std::string& path, const LoadProgress& progress);

    /// Null: no executor that is still there has packed it.
    std::shared_ptr<const PackedPart> find(const PartKey& key) const;
    void add(const PartKey& key, const std::shared_ptr<const PackedPart>& part);
    /// Weights of this model are packed here: those of another replica take no memory more.
    bool holds(const Model& model) const;

    /// For the processes that have this rank of a group of `ranks`, one in each replica. Goes with the last
    /// who holds it, so that nothing stays of a number of ranks that no replica has any more. Only its
    /// descriptor is of use. OutOfResources.
    Result<std::shared_ptr<const SealedMemory>> memoryOf(std::uint32_t rank, std::uint32_t ranks);

private:
    mutable OrderedMutex m_mutex{LockOrder::Weights}; // of all below
    std::map<std::string, std::shared_ptr<const Model>> m_models;
    std::vector<std::pair<PartKey, std::weak_ptr<const PackedPart>>> m_parts;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::weak_ptr<const SealedMemory>>
        m_memory; ///< by ranks, rank
};

} // namespace vitrine::engine
