// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the text of a message. A block is shown as pieces (a paragraph, a line of code, a table cell);
// which ones follows from the block alone, not from its layout. Values.
#pragma once

#include <compare>
#include <cstddef>
#include <limits>

namespace vitrine::ui {

/// Inside a block.
struct PiecePosition
{
    std::size_t piece = 0;
    int offset = 0;
    auto operator<=>(const PiecePosition&) const = default;
};

/// Inside a message.
struct ItemPosition
{
    std::size_t block = 0;
    PiecePosition piece;
    auto operator<=>(const ItemPosition&) const = default;
};

/// Behind everything, however long the message becomes.
inline constexpr ItemPosition kItemEnd{std::numeric_limits<std::size_t>::max(), {}};

} // namespace vitrine::ui
