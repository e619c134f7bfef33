// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_stack.h"

#include <bit>
#include <cmath>

namespace vitrine::ui {

namespace {

std::size_t lowBit(std::size_t i)
{
    return i & (~i + 1);
}

} // namespace

void MessageStack::clear()
{
    m_heights.clear();
    m_tree.clear();
}

void MessageStack::reserve(std::size_t size)
{
    m_heights.reserve(size);
    m_tree.reserve(size);
}

void MessageStack::append(double height)
{
    height = std::ceil(height);
    const std::size_t i = m_heights.size() + 1;
    const double before = top(i - 1) - top(i - lowBit(i));
    m_heights.push_back(height);
    m_tree.push_back(before + height);
}

void MessageStack::truncate(std::size_t size)
{
    if (size >= m_heights.size())
        return;
    m_heights.resize(size); // sums over what stays hold no part of what goes
    m_tree.resize(size);
}

void MessageStack::setHeight(std::size_t index, double height)
{
    height = std::ceil(height);
    const double change = height - m_heights[index];
    if (change == 0)
        return;
    m_heights[index] = height;
    for (std::size_t i = index + 1; i <= m_tree.size(); i += lowBit(i))
        m_tree[i - 1] += change;
}

double MessageStack::top(std::size_t index) const
{
    double sum = 0;
    for (std::size_t i = index; i > 0; i -= lowBit(i))
        sum += m_tree[i - 1];
    return sum;
}

int MessageStack::at(double y) const
{
    if (y < 0 || m_tree.empty())
        return -1;
    std::size_t found = 0; // entries wholly at or above y
    for (std::size_t step = std::bit_floor(m_tree.size()); step > 0; step /= 2) {
        if (found + step <= m_tree.size() && m_tree[found + step - 1] <= y) {
            found += step;
            y -= m_tree[found - 1];
        }
    }
    return int(found < m_tree.size() ? found : found - 1);
}

} // namespace vitrine::ui
