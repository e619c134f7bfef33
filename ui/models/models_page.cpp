// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/models_page.h"

#include <algorithm>

#include <QDir>
#include <QDragEnterEvent>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMimeData>
#include <QUrl>

#include "ui/bridge/model_name.h"
#include "ui/models/model_inspector.h"
#include "ui/models/model_list_pane.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

constexpr int kMeasureEveryMs = 2000;
constexpr quint32 kAdaptiveStep = 2048; // tokens of a step, where a target of time chooses
constexpr int kWideFrom = 1100;

/// The first local file or folder that is dragged.
QString dropped(const QMimeData& data)
{
    for (const QUrl& url : data.urls())
        if (url.isLocalFile() && (looksLikeModel(url.toLocalFile()) || QFileInfo(url.toLocalFile()).isDir()))
            return url.toLocalFile();
    return {};
}

} // namespace

ModelsPage::ModelsPage(EngineBridge& bridge, Preferences& preferences, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_preferences(preferences), m_records(preferences),
      m_models(m_records), m_places(usualModelPlaces(QDir::homePath())), m_askRoom(&MemoryRoom::now)
{
    setAcceptDrops(true);
    connect(&theme, &Theme::changed, this, &ModelsPage::arrange);
    m_pane = new ModelListPane(m_models, theme);
    m_inspector = new ModelInspector(bridge, m_records, preferences, theme);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_pane);
    row->addWidget(m_inspector, 1);
    m_memoryTimer.setInterval(kMeasureEveryMs);
    connect(&m_memoryTimer, &QTimer::timeout, this, &ModelsPage::measure);
    connectParts();
    connectBridge();
}

void ModelsPage::connectParts()
{
    connect(m_pane, &ModelListPane::selectionChanged, this, &ModelsPage::showEntry);
    connect(m_pane, &ModelListPane::activated, m_inspector, &ModelInspector::load);
    connect(m_pane, &ModelListPane::openFileRequested, this, &ModelsPage::openFileRequested);
    connect(m_pane, &ModelListPane::openFolderRequested, this, &ModelsPage::openFolderRequested);
    connect(m_inspector, &ModelInspector::loadRequested, this, &ModelsPage::loadRequested);
    connect(m_inspector, &ModelInspector::detailsRequested, this, &ModelsPage::detailsRequested);
    connect(m_inspector, &ModelInspector::engineSettingsRequested, this,
            &ModelsPage::engineSettingsRequested);
    connect(m_inspector, &ModelInspector::idleMinutesChosen, this, &ModelsPage::idleMinutesChosen);
    connect(m_inspector, &ModelInspector::choiceChanged, this, [this] {
        m_models.refresh();
        emit choiceChanged();
    });
    connect(&m_scanner, &ModelScanner::found, this, &ModelsPage::take);
    connect(&m_scanner, &ModelScanner::finished, this, &ModelsPage::endScan);
}

void ModelsPage::connectBridge()
{
    for (const auto signal :
         {&EngineBridge::loadStarted, &EngineBridge::loadCancelled, &EngineBridge::modelGone})
        connect(&m_bridge, signal, this, &ModelsPage::showBridge);
    connect(&m_bridge, &EngineBridge::loadProgress, this, &ModelsPage::showBridge);
    connect(&m_bridge, &EngineBridge::loadFailed, this, &ModelsPage::showBridge);
    connect(&m_bridge, &EngineBridge::modelReady, this, [this](const engine::ModelSummary& model) {
        const QString path = QString::fromStdString(model.path);
        m_records.addRecent(path);
        if (const ModelEntry* entry = m_models.find(path))
            m_records.setIdentity(path, entry->identity);
        m_models.refresh();
        showBridge();
        if (isVisible())
            measure();
    });
}

engine::MemoryPlanOptions ModelsPage::planOptions() const
{
    const SchedulingChoice scheduling = m_preferences.scheduling();
    engine::MemoryPlanOptions options;
    options.threads = scheduling.threads;
    if (scheduling.itlTarget > 0)
        options.stepTokens = kAdaptiveStep;
    return options;
}

