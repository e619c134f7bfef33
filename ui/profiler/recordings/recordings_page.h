// SPDX-License-Identifier: GPL-3.0-or-later
// The Recordings view: the running engine and the files there are; what is chosen is said at the right, with
// what can be done with it. Thread: UI; shelf and theme outlive it.
#pragma once

#include <QWidget>

#include "ui/profiler/recordings/recording_list.h"
#include "ui/theme/theme.h"

class QBoxLayout;
class QLabel;
class QListView;
class QPushButton;

namespace vitrine::ui {

class RecordingsPage : public QWidget
{
    Q_OBJECT

public:
    RecordingsPage(RecordingShelf& shelf, const Theme& theme, QWidget* parent = nullptr);

    /// Of the chosen row; empty: the running engine.
    QString chosen() const;
    void choose(const QString& path);
    QListView& list() const { return *m_view; }

signals:
    /// To be seen on the timeline.
    void shown();
    void openRequested();
    /// A file, or the running engine's (empty).
    void exportRequested(const QString& path);
    /// A report of Nsight Systems, to be seen elsewhere.
    void reportRequested(const QString& path);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildList();
    QWidget* buildDetails();
    void arrange();
    void connectParts();
    void showChosen();
    void showDetails();
    void removeChosen();
    void retranslate();
    QString detailsOf(const QString& path) const;
    const RecordingFile* fileOf(const QString& path) const;
    bool isReport(const QString& path) const;

    RecordingShelf& m_shelf;
    const Theme& m_theme;
    RecordingList m_files;
    QBoxLayout* m_row = nullptr;
    QWidget* m_column = nullptr; // of the list
    QWidget* m_side = nullptr;   // of what is chosen
    QListView* m_view = nullptr;
    QLabel* m_heading = nullptr;
    QPushButton* m_open = nullptr;
    QLabel* m_name = nullptr;
    QLabel* m_details = nullptr;
    QLabel* m_path = nullptr;
    QPushButton* m_show = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_remove = nullptr;
};

} // namespace vitrine::ui
