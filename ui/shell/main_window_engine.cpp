// SPDX-License-Identifier: GPL-3.0-or-later
// The window's side of the engine: what loads, what answers, and whose work it is, in the banner, the status
// bar and the live view.
#include <QDesktopServices>
#include <QLocale>
#include <QUrl>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/gpu_probe.h"
#include "ui/chat/chat_page.h"
#include "ui/profiler/live_dock.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/device_chooser.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/status_bar.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kMostHues = 1024;

} // namespace

void MainWindow::connectBridge()
{
    connect(&m_bridge, &EngineBridge::loadStarted, m_banner, &LoadBanner::showStarted);
    connect(&m_bridge, &EngineBridge::loadProgress, m_banner, &LoadBanner::showProgress);
    connect(&m_bridge, &EngineBridge::loadCancelled, this, [this] {
        if (!m_bridge.isLoading())
            m_banner->dismiss();
    });
    connect(&m_bridge, &EngineBridge::loadFailed, this, &MainWindow::showLoadFailure);
    connect(&m_bridge, &EngineBridge::modelReady, this, &MainWindow::onModelReady);
    connect(&m_bridge, &EngineBridge::gpuFailed, this, &MainWindow::tellGpuFailed);
    connect(&m_bridge, &EngineBridge::ranksRecovered, this, &MainWindow::tellRecovered);
    connect(&m_bridge, &EngineBridge::ranksChanged, m_status, &StatusBar::setRankChange);
    connect(&m_bridge, &EngineBridge::processesRefused, this, [this](const QString& why) {
        m_notices->show({Notice::Tone::Warning, tr("The number of processes is as before"), why,
                         tr("Settings…"), [this] { showSettings(); }});
    });
    m_gpus = new GpuProbe(this);
    connect(&m_bridge, &EngineBridge::modelGone, this, [this](const QString& why) {
        m_status->setModel(std::nullopt);
        if (const auto& asleep = m_bridge.asleepModel())
            m_status->setAsleep(QString::fromStdString(asleep->name));
        if (!why.isEmpty())
            m_banner->showFailure({}, why);
    });
    connect(&m_store, &ConversationStore::changed, this, &MainWindow::nameRecorded);
    connect(&m_bridge, &EngineBridge::replySubmitted, this, &MainWindow::onReplySubmitted);
    connect(&m_bridge, &EngineBridge::replyStarted, this,
            [this](ReplyId reply) { m_awaitingFirst.insert(reply.value); });
    connect(
        &m_bridge, &EngineBridge::replyText, this,
        [this](ReplyId reply, const QString&, const ReplyFigures& figures) { onReplyText(reply, figures); });
    connect(&m_bridge, &EngineBridge::replyFinished, this,
            [this](ReplyId reply) { m_awaitingFirst.remove(reply.value); });
    connect(&m_bridge, &EngineBridge::stepsRecorded, m_live, &LiveDock::addSteps);
    connect(&m_bridge, &EngineBridge::statusChanged, this, &MainWindow::onStatus);
}

void MainWindow::onModelReady(const engine::ModelSummary& summary)
{
    if (!m_bridge.isLoading())
        m_banner->dismiss();
    m_preferences.setLastModel(QString::fromStdString(summary.path));
    m_status->setModel(summary);
    applyModelHabits();
    m_live->clear();
}

void MainWindow::onReplySubmitted(ReplyId reply, engine::RequestId request)
{
    if (m_hues.size() >= kMostHues)
        m_hues.clear();
    for (const Conversation* conversation : m_store.byRecency()) {
        const Message* message = conversation->reply(reply);
        if (message == nullptr)
            continue;
        m_hues.insert(request.value, conversation->number());
        nameRecorded(conversation->id());
        m_recording->label(request, quint64(conversation->id().value), quint64(message->id.value));
    }
}