void ModelsPage::rescan()
{
    m_scanned = true;
    m_models.markUnseen();
    QStringList files = m_records.recent();
    if (m_bridge.model())
        files.prepend(QString::fromStdString(m_bridge.model()->path));
    if (!m_wanted.isEmpty())
        files.prepend(m_wanted);
    files.erase(
        std::remove_if(files.begin(), files.end(), [](const QString& path) { return path.isEmpty(); }),
        files.end());
    QList<ModelPlace> places = m_places;
    for (const QString& folder : m_records.folders())
        places.append({folder});
    m_models.setScanNote(tr("looking…"));
    m_scanner.scan(files, places, planOptions());
}

void ModelsPage::inspect(const QString& path)
{
    if (QFileInfo(path).isDir() && !isModelFolder(path)) {
        addFolder(path);
        return;
    }
    m_wanted = firstFileOf(QFileInfo(path).absoluteFilePath());
    rescan();
}

void ModelsPage::addFolder(const QString& path)
{
    m_records.addFolder(QFileInfo(path).absoluteFilePath());
    rescan();
}

void ModelsPage::take(const ModelEntry& entry)
{
    m_models.add(entry);
    if (entry.path == m_wanted) {
        m_wanted.clear();
        m_pane->select(entry.path);
    }
    const QString inUse = m_bridge.model() ? QString::fromStdString(m_bridge.model()->path) : QString();
    if (m_pane->selected().isEmpty() && (inUse.isEmpty() || inUse == entry.path))
        m_pane->select(entry.path);
    else if (m_pane->selected() == entry.path)
        showEntry(entry.path);
    if (inUse == entry.path)
        m_records.setIdentity(entry.path, entry.identity);
}

void ModelsPage::endScan(int places, bool complete)
{
    m_placesSeen = places;
    m_complete = complete;
    m_models.dropUnseen();
    m_models.setScanNote(complete && places == 1 ? tr("scanned one place")
                         : complete              ? tr("scanned %n places", nullptr, places)
                                                 : tr("scanned in part: there is too much"));
}

void ModelsPage::showEntry(const QString& path)
{
    const ModelEntry* entry = m_models.find(path);
    m_inspector->setEntry(entry != nullptr ? std::optional(*entry) : std::nullopt);
}

void ModelsPage::showBridge()
{
    const auto& model = m_bridge.model() ? m_bridge.model() : m_bridge.asleepModel();
    m_models.setInUse(model ? QString::fromStdString(model->path) : QString(), !m_bridge.model());
    const LoadState& load = m_bridge.loadState();
    m_models.setLoading(m_bridge.isLoading() ? load.path : QString(), load.fraction);
}

void ModelsPage::measure()
{
    const MemoryRoom room = m_askRoom();
    m_models.setRoom(room);
    m_inspector->setRoom(room);
}

void ModelsPage::focusList()
{
    m_pane->focusList();
}

void ModelsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    measure();
    m_memoryTimer.start();
    showBridge();
    if (!m_scanned)
        rescan();
}

void ModelsPage::hideEvent(QHideEvent* event)
{
    m_memoryTimer.stop();
    QWidget::hideEvent(event);
}

void ModelsPage::arrange()
{
    const bool wide = width() >= m_theme.scaled(kWideFrom);
    m_pane->setFixedWidth(m_theme.scaledColumn(wide ? ModelListPane::kWidth : ModelListPane::kLeastWidth));
}

void ModelsPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ModelsPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange && m_scanned) {
        if (!isScanning())
            endScan(m_placesSeen, m_complete);
        rescan(); // what was read says its problems in the language of before
    }
    QWidget::changeEvent(event);
}

void ModelsPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!dropped(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ModelsPage::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    inspect(dropped(*event->mimeData()));
}

} // namespace vitrine::ui
