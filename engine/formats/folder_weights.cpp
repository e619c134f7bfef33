// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/folder_weights.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"
#include "engine/formats/folder_mapping.h"
#include "engine/formats/stored_tensor.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kCheckedAtOnce = std::size_t{4} << 20U; // between two calls of the progress function

std::size_t rounded(std::size_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

} // namespace

Result<std::shared_ptr<FolderWeights>> FolderWeights::create(const std::string& path,
                                                             std::vector<SafetensorsFile> shards,
                                                             const FolderConfig& config)
{
    std::shared_ptr<FolderWeights> weights(new FolderWeights);
    weights->m_path = path;
    weights->m_shards = std::move(shards);
    if (Result<void> mapped = FolderMapping(*weights, config).run(); !mapped)
        return mapped.error();
    if (Result<void> placed = weights->place(); !placed)
        return placed.error();
    return weights;
}

Result<void> FolderWeights::place()
{
    std::size_t bytes = 0;
    for (const Conversion& conversion : m_conversions)
        bytes += rounded(m_tensors[conversion.tensor].bytes);
    Result<ConvertedMemory> memory = ConvertedMemory::reserve(bytes);
    if (!memory)
        return Error{memory.error().code, m_path + ": " + memory.error().message};
    m_memory = std::move(*memory);
    std::size_t offset = 0;
    for (const Conversion& conversion : m_conversions) {
        TensorInfo& tensor = m_tensors[conversion.tensor];
        tensor.data = m_memory.bytes().data() + offset;
        offset += rounded(tensor.bytes);
    }
    return {};
}

Result<void> FolderWeights::fill(bool checked, const Progress& progress)
{
    const std::lock_guard lock(m_filling);
    const double share = checked ? 0.5 : 1.0;
    if (!m_filled) {
        if (Result<void> made = convert(progress, share); !made)
            return made.error();
        m_filled = true;
    }
    return checked ? check(progress, share) : Result<void>();
}

Result<void> FolderWeights::convert(const Progress& progress, double share)
{
    const auto all = static_cast<double>(std::max<std::size_t>(convertedBytes(), 1));
    double done = 0;
    for (const Conversion& conversion : m_conversions) {
        if (progress && !progress(share * done / all))
            return cancelled("loading " + m_path + " was stopped");
        const TensorInfo& tensor = m_tensors[conversion.tensor];
        const auto at = static_cast<std::size_t>(tensor.data - m_memory.bytes().data());
        conversion.write(m_memory.bytes().subspan(at, tensor.bytes));
        done += static_cast<double>(tensor.bytes);
        for (const SafetensorsFile& shard : m_shards) // what has been read is not needed again
            if (shard.mapping().lost())
                return badInput(shard.path() + ": could not be read to its end; was its drive removed?");
    }
    return {};
}

Result<void> FolderWeights::check(const Progress& progress, double start) const
{
    std::uint64_t all = 1, done = 0;
    for (const TensorInfo& tensor : m_tensors)
        all += tensor.bytes;
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        const std::span<const std::uint8_t> data(m_tensors[i].data, m_tensors[i].bytes);
        const std::size_t block = kernels::quantInfo(m_tensors[i].type).blockBytes;
        const std::size_t step = kCheckedAtOnce / block * block;
        for (std::size_t at = 0; at < data.size(); at += step) {
            const auto part = data.subspan(at, std::min(step, data.size() - at));
            if (progress &&
                !progress(start + (1.0 - start) * static_cast<double>(done) / static_cast<double>(all)))
                return cancelled("loading " + m_path + " was stopped");
            if (!allFinite(m_tensors[i].type, part))
                return badInput(m_path + ": tensor " + engine::quoted(m_originals[i]) +
                                " has values that are infinite or no numbers; download the model again");
            if (const SafetensorsFile* shard = shardOf(part.data()))
                shard->mapping().release(part);
            done += part.size();
        }
    }
    return {};
}

const SafetensorsFile* FolderWeights::shardOf(const std::uint8_t* data) const
{
    const auto shard = std::find_if(m_shards.begin(), m_shards.end(),
                                    [data](const SafetensorsFile& file) { return file.contains(data); });
    return shard == m_shards.end() ? nullptr : &*shard;
}

} // namespace vitrine::engine
