// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <algorithm>

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/models/idle_unloader.h"
#include "ui/models/load_report.h"
#include "ui/models/model_details_dialog.h"
#include "ui/models/models_page.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/model_dialog.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/shortcuts_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_bar.h"

namespace vitrine::ui {
namespace {

constexpr int kPaneRoom = 380; // below this a pane is no pleasure to read
constexpr QSize kFirstSize(1280, 800);
constexpr QSize kSmallest(640, 480);
constexpr int kHandle = 1; // between two panes
constexpr qsizetype kMostHues = 1024;

} // namespace

MainWindow::MainWindow(EngineBridge& bridge, Theme& theme, Language& language, Preferences& preferences)
    : m_bridge(bridge), m_theme(theme), m_language(language), m_preferences(preferences),
      m_session(bridge, m_store), m_list(m_store), m_wantedSidebar(preferences.sidebarShown()),
      m_wantedLive(preferences.liveShown())
{
    build();
    connectParts();
    connectBridge();
    addShortcuts();
    setMinimumSize(kSmallest);
    if (!restoreGeometry(preferences.geometry()))
        resize(kFirstSize);
    retranslate();
    arrange();
    m_chat->focusComposer();
}

MainWindow::~MainWindow()
{
    // Panes look at conversations: they go first.
    delete m_chat;
}

void MainWindow::build()
{
    m_rail = new Rail(m_theme);
    m_sidebar = new Sidebar(m_list, m_theme);
    m_banner = new LoadBanner(m_theme);
    m_live = new LiveDock(m_theme);
    m_live->setHueOf([this](engine::RequestId request) { return hueOf(request); });
    m_status = new StatusBar(m_theme);

    auto* page = new QWidget;
    m_pageColumn = new QVBoxLayout(page);
    m_pageColumn->setContentsMargins(0, 0, 0, 0);
    m_pageColumn->setSpacing(0);
    m_pageColumn->addWidget(m_banner);
    makeChatPage();
    makeModelsPage();

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
    m_overlay = new DropOverlay(m_theme, this);
}

void MainWindow::makeChatPage()
{
    m_chat = new ChatPage(m_session, m_theme);
    m_pageColumn->addWidget(m_chat, 1);
    m_chat->setVisible(!m_modelsShown);
    connect(m_chat, &ChatPage::openModelRequested, this, &MainWindow::chooseModel);
    connect(m_chat, &ChatPage::modelDetailsRequested, this, &MainWindow::showModelDetails);
    connect(m_chat, &ChatPage::currentConversationChanged, m_sidebar, &Sidebar::setCurrent);
    connect(m_chat, &ChatPage::currentConversationChanged, this, [this](ConversationId id) {
        if (const Conversation* conversation = m_store.find(id))
            m_session.warmUp(*conversation);
    });
    connect(m_chat, &ChatPage::secondPaneToggled, this, &MainWindow::arrange);
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
            m_chat->toggleSecondPane();
        m_chat->openConversation(shown[i]);
    }
    m_chat->openConversation(current);
}

void MainWindow::connectParts()
{
    connect(m_rail, &Rail::chatRequested, this, &MainWindow::showChats);
    connect(m_rail, &Rail::modelsRequested, this, &MainWindow::showModels);
    connect(m_rail, &Rail::liveToggled, this, &MainWindow::setLiveShown);
    connect(m_rail, &Rail::shortcutsRequested, this, &MainWindow::showShortcuts);
    connect(m_rail, &Rail::settingsRequested, this, &MainWindow::showSettings);
    connect(m_sidebar, &Sidebar::newChatRequested, this, &MainWindow::newChat);
    connect(m_sidebar, &Sidebar::conversationChosen, this,
            [this](ConversationId id) { m_chat->openConversation(id); });
    connect(m_live, &LiveDock::closeRequested, this, [this] { setLiveShown(false); });
    connect(m_status, &StatusBar::modelClicked, this, &MainWindow::showModelDetails);
    connect(m_status, &StatusBar::deviceClicked, this, &MainWindow::showSettings);
    connect(m_status, &StatusBar::figuresClicked, this, &MainWindow::toggleLive);
    connect(m_banner, &LoadBanner::cancelRequested, &m_bridge, &EngineBridge::cancelLoad);
    connect(m_banner, &LoadBanner::openRequested, this, &MainWindow::chooseModel);
    connect(m_overlay, &DropOverlay::modelDropped, this, &MainWindow::takeModelFile);
    connectModelsPage();
}

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
    connect(&m_bridge, &EngineBridge::modelGone, this, [this](const QString& why) {
        m_status->setModel(std::nullopt);
        if (const auto& asleep = m_bridge.asleepModel())
            m_status->setAsleep(QString::fromStdString(asleep->name));
        if (!why.isEmpty())
            m_banner->showFailure({}, why);
    });
    connect(&m_bridge, &EngineBridge::replyStarted, this, &MainWindow::onReplyStarted);
    connect(
        &m_bridge, &EngineBridge::replyText, this,
        [this](ReplyId reply, const QString&, const ReplyFigures& figures) { onReplyText(reply, figures); });
    connect(&m_bridge, &EngineBridge::replyFinished, this,
            [this](ReplyId reply) { m_awaitingFirst.remove(reply.value); });
    connect(&m_bridge, &EngineBridge::stepsRecorded, m_live, &LiveDock::addSteps);
    connect(&m_bridge, &EngineBridge::statusChanged, this, &MainWindow::onStatus);
}

