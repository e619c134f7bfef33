// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/weight_share.h"

#include <algorithm>

#include "engine/execution/packed_part.h"

namespace vitrine::engine {

Result<std::shared_ptr<const Model>> WeightShare::model(const std::string& path, const LoadProgress& progress)
{
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_models.find(path); known != m_models.end())
        return known->second;
    Result<std::shared_ptr<const Model>> loaded = Model::load(path, progress);
    if (loaded)
        m_models.emplace(path, *loaded);
    return loaded;
}

std::shared_ptr<const PackedPart> WeightShare::find(const PartKey& key) const
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [known, part] : m_parts)
        if (known == key)
            if (std::shared_ptr<const PackedPart> alive = part.lock())
                return alive;
    return nullptr;
}

void WeightShare::add(const PartKey& key, const std::shared_ptr<const PackedPart>& part)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_parts, [](const auto& known) { return known.second.expired(); });
    m_parts.emplace_back(key, part);
}

bool WeightShare::holds(const Model& model) const
{
    const std::lock_guard lock(m_mutex);
    return std::any_of(m_parts.begin(), m_parts.end(), [&model](const auto& known) {
        return known.first.model == &model && !known.second.expired();
    });
}

Result<std::shared_ptr<const SealedMemory>> WeightShare::memoryOf(std::uint32_t rank, std::uint32_t ranks)
{
    const std::lock_guard lock(m_mutex);
    std::weak_ptr<const SealedMemory>& known = m_memory[{ranks, rank}];
    if (std::shared_ptr<const SealedMemory> alive = known.lock())
        return alive;
    Result<SealedMemory> memory = SealedMemory::create("weights");
    if (!memory)
        return memory.error();
    auto shared = std::make_shared<const SealedMemory>(std::move(*memory));
    known = shared;
    return shared;
}

} // namespace vitrine::engine
