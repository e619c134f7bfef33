// SPDX-License-Identifier: GPL-3.0-or-later
// What a search found, instead of the list of chats, or that it found nothing. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/chat/search_results.h"

class QLabel;
class QListView;

namespace vitrine::ui {

class Theme;

class SearchPanel : public QWidget
{
    Q_OBJECT

public:
    SearchPanel(SearchResults& results, const Theme& theme, QWidget* parent = nullptr);

    /// Opens the current result, or the first.
    void openCurrent();
    /// The focus goes to the first result; false when there is none.
    bool enter();
    QListView& list() const { return *m_list; }

signals:
    void conversationChosen(vitrine::ui::ConversationId id);
    void messageChosen(vitrine::ui::ConversationId id, vitrine::ui::MessageId message);
    void leftUpwards();
    void closed(); ///< Esc

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void open(const QModelIndex& index);
    void refresh();
    bool handleKey(int key);

    SearchResults& m_results;
    QListView* m_list = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace vitrine::ui
