// SPDX-License-Identifier: GPL-3.0-or-later
// Typed ids: a request, a KV block and a token cannot be mixed up.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace vitrine::engine {

template<class Tag, class Value>
struct Id
{
    Value value{};
    auto operator<=>(const Id&) const = default;
};

using RequestId = Id<struct RequestTag, std::uint64_t>; ///< 0 is "none"
using BlockId = Id<struct BlockTag, std::int32_t>;      ///< -1 is the null block
inline constexpr BlockId kNullBlock{-1};

/// Index into a model's vocabulary; plain, because it is stored and shipped by the million.
using TokenId = std::int32_t;

} // namespace vitrine::engine

template<class Tag, class Value>
struct std::hash<vitrine::engine::Id<Tag, Value>>
{
    std::size_t operator()(const vitrine::engine::Id<Tag, Value>& id) const noexcept
    {
        return std::hash<Value>{}(id.value);
    }
};
