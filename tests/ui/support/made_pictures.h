// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a recording, made by hand: what the Profiler's panels are shown without an engine.
#pragma once

#include <memory>

#include <QApplication>
#include <QLocale>
#include <QSize>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::tests {

using namespace vitrine::ui;

inline constexpr qint64 kMs = 1'000'000;
inline constexpr qint64 kStart = 5'000 * kMs; ///< of the recording

inline qint64 at(double ms)
{
    return kStart + qint64(ms * double(kMs));
}

/// What a panel stands on.
struct PanelStage
{
    Theme theme;
    TimeView view;

    void open() ///< once
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        theme.applyTo(*qApp);
    }
    template<class Panel>
    std::unique_ptr<Panel> shown(const QSize& size, const SharedTimeline& picture = {})
    {
        auto panel = std::make_unique<Panel>(view, theme);
        panel->resize(size);
        if (picture)
            panel->setPicture(picture);
        panel->show();
        return panel;
    }
};

inline engine::LaneBar bar(double from, double to, engine::LifePhase phase, quint32 spans = 1)
{
    return {at(from), at(to), quint64(phase), spans, 1.0F};
}

inline RequestName called(quint64 request, const QString& title, std::size_t hue = 0,
                          quint64 conversation = 0)
{
    RequestName name;
    name.request = engine::RequestId{request};
    name.title = title;
    name.hue = hue;
    name.conversation = conversation;
    name.message = conversation * 10;
    return name;
}

inline RequestRow request(quint64 number, const QString& title, std::initializer_list<engine::LaneBar> bars)
{
    RequestRow row;
    row.name = called(number, title, number, number + 100);
    row.arrivalNs = bars.begin()->startNs;
    row.endNs = (bars.end() - 1)->endNs;
    row.promptTokens = 1200;
    row.cachedTokens = 400;
    row.replyTokens = 57;
    row.bars = bars;
    return row;
}

inline StepColumn step(quint64 number, double from, double to, quint32 prefill, quint32 decode,
                       quint32 recomputed = 0)
{
    StepColumn column{at(from), at(to), number, {}};
    column.digest.steps = 1;
    column.digest.prefillTokens = column.digest.mostPrefill = prefill;
    column.digest.decodeTokens = column.digest.mostDecode = decode;
    column.digest.recomputedTokens = column.digest.mostRecomputed = recomputed;
    column.digest.mostBudget = 512;
    column.digest.mostRunning = decode + (prefill > 0 ? 1 : 0);
    column.digest.mostReferenced = 700;
    column.digest.mostCached = 200;
    column.digest.mostTotal = 1024;
    return column;
}

/// A second: two requests, the second one preempted from 300 to 640 ms; ten steps of 100 ms.
inline std::shared_ptr<TimelinePicture> madeTimeline()
{
    using engine::LifePhase;
    auto picture = std::make_shared<TimelinePicture>();
    picture->query.range = {at(0), at(1000)};
    picture->query.columns = 1000;
    picture->requests = {request(1, QStringLiteral("Slow events query"),
                                 {bar(0, 100, LifePhase::Prefill), bar(100, 1000, LifePhase::Decode)}),
                         request(2, QStringLiteral("Kyoto packing list"),
                                 {bar(0, 300, LifePhase::Decode), bar(300, 640, LifePhase::Preempted),
                                  bar(640, 740, LifePhase::Recompute), bar(740, 1000, LifePhase::Decode)})};
    picture->requests[0].tokens = {at(200), at(300), at(400)};
    picture->requestCount = 2;
    for (int i = 0; i < int(engine::kStepPhases); ++i) {
        StepLaneRow lane;
        lane.phase = engine::StepPhase(i);
        lane.meanNs = 1e6 * (i + 1);
        for (int k = 0; k < 10; ++k)
            lane.bars.append({at(k * 100), at(k * 100 + 90), quint64(k + 1), 1, 1.0F});
        picture->lanes.append(lane);
    }
    for (int k = 0; k < 10; ++k)
        picture->steps.append(
            step(quint64(k + 1), k * 100, k * 100 + 95, k == 0 ? 480 : 0, 2, k == 6 ? 100 : 0));
    picture->steps[3].digest.preemptions = 1;
    picture->preemptions = {{at(300), 4, engine::RequestId{2}}};
    picture->selectedSteps = 10;
    return picture;
}

/// `blocks` cells: a quarter held by one request, a quarter by another, some shared, cached, free.
inline std::shared_ptr<BlockMap> madeBlocks(qsizetype blocks)
{
    auto map = std::make_shared<BlockMap>();
    map->ns = at(400);
    map->step = 4;
    map->blockSize = 16;
    map->owners = {{called(1, QStringLiteral("Slow events query"), 0), 0, true},
                   {called(2, QStringLiteral("Kyoto packing list"), 1), 0, true}};
    for (qsizetype i = 0; i < blocks; ++i) {
        BlockCell cell;
        const qsizetype part = i * 8 / blocks;
        cell.state = part < 5 ? CellState::Referenced : part < 6 ? CellState::Cached : CellState::Free;
        cell.owner = part < 2 ? 0 : 1;
        cell.references = part == 4 ? 2 : part < 4 ? 1 : 0;
        cell.ageSeconds = float(i % 60);
        if (part == 4)
            ++map->shared;
        else if (part < 4)
            ++map->owners[cell.owner].blocks;
        else if (part == 5)
            ++map->cached;
        else
            ++map->free;
        map->cells.append(cell);
    }
    return map;
}

inline RecordingSummary madeSummary()
{
    RecordingSummary summary;
    summary.range = {at(0), at(1000)};
    summary.steps = 10;
    summary.requests = 41;
    summary.preemptions = 1;
    summary.blocks = 1024;
    summary.blockSize = 16;
    return summary;
}

} // namespace vitrine::tests
