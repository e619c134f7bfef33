// SPDX-License-Identifier: GPL-3.0-or-later
// The left part of the Models page: what there is, a filter, and ways to bring more. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/models/model_list.h"
#include "ui/theme/theme.h"

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;

namespace vitrine::ui {

class DropZone;

class ModelListPane : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 384;
    static constexpr int kLeastWidth = 300;

    ModelListPane(ModelList& models, const Theme& theme, QWidget* parent = nullptr);

    void select(const QString& path);
    QString selected() const { return m_selected; }
    void focusList();

signals:
    void selectionChanged(const QString& path);
    void activated(const QString& path); ///< Enter or double click
    void openFileRequested();
    void openFolderRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QLayout* makeHeader();
    void retranslate();
    void keepSelection();
    void showEmptiness();
    void nameButtons();

    ModelList& m_models;
    const Theme& m_theme;
    QString m_selected;
    bool m_restoring = false;
    QLabel* m_title = nullptr;
    QPushButton* m_folder = nullptr;
    QPushButton* m_file = nullptr;
    QLineEdit* m_filter = nullptr;
    QListView* m_view = nullptr;
    QLabel* m_empty = nullptr;
    DropZone* m_drop = nullptr;
};

} // namespace vitrine::ui