/// A recording calls requests by their conversation, as it is called now.
void MainWindow::nameRecorded(ConversationId id)
{
    if (const Conversation* conversation = m_store.find(id))
        m_recording->name(quint64(id.value), conversation->title(), conversation->number());
}

void MainWindow::onReplyText(ReplyId reply, const ReplyFigures& figures)
{
    if (figures.secondsToFirst > 0 && m_awaitingFirst.remove(reply.value))
        m_live->addFirstToken(figures.secondsToFirst);
}

void MainWindow::onStatus(const EngineStatus& status)
{
    m_live->setTokensPerSecond(status.tokensPerSecond);
    const LiveBin* newest = m_live->newest();
    m_status->setStatus(status, newest ? newest->blocksByHue : std::array<float, kHues>{});
}

std::size_t MainWindow::hueOf(engine::RequestId request) const
{
    return m_hues.value(request.value, 0);
}

/// Settings show where the model in use computes, and move it.
void MainWindow::connectDevices(SettingsDialog& dialog)
{
    DeviceChooser* devices = &dialog.devices();
    const auto showModel = [this, devices] {
        const auto& model = m_bridge.model();
        devices->setLoading(m_bridge.isLoading());
        devices->setModel(model ? QString::fromStdString(model->name) : QString(), m_bridge.gpu());
    };
    for (const auto signal :
         {&EngineBridge::loadStarted, &EngineBridge::loadCancelled, &EngineBridge::modelGone})
        connect(&m_bridge, signal, devices, showModel);
    connect(&m_bridge, &EngineBridge::loadFailed, devices, showModel);
    connect(&m_bridge, &EngineBridge::modelReady, devices, showModel);
    connect(&m_bridge, &EngineBridge::gpuFailed, devices,
            [devices](const engine::ModelSummary&, const QString& why) { devices->setProblem(why); });
    connect(m_gpus, &GpuProbe::answered, devices, &DeviceChooser::setGpus);
    connect(devices, &DeviceChooser::reloadRequested, this, [this] {
        if (m_bridge.model())
            openModel(QString::fromStdString(m_bridge.model()->path));
    });
    showModel();
    m_gpus->ask();
}

void MainWindow::tellGpuFailed(const engine::ModelSummary& summary, const QString& why)
{
    if (m_preferences.gpu() == engine::kNoGpu) {
        m_notices->show(
            {Notice::Tone::Warning, tr("One process computes"),
             tr("%1 could not be shared by several: %2.").arg(QString::fromStdString(summary.name), why),
             tr("Settings…"), [this] { showSettings(); }});
        return;
    }
    m_notices->show(
        {Notice::Tone::Warning, tr("The GPU could not be used"),
         tr("%1 computes on the processor instead: %2.").arg(QString::fromStdString(summary.name), why),
         tr("Settings…"), [this] { showSettings(); }});
}

void MainWindow::tellRecovered(const engine::RankRecovery& recovery)
{
    Notice notice;
    const bool fewer = recovery.ranksNow < recovery.ranksBefore;
    notice.tone = fewer ? Notice::Tone::Warning : Notice::Tone::Plain;
    notice.title =
        fewer ? tr("Failed too often: the model goes on with %1 of %2 processes")
                    .arg(QLocale().toString(recovery.ranksNow), QLocale().toString(recovery.ranksBefore))
              : tr("A process was replaced; replies go on");
    notice.detail =
        tr("What failed: %1. All computed again after %2 s.")
            .arg(EngineText::translated(recovery.reason), QLocale().toString(recovery.seconds(), 'f', 2));
    if (!recovery.reportFile.empty()) {
        notice.action = tr("What happened…");
        notice.act = [file = QString::fromStdString(recovery.reportFile)] {
            QDesktopServices::openUrl(QUrl::fromLocalFile(file));
        };
    }
    m_notices->show(notice);
}

void MainWindow::showLoadFailure(const QString& path, const QString& error)
{
    m_banner->showFailure(path, error);
}

} // namespace vitrine::ui
