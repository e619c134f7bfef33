// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with several chats at once; shown while more than one is selected. Thread: UI.
#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace vitrine::ui {

class Theme;

class SelectionBar : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionBar(const Theme& theme, QWidget* parent = nullptr);

    /// Fewer than two hide it. `pinned`: they all are.
    void setSelection(int count, bool pinned);
    void setExportAvailable(bool available);
    /// Filled by whoever knows the folders, when it is about to show.
    QMenu& moveMenu() const { return *m_moveMenu; }

signals:
    void pinRequested(bool pinned);
    void exportRequested();
    void removalRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addButton(const QString& icon);
    void retranslate();

    const Theme& m_theme;
    QLabel* m_label = nullptr;
    QMenu* m_moveMenu = nullptr;
    QToolButton* m_move = nullptr;
    QToolButton* m_pin = nullptr;
    QToolButton* m_export = nullptr;
    QToolButton* m_remove = nullptr;
    int m_count = 0;
    bool m_pinned = false;
};

} // namespace vitrine::ui
