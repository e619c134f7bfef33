// SPDX-License-Identifier: GPL-3.0-or-later
// The load lab: the same load run with several settings against the loaded model, compared in one table.
// Thread: UI; bridge and theme outlive it.
#pragma once

#include <QWidget>

#include "ui/profiler/lab/lab_runner.h"
#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QSettings;
class QSpinBox;
class QVBoxLayout;

namespace vitrine::ui {

class ComboBox;
struct LabChoices;
class LabField;
class LabLoadCard;
class LabSettingsCard;
class LabTable;
class RecordingShelf;

class LabPage : public QWidget
{
    Q_OBJECT

public:
    LabPage(EngineBridge& bridge, const Theme& theme, QWidget* parent = nullptr);
    ~LabPage() override;

    void setShelf(RecordingShelf* shelf);
    /// Where choices are kept; those that are there are taken when the page is first seen, because the load
    /// may be a long recording. Outlives the page.
    void keepIn(QSettings& settings);
    /// What a run is called in recordings.
    QString runName(quint64 run) const;

    LabLoadCard& load() const { return *m_load; }
    LabSettingsCard& settings() const { return *m_settings; }
    LabTable& table() const { return *m_table; }
    LabRunner& runner() { return m_runner; }
    QPushButton& runButton() const { return *m_run; }
    QPushButton& modelsButton() const { return *m_models; }
    QPushButton& copyButton() const { return *m_copy; }
    QSpinBox& repeats() const { return *m_repeats; }
    QString status() const;

signals:
    /// The time in which a row's last run ran, of the running engine's recording.
    void rangePicked(const vitrine::ui::TimeRange& range);
    void modelsRequested();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    QWidget* buildBar();
    QWidget* buildResults();
    void connectParts();
    LabChoices choices() const;
    void restoreChoices();
    void saveChoices();
    void startOrStop();
    void pick(int row);
    void copy();
    void save();
    void refresh();
    void refreshTable();
    void showProgress();
    QString obstacle() const;
    QString runningText() const;
    QString endedText() const;
    void retranslate();

    const Theme& m_theme;
    EngineBridge& m_bridge;
    LabRunner m_runner;
    QSettings* m_settingsFile = nullptr;
    bool m_restored = false;
    LabLoadCard* m_load;
    LabSettingsCard* m_settings;
    LabTable* m_table;
    QSpinBox* m_repeats;
    ComboBox* m_cache;
    LabField* m_repeatsField = nullptr;
    LabField* m_cacheField = nullptr;
    QLabel* m_status;
    QPushButton* m_models;
    QPushButton* m_run;
    QProgressBar* m_progress;
    QLabel* m_heading;
    QLabel* m_legend;
    QLabel* m_hint;
    QPushButton* m_copy;
    QPushButton* m_save;
    QString m_saved; ///< what became of the file, until the next run
};

} // namespace vitrine::ui
