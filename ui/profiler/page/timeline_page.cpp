// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/timeline_page.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSettings>
#include <QVBoxLayout>

#include "ui/profiler/blocks/block_map_panel.h"
#include "ui/profiler/page/inspector.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/timeline/batch_panel.h"
#include "ui/profiler/timeline/overview_panel.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/thread_panel.h"
#include "ui/profiler/timeline/trend_panel.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {

TimelinePage::TimelinePage(TimeView& view, QSettings& settings, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_settings(settings), m_theme(theme)
{
    m_frame.setSingleShot(true);
    m_frame.setInterval(kFrameMs);
    connect(&m_frame, &QTimer::timeout, this, &TimelinePage::ask);
    buildPanels();
    buildControls();
    connectParts();
    connectInspector();
    retranslate();
    m_stack->restore();
}

void TimelinePage::buildPanels()
{
    m_overview = new OverviewPanel(m_view, m_theme);
    m_blocks = new BlockMapPanel(m_view, m_theme);
    m_requests = new RequestPanel(m_view, m_theme);
    m_steps = new StepPanel(m_view, m_theme);
    m_threads = new ThreadPanel(m_view, m_theme);
    m_threads->setHidden(m_settings.value(QLatin1String(kHiddenLanes)).toStringList());
    m_batch = new BatchPanel(m_view, m_theme);
    m_trends = new TrendPanel(m_view, m_theme);
    m_stack = new PanelStack(m_settings, QStringLiteral("profiler/panels"), m_theme);
    using Height = PanelSection::Height;
    const auto add = [this](const char* key, QWidget* panel, Height height) {
        auto* section = new PanelSection(QLatin1String(key), panel, height, m_theme);
        m_stack->addSection(section);
        return section;
    };
    m_blockSection = add("blocks", m_blocks, Height::Free);
    m_requestSection = add("requests", m_requests, Height::Greedy);
    m_stepSection = add("steps", m_steps, Height::Fixed);
    m_threadSection = add("threads", m_threads, Height::Free);
    m_batchSection = add("batch", m_batch, Height::Fixed);
    m_trendSection = add("charts", m_trends, Height::Fixed);
    m_trendSection->setFolded(true);

    m_column = new QWidget;
    auto* column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_overview);
    column->addWidget(m_stack, 1);
    m_inspector = new Inspector(m_theme);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_column, 1);
    row->addWidget(m_inspector);
}

void TimelinePage::connectPanel(TimelinePanel* panel)
{
    connect(panel, &TimelinePanel::requestPicked, this, &TimelinePage::pickRequest);
    connect(panel, &TimelinePanel::stepPicked, this, &TimelinePage::pickStep);
    connect(panel, &TimelinePanel::preemptionPicked, this, [this](qint64 ns) {
        if (m_session != nullptr)
            m_session->askPreemption({ns});
    });
    connect(panel, &TimelinePanel::rowsChanged, this, [this] {
        m_wantsTimeline = true;
        askSoon();
    });
    panel->installEventFilter(this);
}

void TimelinePage::connectParts()
{
    for (TimelinePanel* panel : panels())
        connectPanel(panel);
    for (const auto signal : {&TimeView::visibleChanged, &TimeView::selectionChanged})
        connect(&m_view, signal, this, [this] {
            m_wantsTimeline = true;
            askSoon();
        });
    connect(&m_view, &TimeView::momentChanged, this, [this] {
        m_wantsBlocks = true;
        askSoon();
    });
    connect(m_blocks, &BlockMapPanel::requestPicked, this, &TimelinePage::pickRequest);
    connect(m_blocks, &BlockMapPanel::blockHovered, this, [this](quint32 block) {
        if (m_session != nullptr && m_blocks->map())
            m_session->askBlock(block, m_blocks->map()->ns - 1);
    });
    connect(m_blocks, &BlockMapPanel::blockPicked, this, [this](quint32 block) {
        m_pickedBlock = block;
        if (m_session != nullptr && m_blocks->map())
            m_session->askBlock(block, m_blocks->map()->ns - 1);
    });
    m_overview->installEventFilter(this);
    connect(m_stack, &PanelStack::windowsChanged, this, &TimelinePage::askAll);
}

