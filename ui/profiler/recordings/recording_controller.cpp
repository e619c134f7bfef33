// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_controller.h"

#include <utility>

#include <QAction>
#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include "engine/base/clock.h"
#include "ui/bridge/engine_text.h"
#include "ui/profiler/anomalies/anomaly_text.h"
#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/recordings/nsight_systems.h"
#include "ui/profiler/recordings/recording_dialogs.h"
#include "ui/profiler/recordings/recordings_page.h"
#include "ui/profiler/timeline/time_view.h"
#include "ui/shell/notice_bar.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr int kNoticeFor = 8'000; // ms
const QString kLatency = QStringLiteral("latency");

} // namespace

RecordingController::RecordingController(RecordingSession& live, ProfilerPage& page, NoticeBar& notices,
                                         const Theme& theme, QString folder)
    : m_page(page), m_notices(notices), m_shelf(live, std::move(folder)),
      m_recordings(new RecordingsPage(m_shelf, theme))
{
    page.addTab(
        QStringLiteral("recordings"), [] { return tr("Recordings"); }, m_recordings, true);
    page.setSession(&live);
    listen(live);
    connectParts();
    if (isUnderNsight())
        m_notices.show({Notice::Tone::Plain,
                        tr("Nsight Systems records this window"),
                        tr("Close the window to end it; the report is then written, and stands among the "
                           "recordings at the next start."),
                        {}});
}

void RecordingController::connectParts()
{
    connect(&m_page, &ProfilerPage::recordRequested, this, &RecordingController::record);
    connect(&m_page, &ProfilerPage::exportRequested, this, &RecordingController::exportShown);
    connect(&m_page, &ProfilerPage::openRecordingRequested, this, &RecordingController::chooseFile);
    connect(m_recordings, &RecordingsPage::openRequested, this, &RecordingController::chooseFile);
    connect(m_recordings, &RecordingsPage::exportRequested, this, &RecordingController::exportFile);
    connect(&m_page.header(), &PageHeader::recordMenuWanted, this, &RecordingController::fillRecordMenu);
    connect(m_recordings, &RecordingsPage::reportRequested, this,
            [](const QString& path) { NsightSystems::found().open(path); });
    connect(m_recordings, &RecordingsPage::shown, this,
            [this] { m_page.showTab(QStringLiteral("timeline")); });
    connect(&m_shelf, &RecordingShelf::currentChanged, &m_page, &ProfilerPage::setSession);
    connect(&m_shelf, &RecordingShelf::failed, this, [this](const QString& path, const QString& reason) {
        m_notices.show(
            {Notice::Tone::Warning, QFileInfo(path).fileName(), EngineText::translated(reason), {}});
    });
    connect(&m_shelf.live(), &RecordingSession::anomaliesReady, this, &RecordingController::takeAnomalies);
    connect(&m_page, &ProfilerPage::tabShown, this, &RecordingController::countUnseen);
    connect(&m_page, &ProfilerPage::sessionChanged, this, [this](RecordingSession* session) {
        if (session != nullptr)
            listen(*session); // tabs export as well
        countUnseen();
    });
    connect(&m_shelf.live(), &RecordingSession::fileRecordingChanged, this,
            &RecordingController::showRecording);
}

/// A word only while somebody looks at the engine; what they have not looked at yet is counted at its tab.
void RecordingController::takeAnomalies(const SharedAnomalies& picture)
{
    m_anomalies = picture;
    countUnseen();
    if (!m_page.isVisible() || m_page.session() != &m_shelf.live())
        return;
    if (const std::optional<engine::Anomaly> anomaly = m_bell.ring(*picture, engine::nowNs()))
        tell(*anomaly);
}

void RecordingController::countUnseen()
{
    const quint64 count = m_anomalies ? m_anomalies->count : 0;
    const bool live = m_page.session() == &m_shelf.live();
    const bool inView = m_page.currentTab() == kLatency || m_page.windowOf(kLatency) != nullptr;
    const bool seen = live && m_page.isVisible() && inView;
    if (seen || count < m_seenAnomalies)
        m_seenAnomalies = count;
    m_page.setTabCount(kLatency, live ? count - m_seenAnomalies : 0);
}

void RecordingController::tell(const engine::Anomaly& anomaly)
{
    const auto show = [this, range = AnomalyText::range(anomaly)] {
        m_shelf.showLive();
        m_page.view().select(range);
        m_page.view().showAround(range);
        m_page.showTab(QStringLiteral("timeline"));
    };
    m_notices.show({Notice::Tone::Plain, AnomalyText::title(anomaly.kind), AnomalyText::sentence(anomaly),
                    tr("Show when"), show, kNoticeFor});
}

