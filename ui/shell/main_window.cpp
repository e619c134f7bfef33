// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"
#include "ui/profiler/latency/latency_page.h"
#include "ui/profiler/page/profiler_page.h"

#include <algorithm>

#include <QCloseEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/bridge/model_name.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/exchange/window/exchange_controller.h"
#include "ui/models/idle_unloader.h"
#include "ui/models/load_report.h"
#include "ui/models/model_details_dialog.h"
#include "ui/models/models_page.h"
#include "ui/profiler/live_dock.h"
#include "ui/profiler/recordings/recording_controller.h"
#include "ui/shell/archive_notice.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/model_dialog.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/sidebar_controller.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/window_habits.h"

namespace vitrine::ui {
namespace {

constexpr int kPaneRoom = 380; // below this a pane is no pleasure to read
constexpr QSize kFirstSize(1280, 800);
constexpr QSize kSmallest(640, 480);
constexpr int kHandle = 1;       // between two panes
constexpr int kUndoFor = 10'000; // ms that an undo is offered

} // namespace

MainWindow::MainWindow(EngineBridge& bridge, Theme& theme, Language& language, Preferences& preferences,
                       const QString& chats)
    : m_bridge(bridge), m_theme(theme), m_language(language), m_preferences(preferences),
      m_session(bridge, m_store), m_list(m_store), m_wantedSidebar(preferences.sidebarShown()),
      m_wantedLive(preferences.liveShown())
{
    m_recording = new RecordingSession(m_bridge.feed(), this);
    build();
    connectParts();
    connectExchange();
    connectBridge();
    m_habits = new WindowHabits(*this, {bridge, theme, language, preferences, m_store});
    m_chat->setKeys(m_habits->commands());
    m_sidebar->setKeys(m_habits->commands());
    m_status->setKeys(m_habits->commands());
    setMinimumSize(kSmallest);
    if (!restoreGeometry(preferences.geometry()))
        resize(kFirstSize);
    retranslate();
    arrange();
    openArchive(chats);
    m_chat->focusComposer();
}

MainWindow::~MainWindow()
{
    m_latency->setSession(nullptr); // while they are whole: the recording goes before they do
    m_profiler->setSession(nullptr);
    // They look at conversations and panes: they go first.
    m_exchange.reset();
    m_recordings.reset();
    delete m_habits;
    delete m_shelf;
    delete m_chat;
}

void MainWindow::openArchive(const QString& path)
{
    if (path.isEmpty())
        return;
    openPresets(QFileInfo(path).absolutePath() + QStringLiteral("/presets.json"));
    m_archive = std::make_unique<ChatArchive>(path);
    m_saver = std::make_unique<ConversationSaver>(m_store, *m_archive);
    m_exchange->setSaver(m_saver.get());
    connect(m_saver.get(), &ConversationSaver::opened, this, [this](const ArchiveNotice& notice) {
        if (notice.kind != ArchiveNotice::Kind::None)
            m_notices->show(noticeOf(notice));
    });
    connect(m_saver.get(), &ConversationSaver::draftNotKept, this, [this](ConversationId id) {
        for (ChatPane* pane : m_chat->panes()) {
            if (pane->conversation() != nullptr && pane->conversation()->id() == id)
                pane->composer().note(
                    tr("This is too much to keep unsent: the attachments are gone when Vitrine "
                       "closes. Send the message, or attach less."));
        }
    });
    connect(m_saver.get(), &ConversationSaver::loadFailed, this,
            [this](ConversationId, const QString& reason) { m_notices->show(readFailedNotice(reason)); });
    m_shelf->setArchive(*m_archive, *m_saver);
    m_habits->setArchive(*m_archive);
    connect(m_archive.get(), &ChatArchive::saveFailed, this,
            [this](const QString& reason) { m_notices->show(saveFailedNotice(reason)); });
    connect(m_archive.get(), &ChatArchive::saved, m_notices, &NoticeBar::withdrawWarning);
}

void MainWindow::openPresets(const QString& path)
{
    if (const QString problem = m_session.presets().open(path); !problem.isEmpty())
        m_notices->show({Notice::Tone::Warning, tr("Your presets"), problem, {}});
}

void MainWindow::build()
{
    m_rail = new Rail(m_theme);
    m_sidebar = new Sidebar(m_list, m_theme);
    m_banner = new LoadBanner(m_theme);
    m_notices = new NoticeBar(m_theme);
    m_live = new LiveDock(m_theme);
    m_live->setHueOf([this](engine::RequestId request) { return hueOf(request); });
    m_status = new StatusBar(m_theme);

    auto* page = new QWidget;
    m_pageColumn = new QVBoxLayout(page);
    m_pageColumn->setContentsMargins(0, 0, 0, 0);
    m_pageColumn->setSpacing(0);
    m_pageColumn->addWidget(m_banner);
    m_pageColumn->addWidget(m_notices);
    makeChatPage();
    makeModelsPage();
    makeProfilerPage();

    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    auto* row = new QHBoxLayout;
    for (QLayout* layout : std::initializer_list<QLayout*>{column, row}) {
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
    }
    row->addWidget(m_rail);
    row->addWidget(m_sidebar);
    row->addWidget(page, 1);
    row->addWidget(m_live);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    setCentralWidget(centre);
    m_overlay = new DropOverlay(m_theme, DropOverlay::Takes::Model, this);
    m_shelf = new SidebarController(
        {*m_sidebar, m_list, m_session, *m_notices, m_preferences, [this]() -> ChatPage& { return *m_chat; }},
        this);
}

void MainWindow::makeChatPage()
{
    m_chat = new ChatPage(m_session, m_theme);
    if (m_habits != nullptr)
        m_chat->setKeys(m_habits->commands());
    m_pageColumn->addWidget(m_chat, 1);
    m_chat->setVisible(areChatsShown());
    connect(m_chat, &ChatPage::openModelRequested, this, &MainWindow::chooseModel);
    connect(m_chat, &ChatPage::modelDetailsRequested, this, &MainWindow::showModelDetails);
    connect(m_chat, &ChatPage::currentConversationChanged, m_sidebar, &Sidebar::setCurrent);
    connect(m_chat, &ChatPage::currentConversationChanged, this, [this](ConversationId id) {
        if (const Conversation* conversation = m_store.find(id))
            m_session.warmUp(*conversation);
        m_shelf->rememberShown();
    });
    connect(m_chat, &ChatPage::undoOffered, this, [this](const QString& what, const auto& undo) {
        m_notices->show({Notice::Tone::Plain, what, {}, tr("Undo"), undo, kUndoFor});
    });
    connect(m_chat, &ChatPage::panesChanged, this, [this] {
        arrange();
        m_shelf->rememberShown();
    });
    m_sidebar->setCurrent(m_chat->currentConversation());
}

/// The panes' texts are made once: another language means new panes on the same conversations.
void MainWindow::rebuildChatPage()
{
    const ConversationId current = m_chat->currentConversation();
    std::vector<ConversationId> shown;
    for (const ChatPane* pane : m_chat->panes())
        shown.push_back(pane->conversation()->id());
    delete m_chat;
    makeChatPage();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (i > 0)
            m_chat->newPane();
        m_chat->openConversation(shown[i]);
    }
    m_chat->openConversation(current);
}

