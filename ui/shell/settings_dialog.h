// SPDX-License-Identifier: GPL-3.0-or-later
// Look, language, habits, threads, arithmetic and scheduling. All take effect at once. Thread: UI.
#pragma once

#include <QDialog>

#include "ui/bridge/snapshots.h"
#include "ui/shell/language.h"
#include "ui/theme/theme.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class CommandSet;
class DeviceChooser;
class Preferences;

class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    /// All outlive it.
    SettingsDialog(Preferences& preferences, Theme& theme, Language& language, CommandSet& commands,
                   QWidget* parent = nullptr);

    DeviceChooser& devices() const { return *m_devices; }

protected:
    void changeEvent(QEvent* event) override;

signals:
    void schedulingChosen(const vitrine::ui::SchedulingChoice& choice);
    void processesChosen(quint32 count);

private:
    void build();
    void addRow(QFormLayout& form, QLabel*& label, QComboBox* box);
    void addDevices(QFormLayout& form);
    void addNote(QFormLayout& form, QLabel*& note);
    void addHabits(QFormLayout& form);
    void showScheduling();
    void showSendKeys();
    void retranslate();
    void retranslateHabits();
    void takeChoices();
    void takeHabits();

    Preferences& m_preferences;
    Theme& m_theme;
    Language& m_language;
    CommandSet& m_commands;
    QLabel* m_heading = nullptr;
    QLabel* m_themeLabel = nullptr;
    QLabel* m_languageLabel = nullptr;
    QLabel* m_deviceLabel = nullptr;
    DeviceChooser* m_devices = nullptr;
    QLabel* m_processesLabel = nullptr;
    QLabel* m_processesNote = nullptr;
    QComboBox* m_processesBox = nullptr;
    QLabel* m_threadsLabel = nullptr;
    QComboBox* m_themeBox = nullptr;
    QComboBox* m_languageBox = nullptr;
    QComboBox* m_threadsBox = nullptr;
    QLabel* m_arithmeticLabel = nullptr;
    QLabel* m_arithmeticNote = nullptr;
    QComboBox* m_arithmeticBox = nullptr;
    QLabel* m_policyLabel = nullptr;
    QLabel* m_kvLabel = nullptr;
    QLabel* m_kvNote = nullptr;
    QLabel* m_targetLabel = nullptr;
    QLabel* m_targetNote = nullptr;
    QComboBox* m_policyBox = nullptr;
    QComboBox* m_kvBox = nullptr;
    QLabel* m_formatLabel = nullptr;
    QLabel* m_formatNote = nullptr;
    QComboBox* m_formatBox = nullptr;
    QComboBox* m_targetBox = nullptr;
    QLabel* m_zoomLabel = nullptr;
    QLabel* m_sendLabel = nullptr;
    QLabel* m_notifyLabel = nullptr;
    QComboBox* m_zoomBox = nullptr;
    QComboBox* m_sendBox = nullptr;
    QComboBox* m_notifyBox = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace vitrine::ui
