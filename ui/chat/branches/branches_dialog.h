// SPDX-License-Identifier: GPL-3.0-or-later
// All branches of a conversation, drawn; Enter or a double click shows one. Thread: UI.
#pragma once

#include <QDialog>
#include <QPointer>

#include "ui/chat/conversation.h"

class QLabel;
class QListView;
class QPushButton;

namespace vitrine::ui {

class BranchModel;
class Theme;

class BranchesDialog : public QDialog
{
    Q_OBJECT

public:
    BranchesDialog(Conversation& conversation, const Theme& theme, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build(const Theme& theme);
    void refresh();
    void showChosen();

    QPointer<Conversation> m_conversation;
    BranchModel* m_model = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_show = nullptr;
};

} // namespace vitrine::ui