void MainWindow::connectParts()
{
    connect(m_rail, &Rail::chatRequested, this, &MainWindow::showChats);
    connect(m_rail, &Rail::modelsRequested, this, &MainWindow::showModels);
    connect(m_rail, &Rail::profilerRequested, this, &MainWindow::showProfiler);
    connect(m_rail, &Rail::liveToggled, this, &MainWindow::setLiveShown);
    connect(m_rail, &Rail::shortcutsRequested, this, [this] { m_habits->toggleShortcuts(); });
    connect(m_rail, &Rail::settingsRequested, this, &MainWindow::showSettings);
    connect(m_sidebar, &Sidebar::newChatRequested, this, &MainWindow::newChat);
    connect(m_live, &LiveDock::closeRequested, this, [this] { setLiveShown(false); });
    connect(m_status, &StatusBar::modelClicked, this, &MainWindow::showModelDetails);
    connect(m_status, &StatusBar::deviceClicked, this, &MainWindow::showSettings);
    connect(m_status, &StatusBar::figuresClicked, this, &MainWindow::toggleLive);
    connect(m_banner, &LoadBanner::cancelRequested, &m_bridge, &EngineBridge::cancelLoad);
    connect(m_banner, &LoadBanner::openRequested, this, &MainWindow::chooseModel);
    connect(&m_theme, &Theme::changed, this, &MainWindow::arrange);
    connect(m_overlay, &DropOverlay::filesDropped, this,
            [this](const QStringList& paths) { takeFile(paths.first()); });
    connectModelsPage();
    connectProfilerPage();
}

void MainWindow::connectExchange()
{
    m_exchange = std::make_unique<ExchangeController>(m_store, m_theme, *m_notices, *this);
    m_exchange->setList(m_list);
    auto* overlay = new DropOverlay(m_theme, DropOverlay::Takes::Chats, m_sidebar);
    connect(overlay, &DropOverlay::filesDropped, m_exchange.get(), &ExchangeController::importFiles);
    connect(m_exchange.get(), &ExchangeController::leaving, this,
            [this](const QList<ConversationId>& ids) { m_chat->leave(ids); });
    connect(m_sidebar, &Sidebar::exportRequested, m_exchange.get(), &ExchangeController::exportChats);
    connect(m_sidebar, &Sidebar::importRequested, m_exchange.get(), &ExchangeController::importChats);
    m_sidebar->setExportAvailable(true);
}

