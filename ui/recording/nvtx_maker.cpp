// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/nvtx_maker.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include <QHash>

namespace vitrine::ui {

using engine::NvtxLane;
using engine::NvtxLaneKey;
using engine::NvtxLanes;

namespace {

constexpr qsizetype kMostLanes = 256; // in one picture
constexpr qsizetype kLongestName = 200;
constexpr int kCounterLevels = 2; // its height
constexpr std::array kKinds = {"thread", "spans", "counter"};

/// Names are anybody's words.
QString shown(const std::string& name)
{
    QString text =
        QString::fromUtf8(name.data(), qsizetype(std::min<std::size_t>(name.size(), 4 * kLongestName)));
    text.truncate(kLongestName);
    for (QChar& character : text)
        if (!character.isPrint())
            character = QLatin1Char(' ');
    return text;
}

/// The level that something lies on at the bottom, counted from 1.
int levelsOf(const NvtxLane& lane)
{
    const auto last = std::find_if(lane.levels.rbegin(), lane.levels.rend(),
                                   [](const engine::SpanLane& level) { return level.size() > 0; });
    return std::max(1, int(lane.levels.rend() - last));
}

bool isEmpty(const NvtxLane& lane, const TimeRange& recorded)
{
    const auto nothing = [&](const engine::SpanLane& spans) { return spans.count(recorded) == 0; };
    const bool marked = lane.marks.firstFrom(recorded.startNs) < lane.marks.firstFrom(recorded.endNs);
    const bool past = !lane.past.isEmpty() && lane.past.endNs() > recorded.startNs;
    return !marked && !past && lane.samples.count(recorded) == 0 &&
           std::all_of(lane.levels.begin(), lane.levels.end(), nothing);
}

class NvtxMaker
{
public:
    NvtxMaker(const NvtxLanes& nvtx, const TimeRange& recorded, const TimelineQuery& query)
        : m_nvtx(nvtx), m_recorded(recorded), m_query(query)
    {}

    NvtxPicture make()
    {
        nameLanes();
        qsizetype shownLane = 0;
        for (qsizetype i = 0; i < m_picture.lanes.size(); ++i) {
            if (m_picture.lanes[i].hidden)
                continue;
            if (shownLane >= m_query.firstLane && shownLane - m_query.firstLane < asked())
                m_picture.rows.append(rowOf(i));
            ++shownLane;
        }
        return std::move(m_picture);
    }

private:
    qsizetype asked() const { return std::clamp<qsizetype>(m_query.lanes, 0, kMostLanes); }

    struct Named
    {
        NvtxLaneName name;
        const NvtxLane* lane;
        auto order() const
        {
            const bool engine = name.name == QLatin1String("engine");
            return std::tuple(name.of, !engine, name.thread, name.hue, name.name);
        }
    };

    void nameLanes()
    {
        std::vector<Named> lanes;
        for (const auto& [key, lane] : m_nvtx.lanes())
            if (!isEmpty(lane, m_recorded))
                lanes.push_back({nameOf(key, lane), &lane});
        std::sort(lanes.begin(), lanes.end(),
                  [](const Named& a, const Named& b) { return a.order() < b.order(); });
        for (const Named& one : lanes) {
            m_picture.lanes.append(one.name);
            m_lanes.push_back(one.lane);
        }
    }

    /// Of the engine 0, of others from 1 in the order in which they appear.
    int hueOf(const QString& domain)
    {
        if (domain == QLatin1String("vitrine"))
            return 0;
        return *m_hues.insert(domain, m_hues.value(domain, int(m_hues.size()) + 1));
    }

    NvtxLaneName nameOf(const NvtxLaneKey& key, const NvtxLane& lane)
    {
        NvtxLaneName name;
        const bool thread = key.of == engine::NvtxLaneOf::Thread;
        name.of = key.of;
        name.thread = thread ? key.number : 0;
        name.name = shown(thread ? m_nvtx.threadName(key.number) : m_nvtx.name(key.number));
        name.unit = shown(m_nvtx.name(lane.unit));
        name.domain = shown(m_nvtx.name(key.domain));
        name.hue = hueOf(name.domain);
        name.levels = key.of == engine::NvtxLaneOf::Counter ? kCounterLevels : levelsOf(lane);
        const QString who = name.name.isEmpty() && thread ? QString::number(name.thread) : name.name;
        name.key =
            QStringLiteral("%1/%2/%3").arg(QLatin1String(kKinds[std::size_t(key.of)]), who, name.domain);
        name.hidden = m_query.hiddenLanes.contains(name.key);
        return name;
    }

    quint32 textOf(std::uint32_t name)
    {
        if (name == 0)
            return 0;
        const auto known = m_texts.constFind(name);
        if (known != m_texts.cend())
            return *known;
        m_picture.texts.append(shown(m_nvtx.name(name)));
        return *m_texts.insert(name, quint32(m_picture.texts.size() - 1));
    }

    QList<NvtxBar> barsOf(const engine::SpanLane& lane)
    {
        QList<NvtxBar> bars;
        for (const engine::LaneBar& from : lane.fold(m_query.range, m_query.columns)) {
            NvtxBar bar{from.startNs, from.endNs, from.spans, from.coverage};
            if (const auto event = m_nvtx.event(from.tag))
                describe(bar, *event);
            bars.append(bar);
        }
        return bars;
    }

    void describe(NvtxBar& bar, const engine::NvtxEvent& event)
    {
        bar.name = textOf(event.message);
        bar.category = textOf(event.category);
        bar.payloadKind = event.payloadKind;
        bar.payload = event.payload;
        bar.detail = textOf(event.detail);
        if (bar.spans > 1)
            return;
        if (const auto call = m_nvtx.callOf(event)) {
            bar.callNs = call->startNs;
            bar.call = textOf(call->message);
            m_picture.texts.append(shown(m_nvtx.threadName(call->thread)));
            bar.callThread = quint32(m_picture.texts.size() - 1);
        }
    }

    /// What is gone has no levels any more: one bar a stretch of time.
    QList<NvtxBar> pastOf(const NvtxLane& lane) const
    {
        QList<NvtxBar> bars;
        for (const engine::LaneBar& from : lane.past.fold(m_query.range, m_query.columns))
            bars.append({from.startNs, from.endNs, from.spans, from.coverage});
        return bars;
    }

    NvtxLaneRow rowOf(qsizetype index)
    {
        const NvtxLane& lane = *m_lanes[std::size_t(index)];
        NvtxLaneRow row;
        row.lane = index;
        for (const engine::SpanLane& level : lane.levels)
            row.levels.append(barsOf(level));
        if (QList<NvtxBar> past = pastOf(lane); !past.isEmpty())
            row.levels.first() = past + row.levels.first();
        row.samples = lane.samples.fold(m_query.range, m_query.columns);
        row.marks = barsOf(lane.marks);
        if (!lane.levels.empty())
            row.busy = double(lane.levels.front().covered(m_query.range)) / double(m_query.range.length());
        return row;
    }

    const NvtxLanes& m_nvtx;
    TimeRange m_recorded;
    const TimelineQuery& m_query;
    NvtxPicture m_picture;
    std::vector<const NvtxLane*> m_lanes; // [NvtxPicture::lanes]
    QHash<QString, int> m_hues;
    QHash<std::uint32_t, quint32> m_texts;
};

} // namespace

NvtxPicture nvtxOf(const NvtxLanes& nvtx, const TimeRange& recorded, const TimelineQuery& query)
{
    return NvtxMaker(nvtx, recorded, query).make();
}

} // namespace vitrine::ui
