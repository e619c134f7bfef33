// SPDX-License-Identifier: GPL-3.0-or-later
// The window's side of the Models page: switching to it, loading as it says, and what is remembered for the
// model in use.
#include <QFileDialog>
#include <QVBoxLayout>

#include "ui/chat/chat_page.h"
#include "ui/models/idle_unloader.h"
#include "ui/models/load_report.h"
#include "ui/models/model_details_dialog.h"
#include "ui/models/models_page.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"
#include "ui/shell/model_dialog.h"
#include "ui/shell/rail.h"

namespace vitrine::ui {

void MainWindow::makeModelsPage()
{
    m_models = new ModelsPage(m_bridge, m_preferences, m_theme);
    m_models->hide();
    m_pageColumn->addWidget(m_models, 1);
    m_idle = new IdleUnloader(m_bridge, {}, this);
    m_idle->setMinutes(m_preferences.idleMinutes());
}

void MainWindow::connectModelsPage()
{
    connect(m_models, &ModelsPage::loadRequested, this, &MainWindow::loadModel);
    connect(m_models, &ModelsPage::openFileRequested, this, &MainWindow::chooseModel);
    connect(m_models, &ModelsPage::openFolderRequested, this, &MainWindow::chooseModelFolder);
    connect(m_models, &ModelsPage::engineSettingsRequested, this, &MainWindow::showSettings);
    connect(m_models, &ModelsPage::choiceChanged, this, &MainWindow::applyModelHabits);
    connect(m_models, &ModelsPage::idleMinutesChosen, this, [this](int minutes) {
        m_preferences.setIdleMinutes(minutes);
        m_idle->setMinutes(minutes);
    });
    connect(m_models, &ModelsPage::detailsRequested, this, [this](const QString& path) {
        auto* dialog = new ModelDetailsDialog(path, m_theme, this);
        if (m_bridge.model() && QString::fromStdString(m_bridge.model()->path) == path)
            dialog->setLoadReport(LoadReport::of(*m_bridge.model()));
        connect(dialog, &ModelDetailsDialog::openModelRequested, this, &MainWindow::chooseModel);
        openDialog(dialog);
    });
    connect(&m_session, &ChatSession::used, m_idle, &IdleUnloader::noteUse);
    connect(m_idle, &IdleUnloader::wakeRequested, this, &MainWindow::openModel);
    connect(&m_store, &ConversationStore::added, this, [this](ConversationId id) {
        Conversation* conversation = m_store.find(id);
        if (!conversation->isEmpty())
            return; // imported or put back: it has settings of its own
        if (const auto preset = choiceInUse().preset)
            conversation->setPreset(*preset);
    });
}

void MainWindow::showChats()
{
    m_modelsShown = m_profilerShown = false;
    m_models->hide();
    m_profiler->hide();
    m_chat->show();
    m_banner->setSuppressed(false);
    m_rail->setPage(Rail::Page::Chat);
    arrange();
    m_chat->focusComposer();
}

void MainWindow::showModels()
{
    m_modelsShown = true;
    m_profilerShown = false;
    m_chat->hide();
    m_profiler->hide();
    m_banner->setSuppressed(true);
    m_models->show();
    m_rail->setPage(Rail::Page::Models);
    arrange();
    m_models->focusList();
}

void MainWindow::loadModel(const QString& path, const LoadOptions& options)
{
    LoadOptions all = options;
    all.gpu = m_preferences.gpu();
    all.processes = m_preferences.processes();
    m_bridge.loadModel(path, all);
}

/// For the model that is loaded; nothing special without one.
ModelChoice MainWindow::choiceInUse() const
{
    const ModelRecords& records = m_models->records();
    return m_bridge.model()
               ? records.choiceOf(records.identityOf(QString::fromStdString(m_bridge.model()->path)))
               : ModelChoice();
}

/// What a person chose for the model in use: whether it stays, and how chats begin that nobody wrote in yet.
void MainWindow::applyModelHabits()
{
    if (!m_bridge.model())
        return;
    const ModelChoice choice = choiceInUse();
    m_idle->setKeepLoaded(choice.keepLoaded);
    if (!choice.preset)
        return;
    for (Conversation* conversation : m_store.byRecency())
        if (conversation->isEmpty())
            conversation->setPreset(*choice.preset);
}

void MainWindow::chooseModelFolder()
{
    QFileDialog* dialog = makeModelFolderDialog(m_preferences.lastModel(), this);
    connect(dialog, &QFileDialog::fileSelected, m_models, &ModelsPage::addFolder);
    dialog->open();
}

/// On the page of the models a file is shown first; elsewhere it is meant to be used.
void MainWindow::takeModelFile(const QString& path)
{
    if (m_modelsShown)
        m_models->inspect(path);
    else
        openModel(path);
}

} // namespace vitrine::ui
