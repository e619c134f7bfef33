// SPDX-License-Identifier: GPL-3.0-or-later
// The window's side of the Profiler page: switching to it, and from what it shows to the chat it is about.
#include <QVBoxLayout>

#include "ui/chat/chat_page.h"
#include "ui/models/models_page.h"
#include "ui/profiler/analysis/analysis_tabs.h"
#include "ui/profiler/lab/lab_page.h"
#include "ui/profiler/latency/comparison_panel.h"
#include "ui/profiler/latency/latency_page.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/recordings/recording_controller.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"
#include "ui/shell/rail.h"

namespace vitrine::ui {

void MainWindow::makeProfilerPage()
{
    m_profiler = new ProfilerPage(m_preferences, m_theme);
    m_profiler->hide();
    m_pageColumn->addWidget(m_profiler, 1);
    m_latency = new LatencyPage(m_profiler->view(), m_preferences, m_theme);
    m_profiler->addTab(
        QStringLiteral("latency"), [] { return tr("Latency"); }, m_latency);
    addAnalysisTabs(*m_profiler, m_theme);
    m_lab = new LabPage(m_bridge, m_theme);
    m_profiler->addTab(
        QStringLiteral("lab"), [] { return tr("Load lab"); }, m_lab, true);
}

void MainWindow::connectProfilerPage()
{
    m_recordings = std::make_unique<RecordingController>(*m_recording, *m_profiler, *m_notices, m_theme,
                                                         recordingsFolder());
    connect(&m_session, &ChatSession::profilerRequested, this, [this](engine::RequestId request) {
        showProfiler();
        m_recordings->shelf().showLive();
        m_profiler->showTab(QStringLiteral("timeline"));
        m_profiler->timeline().search(QLatin1Char('#') + QString::number(request.value));
    });
    connect(m_recordings.get(), &RecordingController::restartRequested, this,
            [this](const QStringList& command) {
                if (close())
                    emit restartRequested(command);
            });
    m_latency->setSession(&m_recordings->shelf().current());
    connect(m_latency, &LatencyPage::schedulingChosen, &m_bridge, &EngineBridge::setScheduling);
    m_latency->comparison().setShelf(&m_recordings->shelf());
    connect(&m_latency->comparison(), &ComparisonPanel::reportSaved, m_recordings.get(),
            &RecordingController::tellExported);
    connect(&m_recordings->shelf(), &RecordingShelf::currentChanged, m_latency, &LatencyPage::setSession);
    connect(m_latency, &LatencyPage::rangePicked, this, &MainWindow::showOnTimeline);
    connectLab();
    connect(m_latency, &LatencyPage::requestActivated, this, [this](engine::RequestId request) {
        m_profiler->showTab(QStringLiteral("timeline"));
        m_profiler->timeline().search(QLatin1Char('#') + QString::number(request.value));
    });
    connect(m_profiler, &ProfilerPage::latencyWanted, this, [this](engine::RequestId request) {
        m_profiler->showTab(QStringLiteral("latency"));
        m_latency->showRequest(request);
    });
    connect(m_profiler, &ProfilerPage::chatRequested, this, &MainWindow::showChats);
    connect(m_profiler, &ProfilerPage::messageRequested, this, [this](quint64 conversation, quint64 message) {
        const ConversationId id{qint64(conversation)};
        if (m_store.find(id) == nullptr)
            return; // a recording of somebody else's, or the chat is gone
        showChats();
        showMessage(id, MessageId{qint64(message)});
    });
}

void MainWindow::showOnTimeline(const TimeRange& range)
{
    m_profiler->view().select(range);
    m_profiler->view().showAround(range);
    m_profiler->showTab(QStringLiteral("timeline"));
}

void MainWindow::connectLab()
{
    constexpr quint64 kRuns = quint64{1} << 63; // apart from the numbers of chats
    constexpr std::size_t kHues = 5;
    m_lab->setShelf(&m_recordings->shelf());
    m_lab->keepIn(m_preferences.store());
    connect(m_lab, &LabPage::modelsRequested, this, &MainWindow::showModels);
    connect(m_lab, &LabPage::rangePicked, this, [this](const TimeRange& range) {
        m_recordings->shelf().showLive();
        showOnTimeline(range);
    });
    connect(&m_bridge, &EngineBridge::labSubmitted, this,
            [this](quint64 run, const QList<engine::RequestId>& requests) {
                m_recording->name(kRuns | run, m_lab->runName(run), std::size_t(run % kHues));
                for (const engine::RequestId request : requests)
                    m_recording->label(request, kRuns | run, 0);
            });
}

void MainWindow::openRecording(const QString& path)
{
    showProfiler();
    m_recordings->open(path);
}

void MainWindow::takeFile(const QString& path)
{
    if (path.endsWith(QStringLiteral(".vtrace"), Qt::CaseInsensitive))
        openRecording(path);
    else
        takeModelFile(path);
}

void MainWindow::showProfiler()
{
    m_modelsShown = false;
    m_profilerShown = true;
    m_chat->hide();
    m_models->hide();
    m_banner->setSuppressed(false);
    m_profiler->show();
    m_rail->setPage(Rail::Page::Profiler);
    arrange();
    m_profiler->setFocus();
}

} // namespace vitrine::ui
