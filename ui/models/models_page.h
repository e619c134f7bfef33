// SPDX-License-Identifier: GPL-3.0-or-later
// The Models page: what there is on this computer, what it would take, and loading it. Looks for models when
// it is first shown. Takes dropped files and folders. Thread: UI; everything handed in outlives it.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/bridge/engine_bridge.h"
#include "ui/models/model_list.h"
#include "ui/models/model_scanner.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class ModelInspector;
class ModelListPane;
class Preferences;

class ModelsPage : public QWidget
{
    Q_OBJECT

public:
    ModelsPage(EngineBridge& bridge, Preferences& preferences, const Theme& theme, QWidget* parent = nullptr);

    /// Instead of the usual ones; before it is shown.
    void setPlaces(const QList<ModelPlace>& places) { m_places = places; }
    /// Instead of what the machine says; for tests.
    void setFreeMemory(std::function<MemoryRoom()> ask) { m_askRoom = std::move(ask); }
    void rescan();
    /// Reads a file, or looks through a folder, and shows what it found.
    void inspect(const QString& path);
    void addFolder(const QString& path);
    void focusList();

    ModelListPane& pane() const { return *m_pane; }
    ModelInspector& inspector() const { return *m_inspector; }
    ModelList& models() { return m_models; }
    const ModelRecords& records() const { return m_records; }
    bool isScanning() const { return m_scanner.isRunning(); }

signals:
    void loadRequested(const QString& path, const vitrine::ui::LoadOptions& options);
    void openFileRequested();
    void openFolderRequested();
    void detailsRequested(const QString& path);
    void engineSettingsRequested();
    void idleMinutesChosen(int minutes);
    void choiceChanged();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void connectParts();
    void connectBridge();
    void take(const ModelEntry& entry);
    void endScan(int places, bool complete);
    void showEntry(const QString& path);
    void showBridge();
    void measure();
    void arrange();
    engine::MemoryPlanOptions planOptions() const;

    const Theme& m_theme;
    EngineBridge& m_bridge;
    Preferences& m_preferences;
    ModelRecords m_records;
    ModelList m_models;
    ModelScanner m_scanner;
    QList<ModelPlace> m_places;
    std::function<MemoryRoom()> m_askRoom;
    QTimer m_memoryTimer;
    QString m_wanted; ///< to be shown once it is read
    bool m_scanned = false;
    int m_placesSeen = 0;
    bool m_complete = true;
    ModelListPane* m_pane = nullptr;
    ModelInspector* m_inspector = nullptr;
};

} // namespace vitrine::ui
