// SPDX-License-Identifier: GPL-3.0-or-later
// The presets in a list, and what can be done with one's own: keep, rename, delete, import, export. Thread:
// UI.
#pragma once

#include <functional>
#include <optional>

#include <QWidget>

#include "ui/chat/conversation_settings.h"

class QAction;
class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class ComboBox;
class PresetStore;
class Theme;

class PresetBar : public QWidget
{
    Q_OBJECT

public:
    /// Both outlive it.
    PresetBar(PresetStore& presets, const Theme& theme, QWidget* parent = nullptr);

    /// What a preset is compared with and made from.
    void setSettings(const ConversationSettings& settings);
    /// Of the last thing that was done; empty: there is nothing to say.
    QString message() const;
    void focusList();

    void importFrom(const QString& path);
    void exportTo(const QString& path);

signals:
    void chosen(const vitrine::ui::Preset& preset);

private:
    QWidget* makeNameRow();
    QWidget* makeMessageRow();
    void buildMenu(QToolButton& button);
    void fill();
    void askForName(const QString& suggestion, std::function<QString(const QString&)> act);
    void acceptName();
    void remove();
    void chooseFileToImport();
    void chooseFileToExport();
    void say(const QString& message, std::function<void()> undo = {});
    QString ownChosen() const; ///< name of the chosen one, if it is a person's own

    PresetStore& m_presets;
    const Theme& m_theme;
    ConversationSettings m_settings;
    ComboBox* m_list = nullptr;
    QAction* m_rename = nullptr;
    QAction* m_delete = nullptr;
    QAction* m_export = nullptr;
    QWidget* m_nameRow = nullptr;
    QLineEdit* m_name = nullptr;
    QCheckBox* m_withPrompt = nullptr;
    std::function<QString(const QString&)> m_act; // with the name; returns why not
    QWidget* m_messageRow = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_undo = nullptr;
    std::function<void()> m_undoAct;
};

} // namespace vitrine::ui
