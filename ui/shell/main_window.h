// SPDX-License-Identifier: GPL-3.0-or-later
// The window: rail, sidebar, chat page, live dock, status bar, and what ties them to the engine bridge.
// Owns the conversations and what keeps them. Thread: UI; everything handed in outlives it.
//
// Invariant: what the person asked to see (m_wanted…) and what there is room for are kept apart: a dock that
// had to give way comes back when the window grows.
#pragma once

#include <QHash>
#include <QMainWindow>
#include <QSet>

#include "ui/bridge/engine_bridge.h"
#include "ui/chat/chat_session.h"
#include "ui/chat/conversation_list.h"
#include "ui/chat/conversation_saver.h"
#include "ui/models/model_records.h"
#include "ui/recording/pictures.h"
#include "ui/shell/language.h"
#include "ui/shell/preferences.h"
#include "ui/theme/theme.h"

class QDialog;
class QVBoxLayout;

namespace vitrine::ui {

class ChatPage;
class DropOverlay;
class ExchangeController;
class GpuProbe;
class LiveDock;
class LoadBanner;
class NoticeBar;
class ModelsPage;
class LabPage;
class LatencyPage;
class ProfilerPage;
class RecordingController;
class IdleUnloader;
class Rail;
class RecordingSession;
class Sidebar;
class SettingsDialog;
class SidebarController;
class StatusBar;
class WindowHabits;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// `chats`: the file where conversations are kept; empty: in memory alone.
    MainWindow(EngineBridge& bridge, Theme& theme, Language& language, Preferences& preferences,
               const QString& chats = {});
    ~MainWindow() override;

    /// Opens a conversation at a message, on whatever branch it is.
    void showMessage(ConversationId id, MessageId message);
    /// Loads beside what runs; the banner shows how it goes. An unreadable path ends in the banner too.
    void openModel(const QString& path);
    /// Shows a .vtrace file in the Profiler.
    void openRecording(const QString& path);
    void showLoadFailure(const QString& path, const QString& error);

    ChatPage& chatPage() const { return *m_chat; }
    ChatSession& session() { return m_session; }
    LiveDock& liveDock() const { return *m_live; }
    LoadBanner& banner() const { return *m_banner; }
    ExchangeController& exchange() const { return *m_exchange; }
    NoticeBar& notices() const { return *m_notices; }
    ModelsPage& modelsPage() const { return *m_models; }
    RecordingController& recordings() const { return *m_recordings; }
    ProfilerPage& profilerPage() const { return *m_profiler; }
    LabPage& labPage() const { return *m_lab; }
    bool isProfilerShown() const { return m_profilerShown; }
    IdleUnloader& idleUnloader() const { return *m_idle; }
    Sidebar& sidebar() const { return *m_sidebar; }
    StatusBar& statusStrip() const { return *m_status; }
    WindowHabits& habits() const { return *m_habits; }
    GpuProbe& gpus() const { return *m_gpus; }

signals:
    /// When the window has closed, this command runs in place of the program.
    void restartRequested(const QStringList& command);

public slots:
    void showChats();
    void showModels();
    void showProfiler();
    void chooseModel();
    void showModelDetails(); ///< of the loaded model; to the file dialog where there is none
    void setLiveShown(bool shown);
    void setSidebarShown(bool shown);
    void toggleLive();
    void toggleSidebar();
    void showSettings();
    void newChat();
    void newPane();
    void newFolder();
    void searchChats();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void openPresets(const QString& path);
    void openArchive(const QString& path);
    void build();
    void connectBridge();
    void connectParts();
    void connectExchange();
    void retranslate();
    void arrange();

    void openDialog(QDialog* dialog);
    void connectDevices(SettingsDialog& dialog);
    void tellGpuFailed(const engine::ModelSummary& summary, const QString& why);
    void tellRecovered(const engine::RankRecovery& recovery);

    void makeModelsPage();
    void connectModelsPage();
    void makeProfilerPage();
    void connectProfilerPage();
    void connectLab();
    void showOnTimeline(const TimeRange& range);
    bool areChatsShown() const { return !m_modelsShown && !m_profilerShown; }
    void loadModel(const QString& path, const LoadOptions& options);
    ModelChoice choiceInUse() const;
    void applyModelHabits();
    void chooseModelFolder();
    void takeModelFile(const QString& path);
    void takeFile(const QString& path);
    void makeChatPage();
    void rebuildChatPage();
    void onModelReady(const engine::ModelSummary& summary);
    void onReplySubmitted(ReplyId reply, engine::RequestId request);
    void nameRecorded(ConversationId id);
    void onReplyText(ReplyId reply, const ReplyFigures& figures);
    void onStatus(const EngineStatus& status);
    std::size_t hueOf(engine::RequestId request) const;

    EngineBridge& m_bridge;
    Theme& m_theme;
    Language& m_language;
    Preferences& m_preferences;
    ConversationStore m_store;
    std::unique_ptr<ChatArchive> m_archive; // none: nothing is kept
    std::unique_ptr<ConversationSaver> m_saver;
    ChatSession m_session;
    ConversationList m_list;
    RecordingSession* m_recording = nullptr; // what the engine does, for the Profiler

    Rail* m_rail = nullptr;
    Sidebar* m_sidebar = nullptr;
    QVBoxLayout* m_pageColumn = nullptr;
    LoadBanner* m_banner = nullptr;
    NoticeBar* m_notices = nullptr;
    SidebarController* m_shelf = nullptr;
    ChatPage* m_chat = nullptr;
    ModelsPage* m_models = nullptr;
    ProfilerPage* m_profiler = nullptr;
    LatencyPage* m_latency = nullptr; // the Profiler's
    LabPage* m_lab = nullptr;         // likewise
    IdleUnloader* m_idle = nullptr;
    GpuProbe* m_gpus = nullptr;
    LiveDock* m_live = nullptr;
    StatusBar* m_status = nullptr;
    DropOverlay* m_overlay = nullptr;
    std::unique_ptr<ExchangeController> m_exchange;
    std::unique_ptr<RecordingController> m_recordings;
    WindowHabits* m_habits = nullptr;

    bool m_modelsShown = false, m_profilerShown = false; // instead of the chats
    bool m_wantedSidebar = true;
    bool m_wantedLive = false;
    bool m_liveFirst = false;           // asked for last: the sidebar gives way to it
    QHash<quint64, std::size_t> m_hues; // of recent requests
    QSet<quint64> m_awaitingFirst;      // replies without a token yet
};

} // namespace vitrine::ui