void TimelinePage::connectInspector()
{
    connect(m_inspector, &Inspector::requestPicked, this, &TimelinePage::pickRequest);
    connect(m_inspector, &Inspector::messageRequested, this, &TimelinePage::messageRequested);
    connect(m_inspector, &Inspector::latencyWanted, this, &TimelinePage::latencyWanted);
    connect(m_inspector, &Inspector::blocksWanted, this, &TimelinePage::showBlocksOf);
    connect(m_inspector, &Inspector::momentPicked, this, [this](qint64 ns) {
        pickStep(ns);
        m_view.reveal(ns);
    });
    connect(m_inspector, &Inspector::preemptionWanted, this, [this](const PreemptionQuery& query) {
        if (m_session != nullptr)
            m_session->askPreemption(query);
    });
    connect(m_inspector, &Inspector::closeRequested, this, [this] {
        m_drawerOpen = false;
        arrange();
    });
}

void TimelinePage::setSession(RecordingSession* session)
{
    if (m_session != nullptr)
        m_session->disconnect(this);
    m_session = session;
    m_picture.reset();
    for (TimelinePanel* panel : panels())
        panel->setPicture({});
    m_requests->setStep({}, {});
    m_overview->setPicture({});
    setAnomalies({});
    m_blocks->setMap({});
    m_blocks->setMarked({});
    m_lastSearch.clear();
    m_searched.reset();
    m_pickedBlock.reset();
    m_zoomsToRequest = false;
    m_inspector->showRecording();
    if (session == nullptr)
        return;
    connect(session, &RecordingSession::timelineReady, this, &TimelinePage::setTimeline);
    connect(session, &RecordingSession::overviewReady, this, &TimelinePage::setOverview);
    connect(session, &RecordingSession::anomaliesReady, this, &TimelinePage::setAnomalies);
    session->askAnomalies();
    connect(session, &RecordingSession::blocksReady, this, &TimelinePage::setBlocks);
    connect(session, &RecordingSession::blockReady, this, &TimelinePage::setBlock);
    connect(session, &RecordingSession::preemptionReady, this, &TimelinePage::setPreemption);
    connect(session, &RecordingSession::requestReady, this, &TimelinePage::setRequest);
    connect(session, &RecordingSession::stepReady, this, &TimelinePage::setStep);
}

void TimelinePage::setSummary(const RecordingSummary& summary)
{
    m_summary = summary;
    m_overview->setSummary(summary);
    m_inspector->setRecording(summary);
    m_wantsOverview = true;
    m_wantsTimeline = true; // open rows grow
    m_wantsBlocks = m_wantsBlocks || !m_view.moment() || !m_blocks->map();
    showNotes();
    askSoon();
}

std::array<TimelinePanel*, 5> TimelinePage::panels() const
{
    return {m_requests, m_steps, m_threads, m_batch, m_trends};
}

// Asking

void TimelinePage::askSoon()
{
    if ((isVisible() || m_stack->hasWindows()) && !m_frame.isActive())
        m_frame.start();
}

TimelineQuery TimelinePage::query() const
{
    TimelineQuery query;
    query.serial = m_serial;
    query.range = m_view.visible();
    query.selection = m_view.selection();
    for (const TimelinePanel* panel : panels()) // the widest: one picture is for them all
        query.columns = std::max(query.columns, panel->columns());
    query.firstRow = m_requests->firstRow();
    query.rows = m_requests->rowsAsked();
    query.filter = m_requests->filter();
    query.wanted = m_requests->picked();
    query.hiddenLanes = m_threads->hidden();
    if (!m_threadSection->isClosed() && !m_threadSection->isFolded()) {
        query.firstLane = m_threads->firstLane();
        query.lanes = m_threads->lanesAsked();
    }
    return query;
}

void TimelinePage::ask()
{
    if (m_session == nullptr || m_view.bounds().isEmpty())
        return;
    if (std::exchange(m_wantsTimeline, false) && !m_searched) {
        ++m_serial;
        m_session->askTimeline(query());
    }
    if (std::exchange(m_wantsOverview, false))
        m_session->askOverview(m_overview->columns());
    if (std::exchange(m_wantsBlocks, false))
        askBlocksOfNow();
}

void TimelinePage::askBlocksOfNow()
{
    m_session->askBlocks(m_view.moment().value_or(m_view.bounds().endNs));
}

