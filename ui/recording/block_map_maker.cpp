// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/block_map_maker.h"

#include <algorithm>
#include <map>
#include <set>

namespace vitrine::ui {

using engine::BlockStory;
using engine::RequestId;
using engine::Session;

namespace {

constexpr std::size_t kMostMoments = 64;
constexpr std::size_t kMostText = 400; // tokens
constexpr double kNs = 1e-9;

std::set<RequestId> victimsOf(const engine::RecordedStep& step)
{
    std::set<RequestId> victims;
    for (const engine::RecordedEvent& event : step.events)
        if (const auto* preemption = std::get_if<engine::PreemptionEvent>(&event))
            victims.insert(preemption->victim);
    return victims;
}

/// Numbers owners as they are met.
class Owners
{
public:
    Owners(QList<BlockOwner>& owners, const Session& session, RequestNames& names)
        : m_owners(owners), m_session(session), m_names(names)
    {}

    quint32 numberOf(RequestId request)
    {
        const auto [at, isNew] = m_numbers.try_emplace(request, quint32(m_owners.size()));
        if (isNew)
            m_owners.append({m_names.of(request, m_session), 0, m_session.life(request) != nullptr});
        return at->second;
    }

private:
    QList<BlockOwner>& m_owners;
    const Session& m_session;
    RequestNames& m_names;
    std::map<RequestId, quint32> m_numbers;
};

BlockCell cellOf(const BlockStory& story, std::size_t block, const BlockStory::Holder& holder)
{
    const auto& state = story.history().blocks()[block];
    const BlockStory::Note& note = story.notes()[block];
    BlockCell cell;
    cell.state = holder.count > 0 ? CellState::Referenced
                 : state.findable ? CellState::Cached
                                  : CellState::Free;
    cell.fresh = cell.state == CellState::Referenced && note.takenStep == story.step() && note.takenNs != 0;
    cell.window = state.window;
    cell.references = quint16(std::min<quint32>(holder.count, UINT16_MAX));
    if (note.takenNs != 0)
        cell.ageSeconds = float(double(story.nowNs() - note.takenNs) * kNs);
    return cell;
}

void count(BlockMap& map, const BlockCell& cell)
{
    if (cell.state == CellState::Free)
        ++map.free;
    else if (cell.state == CellState::Cached)
        ++map.cached;
    else if (cell.references > 1)
        ++map.shared;
    else
        ++map.owners[cell.owner].blocks;
}

void addCells(BlockMap& map, const BlockStory& story, const std::set<RequestId>& victims, Owners& owners)
{
    const std::vector<BlockStory::Holder> holders = story.holders();
    map.cells.reserve(qsizetype(holders.size()));
    for (std::size_t block = 0; block < holders.size(); ++block) {
        const BlockStory::Note& note = story.notes()[block];
        BlockCell cell = cellOf(story, block, holders[block]);
        if (cell.state != CellState::Free)
            cell.owner = owners.numberOf(holders[block].count > 0 ? holders[block].request : note.request);
        cell.victim =
            note.releasedStep == story.step() && note.releasedNs != 0 && victims.contains(note.request);
        count(map, cell);
        map.cells.append(cell);
    }
}

/// Who holds what several hold.
void addHolders(BlockMap& map, const BlockStory& story, Owners& owners)
{
    for (const auto& [request, table] : story.history().tables())
        for (const engine::BlockId block : table) {
            if (block.value < 0 || block.value >= map.cells.size())
                continue;
            BlockCell& cell = map.cells[block.value];
            if (cell.references < 2)
                continue;
            if (cell.holders == 0) {
                map.holders.append(QList<quint32>());
                cell.holders = quint32(map.holders.size());
            }
            QList<quint32>& of = map.holders[cell.holders - 1];
            if (of.size() < BlockMap::kMostShown)
                of.append(owners.numberOf(request));
        }
}

void addHost(BlockMap& map, const BlockStory& story)
{
    map.hostSlots = quint32(story.history().hostSlots().size());
    for (const auto& slot : story.history().hostSlots())
        map.hostUsed += slot.used ? 1 : 0;
}

QString textOf(const Session& session, RequestId request, std::size_t first, std::size_t count)
{
    const auto tokens = session.tokensOf(request);
    QByteArray text;
    for (std::size_t i = first; i < std::min({tokens.size(), first + count, first + kMostText}); ++i) {
        const auto word = session.vocabulary().find(tokens[i]);
        text += word == session.vocabulary().end()
                    ? QByteArrayLiteral("\xC2\xB7")
                    : QByteArray(word->second.data(), qsizetype(word->second.size()));
    }
    return QString::fromUtf8(text);
}

bool concerns(const engine::BlockEvent& event, engine::BlockId block)
{
    if (event.block == block && event.kind != engine::BlockEventKind::Resize)
        return true;
    return event.other == block.value &&
           (event.kind == engine::BlockEventKind::Move || event.kind == engine::BlockEventKind::CopyOnWrite);
}

void addMoments(BlockDetails& details, const Session& session, RequestNames& names, std::size_t last)
{
    const engine::BlockId block{qint32(details.block)};
    for (std::size_t step = last + 1; step-- > 0;) {
        const auto& events = session.steps()[step].blocks;
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            if (!concerns(*event, block) || ++details.moments > kMostMoments)
                continue;
            details.history.append({session.stepRange(step).startNs, session.steps()[step].record.step,
                                    event->kind, names.of(event->request, session)});
        }
    }
}

void addHolders(BlockDetails& details, const BlockStory& story, const Session& session, RequestNames& names)
{
    const engine::BlockId block{qint32(details.block)};
    for (const auto& [request, table] : story.history().tables()) {
        if (std::find(table.begin(), table.end(), block) == table.end())
            continue;
        ++details.holderCount;
        if (details.holders.size() < BlockDetails::kMostHolders)
            details.holders.append(names.of(request, session));
    }
}

} // namespace

BlockMap blockMapAt(const Session& session, RequestNames& names, qint64 ns)
{
    BlockMap map;
    map.blockSize = session.origin().pool.blockSize;
    if (session.isEmpty())
        return map;
    const std::size_t step = session.stepAt(ns);
    const BlockStory story = session.blocksAfter(step);
    map.ns = session.stepRange(step).endNs;
    map.step = story.step();
    Owners owners(map.owners, session, names);
    addCells(map, story, victimsOf(session.steps()[step]), owners);
    addHolders(map, story, owners);
    addHost(map, story);
    return map;
}

BlockDetails blockAt(const Session& session, RequestNames& names, quint32 block, qint64 ns)
{
    BlockDetails details;
    details.block = block;
    if (session.isEmpty())
        return details;
    const std::size_t step = session.stepAt(ns);
    const BlockStory story = session.blocksAfter(step);
    if (block >= story.notes().size())
        return details;
    const BlockStory::Note& note = story.notes()[block];
    details.ns = session.stepRange(step).endNs;
    details.cell = cellOf(story, block, story.holders()[block]);
    details.takenNs = note.takenNs;
    details.releasedNs = note.releasedNs;
    details.writer = names.of(note.request, session);
    const quint32 size = session.origin().pool.blockSize;
    const quint64 first = quint64(note.place) * size;
    const std::size_t known = session.tokensOf(note.request).size();
    if (note.takenNs != 0 && first < known) {
        details.firstToken = quint32(first);
        details.tokens = quint32(std::min<quint64>(size, known - first));
        details.text = textOf(session, note.request, first, size);
    }
    addHolders(details, story, session, names);
    addMoments(details, session, names, step);
    return details;
}

} // namespace vitrine::ui
