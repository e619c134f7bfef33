// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kv_cache/page_pool.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::engine {

PagePool::PagePool(const KvShape& shape, std::uint32_t pages)
    : m_shape(shape), m_pages(pages),
      m_of(std::size_t{pages / shape.fullPages} * shape.blockPages(), kNullBlock.value),
      m_windows(pages / shape.fullPages), m_cachedAt(pages / shape.fullPages, 0),
      m_idleAt(pages / shape.fullPages, 0)
{
    for (std::uint32_t page = pages; page-- > 0;)
        m_free.push_back(static_cast<std::int32_t>(page));
}

std::span<std::int32_t> PagePool::places(BlockId block)
{
    return std::span(m_of).subspan(at(block) * m_shape.blockPages(), m_shape.blockPages());
}

std::span<const std::int32_t> PagePool::of(BlockId block) const
{
    return std::span(m_of).subspan(at(block) * m_shape.blockPages(), m_shape.blockPages());
}

void PagePool::take(std::span<std::int32_t> places)
{
    VT_CHECK(m_free.size() >= places.size());
    for (std::int32_t& place : places) {
        VT_CHECK(place == kNullBlock.value);
        place = m_free.back();
        m_free.pop_back();
    }
}

void PagePool::give(std::span<std::int32_t> places)
{
    for (std::int32_t& place : places) {
        VT_CHECK(place != kNullBlock.value);
        m_free.push_back(place);
        place = kNullBlock.value;
    }
}

void PagePool::takeFull(BlockId block)
{
    take(places(block).first(m_shape.fullPages));
}

void PagePool::giveFull(BlockId block)
{
    VT_CHECK(!hasWindow(block));
    give(places(block).first(m_shape.fullPages));
}

void PagePool::takeWindow(BlockId block)
{
    take(places(block).subspan(m_shape.fullPages));
    m_windows.retain(block);
    leave(block);
}

void PagePool::giveWindow(BlockId block)
{
    m_windows.forget(block);
    give(places(block).subspan(m_shape.fullPages));
}

void PagePool::look(BlockId block)
{
    VT_CHECK(hasWindow(block));
    m_windows.retain(block);
}

void PagePool::leave(BlockId block)
{
    m_windows.release(block, true);
    m_idleAt[at(block)] = ++m_clock;
}

std::vector<PagePool::Move> PagePool::shrink(std::uint32_t pages)
{
    VT_CHECK(m_pages - free() <= pages);
    const auto goes = [&](std::int32_t page) { return page >= static_cast<std::int32_t>(pages); };
    std::erase_if(m_free, goes);
    std::vector<Move> moves;
    for (std::int32_t& page : m_of)
        if (goes(page)) {
            moves.push_back({page, m_free.back()});
            page = m_free.back();
            m_free.pop_back();
        }
    m_pages = pages;
    return moves;
}

void PagePool::renumber(std::uint32_t pages, std::span<const BlockId> to)
{
    PagePool next(m_shape, pages);
    next.m_clock = m_clock;
    std::vector<std::uint32_t> looks(next.blocks(), 0);
    std::vector<BlockId> idle;
    std::vector<std::uint8_t> used(pages, 0);
    for (std::uint32_t i = 0; i < blocks(); ++i) {
        if (to[i] == kNullBlock)
            continue;
        const BlockId block{static_cast<std::int32_t>(i)};
        std::copy_n(of(block).begin(), m_shape.blockPages(), next.places(to[i]).begin());
        for (const std::int32_t page : of(block))
            if (page != kNullBlock.value)
                used[static_cast<std::size_t>(page)] = 1;
        looks[next.at(to[i])] = m_windows.references(block);
        next.m_cachedAt[next.at(to[i])] = m_cachedAt[i];
        next.m_idleAt[next.at(to[i])] = m_idleAt[i];
    }
    for (const BlockId block : m_windows.cachedBlocks())
        idle.push_back(to[at(block)]);
    next.m_windows = BlockPool(std::move(looks), idle);
    std::erase_if(next.m_free, [&](std::int32_t page) { return used[static_cast<std::size_t>(page)] != 0; });
    *this = std::move(next);
}

std::string PagePool::checkInvariants() const
{
    std::vector<std::uint8_t> used(m_pages, 0);
    std::size_t count = m_free.size();
    const auto use = [&](std::int32_t page) {
        return page < 0 || page >= static_cast<std::int32_t>(m_pages) || used[std::size_t(page)]++ != 0;
    };
    for (const std::int32_t page : m_free)
        if (use(page))
            return "page " + std::to_string(page) + " is free twice or does not exist";
    for (std::uint32_t i = 0; i < blocks(); ++i) {
        const BlockId block{static_cast<std::int32_t>(i)};
        const std::span<const std::int32_t> pages = of(block);
        for (std::size_t column = 0; column < pages.size(); ++column) {
            const bool window = column >= m_shape.fullPages;
            const bool there = pages[column] != kNullBlock.value;
            if (there && use(pages[column]))
                return "page " + std::to_string(pages[column]) + " has two owners or does not exist";
            if (window ? there != hasWindow(block) : there != (pages[0] != kNullBlock.value))
                return "block " + std::to_string(i) + " has some of its pages only";
            count += there ? 1 : 0;
        }
        if (hasWindow(block) && pages[0] == kNullBlock.value)
            return "block " + std::to_string(i) + " has window pages alone";
    }
    if (count != m_pages)
        return "pages are lost";
    const std::string fault = m_windows.checkInvariants();
    return fault.empty() ? fault : "window pages: " + fault;
}

} // namespace vitrine::engine
