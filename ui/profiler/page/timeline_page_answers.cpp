// SPDX-License-Identifier: GPL-3.0-or-later
// What the Timeline tab does with the recording's answers.
#include <algorithm>
#include <utility>

#include "ui/profiler/blocks/block_map_panel.h"
#include "ui/profiler/page/inspector.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/batch_panel.h"
#include "ui/profiler/timeline/overview_panel.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/trend_panel.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {

void TimelinePage::setTimeline(const SharedTimeline& picture)
{
    if (m_searched && picture->query.filter == *m_searched && picture->query.rows == 1) {
        takeSearched(*picture);
        return;
    }
    m_picture = picture;
    for (TimelinePanel* panel : panels())
        panel->setPicture(picture);
    showNotes();
    setLegends();
}

void TimelinePage::setOverview(const SharedOverview& picture)
{
    m_overview->setPicture(picture);
}

void TimelinePage::setAnomalies(const SharedAnomalies& picture)
{
    m_overview->setAnomalies(picture);
    m_trends->setAnomalies(picture);
}

void TimelinePage::setBlocks(const SharedBlockMap& map)
{
    m_blocks->setMap(map);
    m_blockSection->fit();
    showNotes();
}

void TimelinePage::setBlock(const BlockDetails& details)
{
    m_blocks->setDetails(details);
    if (!m_pickedBlock)
        return;
    if (details.block != *m_pickedBlock) { // a hover came between
        if (m_session != nullptr && m_blocks->map())
            m_session->askBlock(*m_pickedBlock, m_blocks->map()->ns - 1);
        return;
    }
    m_pickedBlock.reset();
    m_blocks->setMarked({});
    m_inspector->showBlock(details);
    openInspector();
}

void TimelinePage::setPreemption(const PreemptionDetails& details)
{
    m_inspector->showPreemption(details);
    openInspector();
    if (details.number == 0)
        return;
    m_view.setMoment(details.detail.timeNs, true);
    m_view.reveal(details.detail.timeNs);
    m_requests->reveal(details.detail.victim);
}

void TimelinePage::setRequest(const RequestDetails& details)
{
    if (details.name.request != m_blocks->marked())
        m_blocks->setMarked({});
    m_inspector->showRequest(details);
    openInspector();
    m_requests->setStep({}, {}); // now the steps are outlined that computed this one
    if (!std::exchange(m_zoomsToRequest, false))
        return;
    const qint64 end = details.life.endNs != 0 ? details.life.endNs : m_view.bounds().endNs;
    m_view.showAround({details.life.arrivalNs, std::max<qint64>(end, details.life.arrivalNs + 1)});
}

void TimelinePage::setStep(const StepDetails& details)
{
    m_inspector->showStep(details);
    openInspector();
    QList<engine::RequestId> requests;
    for (const StepDetails::Row& row : details.rows)
        requests << row.row.request;
    m_requests->setStep({details.figures.startNs, details.figures.endNs}, requests);
    if (details.figures.endNs > 0 &&
        !m_view.visible().touches({details.figures.startNs, details.figures.endNs})) {
        m_view.reveal(details.figures.startNs);
        m_view.setMoment(details.figures.startNs);
    }
}

} // namespace vitrine::ui