void MainWindow::addShortcuts()
{
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_1), &MainWindow::showChats);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_2), &MainWindow::showModels);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_N), &MainWindow::newChat);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_O), &MainWindow::chooseModel);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_I), &MainWindow::showModelDetails);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_B), &MainWindow::toggleSidebar);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_J), &MainWindow::toggleLive);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Backslash), &MainWindow::toggleSecondPane);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Comma), &MainWindow::showSettings);
    addShortcut(QKeySequence(Qt::CTRL | Qt::Key_Slash), &MainWindow::showShortcuts);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), this), &QShortcut::activated, this,
            &QWidget::close);
}

void MainWindow::addShortcut(const QKeySequence& keys, void (MainWindow::*action)())
{
    connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
}

void MainWindow::newChat()
{
    showChats();
    m_chat->newChat();
}

void MainWindow::toggleSecondPane()
{
    m_chat->toggleSecondPane();
}

void MainWindow::openModel(const QString& path)
{
    const ModelRecords& records = m_models->records();
    if (!path.isEmpty())
        loadModel(path, records.choiceOf(records.identityOf(path)).load);
}

void MainWindow::showLoadFailure(const QString& path, const QString& error)
{
    m_banner->showFailure(path, error);
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

void MainWindow::onModelReady(const engine::ModelSummary& summary)
{
    if (!m_bridge.isLoading())
        m_banner->dismiss();
    m_preferences.setLastModel(QString::fromStdString(summary.path));
    m_status->setModel(summary);
    applyModelHabits();
    m_live->clear();
}

void MainWindow::onReplyStarted(ReplyId reply, const ReplyStart& start)
{
    if (m_hues.size() >= kMostHues)
        m_hues.clear();
    for (const Conversation* conversation : m_store.byRecency()) {
        const Message* open = conversation->openReply();
        if (open && open->reply == reply)
            m_hues.insert(start.request.value, conversation->number());
    }
    m_awaitingFirst.insert(reply.value);
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

void MainWindow::setLiveShown(bool shown)
{
    if (shown && m_modelsShown)
        showChats(); // it stands beside them
    m_wantedLive = shown;
    m_liveFirst = shown;
    m_preferences.setLiveShown(shown);
    arrange();
}

void MainWindow::setSidebarShown(bool shown)
{
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
    const int panes = m_chat->hasSecondPane() ? 2 : 1;
    setMinimumWidth(std::max(kSmallest.width(), Rail::kWidth + panes * ChatPane::kMinimumWidth + kHandle));
    const int side = panes > 1 ? Sidebar::kWidthBesideTwoPanes : Sidebar::kWidth;
    int room = width() - Rail::kWidth - panes * kPaneRoom;
    bool sidebar = m_wantedSidebar, live = m_wantedLive;
    if (live && sidebar && room < side + LiveDock::kWidth)
        (m_liveFirst ? sidebar : live) = false;
    live = live && room >= LiveDock::kWidth;
    sidebar = sidebar && room >= side;
    m_sidebar->setFixedWidth(side);
    sidebar = sidebar && !m_modelsShown;
    live = live && !m_modelsShown;
    m_sidebar->setVisible(sidebar);
    m_live->setVisible(live);
    m_rail->setLiveShown(live);
}

void MainWindow::showSettings()
{
    auto* dialog = new SettingsDialog(m_preferences, m_theme, m_language, this);
    connect(dialog, &SettingsDialog::schedulingChosen, &m_bridge, &EngineBridge::setScheduling);
    openDialog(dialog);
}

void MainWindow::showShortcuts()
{
    openDialog(new ShortcutsDialog(this));
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
    QMainWindow::closeEvent(event);
}

} // namespace vitrine::ui
