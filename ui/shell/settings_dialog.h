// SPDX-License-Identifier: GPL-3.0-or-later
// Look, language and threads. Look and language take effect at once. Thread: UI.
#pragma once

#include <QDialog>

#include "ui/shell/language.h"
#include "ui/theme/theme.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class Preferences;

class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    /// All outlive it.
    SettingsDialog(Preferences& preferences, Theme& theme, Language& language, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void takeChoices();

    Preferences& m_preferences;
    Theme& m_theme;
    Language& m_language;
    QLabel* m_heading = nullptr;
    QLabel* m_themeLabel = nullptr;
    QLabel* m_languageLabel = nullptr;
    QLabel* m_threadsLabel = nullptr;
    QLabel* m_threadsNote = nullptr;
    QComboBox* m_themeBox = nullptr;
    QComboBox* m_languageBox = nullptr;
    QComboBox* m_threadsBox = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace vitrine::ui
