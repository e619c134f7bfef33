// SPDX-License-Identifier: GPL-3.0-or-later
// The head of the Profiler page: its tabs, what is selected, and what can be done with the recording; in two
// lines where one is too short. Says what was pressed and shows what it is told. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QLineEdit;
class QMenu;
class QPushButton;
class QTabBar;
class QToolButton;

namespace vitrine::ui {

class ElidedLabel;

class PageHeader : public QWidget
{
    Q_OBJECT

public:
    explicit PageHeader(const Theme& theme, QWidget* parent = nullptr);

    int addTab(const QString& title);
    void setTabTitle(int index, const QString& title);
    int currentTab() const;
    void setCurrentTab(int index);
    /// "565 ms selected, 42.68 to 43.25 s"; empty: nothing is.
    void setSelection(const QString& text);
    QString selection() const;
    /// Of a recording that grows. `following`: it slides; the button stops it.
    void setLive(bool live, bool following);
    void setRecording(bool recording);
    void setUsable(bool usable); ///< there is a recording
    void setPanelsAvailable(bool available);
    void focusSearch();
    QLineEdit& search() const { return *m_search; }
    QPushButton& liveButton() const { return *m_live; }
    QPushButton& recordButton() const { return *m_record; }
    QToolButton& recordMoreButton() const { return *m_recordMore; }
    QPushButton& exportButton() const { return *m_export; }

signals:
    void tabChanged(int index);
    void liveToggled(bool following);
    void recordToggled(bool recording);
    void exportRequested();
    void searchRequested(const QString& text);
    // To be filled now:
    void panelMenuWanted(QMenu& menu);
    void tabMenuWanted(QMenu& menu, int index);
    void recordMenuWanted(QMenu& menu); ///< other ways to record

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void retranslate();
    void buildRows();
    void connectParts();
    void openTabMenu(const QPoint& position);
    bool isTooNarrow() const;
    void arrange();
    void popUp(QToolButton& button, void (PageHeader::*wanted)(QMenu&));

    const Theme& m_theme;
    bool m_following = false, m_recording = false, m_twoLines = false;
    QHBoxLayout* m_first;
    QHBoxLayout* m_second;
    QTabBar* m_tabs;
    ElidedLabel* m_selection;
    QLineEdit* m_search;
    QToolButton* m_panels;
    QPushButton* m_live;
    QPushButton* m_record;
    QToolButton* m_recordMore;
    QPushButton* m_export;
};

} // namespace vitrine::ui