void MainWindow::showMessage(ConversationId id, MessageId message)
{
    m_shelf->showMessage(id, message);
}

void MainWindow::newChat()
{
    showChats();
    m_chat->newChat();
}

void MainWindow::newFolder()
{
    setSidebarShown(true);
    m_sidebar->newFolder();
}

void MainWindow::searchChats()
{
    setSidebarShown(true);
    m_sidebar->focusSearch();
}

void MainWindow::newPane()
{
    showChats();
    m_chat->newPane();
}

void MainWindow::openModel(const QString& path)
{
    const ModelRecords& records = m_models->records();
    const QString file = firstFileOf(path);
    if (!file.isEmpty())
        loadModel(file, records.choiceOf(records.identityOf(file)).load);
}

void MainWindow::chooseModel()
{
    QFileDialog* dialog = makeModelDialog(m_preferences.lastModel(), this);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::takeModelFile);
    dialog->open(); // not exec(): replies go on meanwhile
}

void MainWindow::showModelDetails()
{
    const auto& model = m_bridge.model();
    if (!model) {
        chooseModel();
        return;
    }
    auto* dialog = new ModelDetailsDialog(QString::fromStdString(model->path), m_theme, this);
    dialog->setLoadReport(LoadReport::of(*model));
    connect(dialog, &ModelDetailsDialog::openModelRequested, this, &MainWindow::chooseModel);
    openDialog(dialog);
}

void MainWindow::setLiveShown(bool shown)
{
    if (shown && !areChatsShown())
        showChats(); // it stands beside them
    m_wantedLive = shown;
    m_liveFirst = shown;
    m_preferences.setLiveShown(shown);
    arrange();
}

void MainWindow::setSidebarShown(bool shown)
{
    if (shown && !areChatsShown())
        showChats(); // it stands beside them
    m_wantedSidebar = shown;
    m_liveFirst = false;
    m_preferences.setSidebarShown(shown);
    arrange();
}

void MainWindow::toggleLive()
{
    setLiveShown(!m_live->isVisibleTo(this));
}

void MainWindow::toggleSidebar()
{
    setSidebarShown(!m_sidebar->isVisibleTo(this));
}

void MainWindow::arrange()
{
    const int panes = int(m_chat->panes().size());
    setMinimumWidth(std::max(kSmallest.width(), m_theme.scaled(Rail::kWidth) +
                                                    panes * ChatPane::kMinimumWidth + (panes - 1) * kHandle));
    const int side = m_theme.scaledColumn(panes > 1 ? Sidebar::kWidthBesideTwoPanes : Sidebar::kWidth);
    const int dock = LiveDock::widthAt(m_theme);
    int room = width() - m_theme.scaled(Rail::kWidth) - panes * m_theme.scaledColumn(kPaneRoom);
    bool sidebar = m_wantedSidebar, live = m_wantedLive;
    if (live && sidebar && room < side + dock)
        (m_liveFirst ? sidebar : live) = false;
    live = live && room >= dock;
    sidebar = sidebar && room >= side;
    m_sidebar->setFixedWidth(side);
    sidebar = sidebar && areChatsShown();
    live = live && areChatsShown();
    m_sidebar->setVisible(sidebar);
    m_live->setFixedWidth(dock);
    m_live->setVisible(live);
    m_rail->setLiveShown(live);
}

void MainWindow::showSettings()
{
    auto* dialog = new SettingsDialog(m_preferences, m_theme, m_language, m_habits->commands(), this);
    connect(dialog, &SettingsDialog::schedulingChosen, &m_bridge, &EngineBridge::setScheduling);
    connect(dialog, &SettingsDialog::processesChosen, this, [this](quint32 count) {
        if (m_bridge.gpu() == engine::kNoGpu) // else it counts when the processor computes again
            m_bridge.setProcesses(count);
    });
    connectDevices(*dialog);
    openDialog(dialog);
}

/// Shortcuts work again as soon as it is closed, also where no window manager hands the focus back.
void MainWindow::openDialog(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::finished, this, [this] { activateWindow(); });
    dialog->open();
}

void MainWindow::retranslate()
{
    setWindowTitle(QStringLiteral("Vitrine"));
    m_list.setToday(QDate::currentDate());
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        rebuildChatPage();
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    arrange();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_preferences.setGeometry(saveGeometry());
    m_shelf->rememberShown();
    QMainWindow::closeEvent(event);
}

} // namespace vitrine::ui