void RecordingController::listen(RecordingSession& session)
{
    connect(&session, &RecordingSession::exported, this, &RecordingController::tellExported,
            Qt::UniqueConnection);
}

void RecordingController::open(const QString& path)
{
    m_shelf.show(path);
    m_page.showTab(QStringLiteral("timeline"));
}

void RecordingController::chooseFile()
{
    QFileDialog* dialog = makeOpenRecordingDialog(m_shelf.folder(), m_page.window());
    connect(dialog, &QFileDialog::fileSelected, this, &RecordingController::open);
    dialog->open(); // not exec(): replies go on meanwhile
}

void RecordingController::record(bool on)
{
    if (!on) {
        m_shelf.stopRecording();
        return;
    }
    if (m_shelf.live().summary().blocks == 0) {
        m_page.setRecording(false);
        m_notices.show({Notice::Tone::Plain,
                        tr("Nothing to record yet"),
                        tr("Load a model first, on the Models page."),
                        {},
                        {},
                        kNoticeFor});
        return;
    }
    m_shelf.startRecording(m_shelf.live().summary().model);
}

void RecordingController::fillRecordMenu(QMenu& menu)
{
    const bool can = !NsightSystems::found().recorder.isEmpty();
    QAction* const action = menu.addAction(tr("Record with Nsight Systems…"));
    action->setEnabled(can && !isUnderNsight());
    connect(action, &QAction::triggered, this, &RecordingController::recordWithNsight);
    if (action->isEnabled())
        return;
    const QString why =
        can ? tr("It records this window already.")
            : tr("Install NVIDIA Nsight Systems; its program nsys was not found on the path.");
    action->setToolTip(why);
    menu.addAction(why)->setEnabled(false);
}

void RecordingController::recordWithNsight()
{
    const NsightSystems nsight = NsightSystems::found();
    const auto restart = [this, nsight] {
        QDir().mkpath(m_shelf.folder());
        const QString report = newRecordingPath(m_shelf.folder(), QStringLiteral("Nsight Systems"),
                                                QDateTime::currentDateTime(), kNsightSuffix);
        emit restartRequested(nsight.command(report, {QCoreApplication::applicationFilePath()}));
    };
    m_notices.show({Notice::Tone::Plain, tr("Record with Nsight Systems?"),
                    tr("It can only watch a program from its start, so Vitrine closes and opens again. The "
                       "chats stay; a reply that is being written ends."),
                    tr("Restart and record"), restart});
}

void RecordingController::showRecording(const FileRecording& state)
{
    m_page.setRecording(state.active);
    if (std::exchange(m_recording, state.active) && !state.active && state.error.isEmpty())
        m_notices.show({Notice::Tone::Plain, tr("Recording saved"),
                        tr("%1, %2").arg(QFileInfo(state.path).fileName(), sizeText(state.bytes)), tr("Show"),
                        [this, path = state.path] { open(path); }, kNoticeFor});
}

void RecordingController::exportShown()
{
    RecordingSession& session = m_shelf.current();
    const QString file = session.summary().file;
    const QString name = file.isEmpty() ? session.summary().model : QFileInfo(file).completeBaseName();
    askExport(session, name, m_page.view().selection());
}

void RecordingController::exportFile(const QString& path)
{
    RecordingSession& session = path.isEmpty() ? m_shelf.live() : m_shelf.open(path);
    askExport(session, path.isEmpty() ? session.summary().model : QFileInfo(path).completeBaseName(), {});
}

void RecordingController::askExport(RecordingSession& session, const QString& name, const TimeRange& range)
{
    listen(session);
    QFileDialog* dialog = makeRecordingExportDialog(QDir::homePath(), name, m_page.window());
    if (!range.isEmpty())
        dialog->setWindowTitle(tr("Export the selection"));
    connect(dialog, &QFileDialog::fileSelected, &session,
            [&session, range](const QString& path) { session.exportTo(path, range); });
    dialog->open();
}

void RecordingController::tellExported(const QString& path, const QString& error)
{
    if (!error.isEmpty())
        m_notices.show({Notice::Tone::Warning, tr("Not exported"), EngineText::translated(error), {}});
    else
        m_notices.show(
            {Notice::Tone::Plain,
             tr("Exported"),
             tr("%1, %2").arg(QFileInfo(path).fileName(), sizeText(quint64(QFileInfo(path).size()))),
             {},
             {},
             kNoticeFor});
}

} // namespace vitrine::ui