void TimelinePage::search(const QString& text)
{
    const QString said = text.trimmed();
    if (m_session == nullptr || said.isEmpty() || m_view.bounds().isEmpty())
        return;
    QString number = said;
    const QString step = tr("step", "before a number, in a search");
    for (const QString& word : {step, QStringLiteral("step")})
        if (number.startsWith(word, Qt::CaseInsensitive))
            number = number.mid(word.size()).trimmed();
    bool isNumber = false;
    const quint64 value = QString(number).remove(QLatin1Char(',')).toULongLong(&isNumber);
    if (isNumber) {
        m_session->askStepNumber(value);
        return;
    }
    m_searchRow = said == m_lastSearch ? m_searchRow + 1 : 0; // the same again: the next one
    askSearched(said);
}

void TimelinePage::askSearched(const QString& text)
{
    m_searched = m_lastSearch = text;
    TimelineQuery query;
    query.serial = ++m_serial;
    query.range = m_view.bounds();
    query.firstRow = m_searchRow;
    query.rows = 1;
    query.filter = text;
    m_session->askTimeline(query);
}

void TimelinePage::takeSearched(const TimelinePicture& picture)
{
    const QString text = *m_searched;
    m_searched.reset();
    m_wantsTimeline = true;
    askSoon();
    if (picture.requests.isEmpty() && m_searchRow > 0 && m_session != nullptr) {
        m_searchRow = 0; // around
        askSearched(text);
        return;
    }
    if (picture.requests.isEmpty()) {
        m_lastSearch.clear();
        emit searchFailed(text);
        return;
    }
    m_zoomsToRequest = true;
    pickRequest(picture.requests.first().name.request);
}

/// In sight, wherever the panel is.
void TimelinePage::showBlocksOf(engine::RequestId request)
{
    m_stack->setShown(m_blockSection, true);
    m_blockSection->setFolded(false);
    m_stack->ensureWidgetVisible(m_blockSection);
    m_blocks->setMarked(request);
}

void TimelinePage::pickRequest(engine::RequestId request)
{
    m_requests->reveal(request);
    if (m_session != nullptr)
        m_session->askRequest(request);
}

/// A step that preempted somebody is shown as that.
void TimelinePage::pickStep(qint64 ns)
{
    m_view.setMoment(ns);
    if (m_session == nullptr)
        return;
    m_session->askStep(ns);
}

/// To the step beside the moment, of those in view.
void TimelinePage::stepBy(int direction)
{
    if (!m_picture || m_picture->steps.isEmpty())
        return;
    const auto& steps = m_picture->steps;
    const qint64 now = m_view.moment().value_or(m_view.visible().endNs);
    const auto after = std::partition_point(steps.cbegin(), steps.cend(),
                                            [now](const StepColumn& step) { return step.startNs <= now; });
    auto index = after - steps.cbegin() + (direction > 0 ? 0 : -2);
    index = std::clamp<qsizetype>(index, 0, steps.size() - 1);
    m_view.setMoment(steps[index].startNs);
    m_view.reveal(steps[index].startNs);
}

// Arrangement

bool TimelinePage::isInspectorShown() const
{
    return !m_inspector->isHidden();
}

void TimelinePage::openInspector()
{
    m_drawerOpen = true;
    arrange();
}

void TimelinePage::arrange()
{
    const bool drawer = width() < m_theme.scaled(kDrawerBelow);
    m_inspector->setDrawer(drawer);
    m_inspector->setVisible(!drawer || m_drawerOpen);
    auto* row = static_cast<QHBoxLayout*>(layout());
    if (drawer && row->indexOf(m_inspector) >= 0) {
        row->removeWidget(m_inspector);
    } else if (!drawer && row->indexOf(m_inspector) < 0) {
        row->addWidget(m_inspector);
    }
    if (drawer) {
        m_inspector->setGeometry(width() - m_inspector->width(), 0, m_inspector->width(), height());
        m_inspector->raise();
    }
}

void TimelinePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

/// Panels of another width want pictures of another number of columns.
bool TimelinePage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize) {
        m_wantsTimeline = true;
        m_wantsOverview = m_wantsOverview || watched == m_overview;
        askSoon();
    }
    return QWidget::eventFilter(watched, event);
}

void TimelinePage::askAll()
{
    m_wantsTimeline = m_wantsOverview = m_wantsBlocks = true;
    askSoon();
}

void TimelinePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    arrange();
    askAll();
}

void TimelinePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
