// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_finder.h"

#include <algorithm>
#include <memory>

#include <QPromise>
#include <QThreadPool>

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/markdown/message_document.h"

namespace vitrine::ui {

namespace {

constexpr std::size_t kSlice = 100; // messages between two reports

} // namespace

std::vector<FindMatch> findMatches(const FindPattern& pattern, int entry, const std::vector<Block>& blocks)
{
    std::vector<FindMatch> matches;
    if (pattern.text.isEmpty())
        return matches;
    const Qt::CaseSensitivity sensitivity = pattern.caseSensitive ? Qt::CaseSensitive : Qt::CaseInsensitive;
    const int length = int(pattern.text.size());
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const std::vector<PieceText> pieces = pieceTexts(blocks[b]);
        for (std::size_t p = 0; p < pieces.size(); ++p) {
            QString text = pieces[p].text;
            text.replace(QChar(QChar::Nbsp), ' ');
            for (qsizetype at = text.indexOf(pattern.text, 0, sensitivity); at >= 0;
                 at = text.indexOf(pattern.text, at + length, sensitivity))
                matches.push_back({entry, {b, {p, int(at)}}, length});
        }
    }
    return matches;
}

MessageFinder::MessageFinder(QObject* parent) : QObject(parent)
{
    connect(&m_watcher, &QFutureWatcherBase::resultsReadyAt, this, &MessageFinder::take);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        m_searching = false;
        emit changed();
    });
}

MessageFinder::~MessageFinder()
{
    m_watcher.future().cancel();
}

void MessageFinder::stop()
{
    m_watcher.future().cancel();
    m_searching = false;
    m_matches.clear();
    m_pattern = {};
}

void MessageFinder::search(const FindPattern& pattern, std::vector<FindText> texts)
{
    stop();
    m_pattern = pattern;
    if (pattern.text.isEmpty()) {
        emit changed();
        return;
    }
    const auto promise = std::make_shared<QPromise<Slice>>();
    promise->start();
    m_searching = true;
    m_watcher.setFuture(promise->future());
    const auto all = std::make_shared<std::vector<FindText>>(std::move(texts));
    QThreadPool::globalInstance()->start([promise, pattern, all] {
        std::size_t found = 0;
        for (std::size_t i = 0; i < all->size() && !promise->isCanceled() && found < kMaxMatches;) {
            Slice slice;
            for (const std::size_t end = std::min(i + kSlice, all->size()); i < end; ++i) {
                const FindText& message = (*all)[i];
                MessageDocument document(message.role == Role::User ? MessageDocument::Format::Plain
                                                                    : MessageDocument::Format::Markdown);
                document.append(message.text);
                document.finish();
                std::ranges::move(findMatches(pattern, int(i), document.blocks()), std::back_inserter(slice));
            }
            found += slice.size();
            if (!slice.empty())
                promise->addResult(std::move(slice));
        }
        promise->finish();
    });
    emit changed();
}

void MessageFinder::take(int begin, int end)
{
    if (!m_searching)
        return; // stopped
    for (int i = begin; i < end; ++i) {
        const Slice slice = m_watcher.resultAt(i);
        const std::size_t room = kMaxMatches - std::min(kMaxMatches, m_matches.size());
        m_matches.insert(m_matches.end(), slice.begin(),
                         slice.begin() + std::ptrdiff_t(std::min(room, slice.size())));
    }
    emit changed();
}

std::span<const FindMatch> MessageFinder::matchesOf(int entry) const
{
    const auto range = std::ranges::equal_range(m_matches, entry, {}, &FindMatch::entry);
    return {range.begin(), range.end()};
}

void MessageFinder::searchAgain(int entry, const std::vector<Block>& blocks)
{
    if (m_pattern.text.isEmpty())
        return;
    const auto old = std::ranges::equal_range(m_matches, entry, {}, &FindMatch::entry);
    std::vector<FindMatch> found = findMatches(m_pattern, entry, blocks);
    if (std::ranges::equal(old, found))
        return;
    const auto at = m_matches.erase(old.begin(), old.end());
    found.resize(std::min(found.size(), kMaxMatches - std::min(kMaxMatches, m_matches.size())));
    m_matches.insert(at, found.begin(), found.end());
    emit changed();
}

void MessageFinder::truncate(int size)
{
    const auto gone = std::ranges::lower_bound(m_matches, size, {}, &FindMatch::entry);
    m_matches.erase(gone, m_matches.end());
}

} // namespace vitrine::ui
