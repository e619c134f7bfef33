// SPDX-License-Identifier: GPL-3.0-or-later
// Heights of entries that stand under each other, and what follows from them: where each begins and which one
// is at a height. Changing one height, adding one and finding one take logarithmic time, so that a token that
// makes the last of ten thousand messages grow costs nothing. Lengths in logical pixels, rounded up to whole
// ones: sums stay exact. Any thread, one at a time.
#pragma once

#include <cstddef>
#include <vector>

namespace vitrine::ui {

class MessageStack
{
public:
    std::size_t size() const { return m_heights.size(); }
    void clear();
    void reserve(std::size_t size);
    void append(double height);
    void truncate(std::size_t size);
    void setHeight(std::size_t index, double height);

    double height(std::size_t index) const { return m_heights[index]; }
    double top(std::size_t index) const; ///< index may be size(): below the last
    double total() const { return top(size()); }
    /// The entry that covers `y`: the last that begins at or above it; -1 above the first.
    int at(double y) const;

private:
    std::vector<double> m_heights;
    std::vector<double> m_tree; // m_tree[i - 1]: the sum of the lowbit(i) heights that end with number i
};

} // namespace vitrine::ui
