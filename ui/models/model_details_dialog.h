// SPDX-License-Identifier: GPL-3.0-or-later
// What a model file says about itself: facts, metadata, tensors. The file is read off the window's thread;
// the dialog is there at once and fills when the read is done. Thread: UI; the Theme outlives it.
#pragma once

#include <QDialog>

#include "ui/bridge/model_details_reader.h"
#include "ui/models/metadata_model.h"
#include "ui/models/tensor_model.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace vitrine::ui {

class DetailsTable;
class ElidedLabel;
class FactStrip;
class Theme;
class ValuePane;

class ModelDetailsDialog : public QDialog
{
    Q_OBJECT

public:
    ModelDetailsDialog(const QString& path, const Theme& theme, QWidget* parent = nullptr);

    /// What loading made of the file, shown below the facts.
    void setLoadReport(const QString& report);

    bool isFilled() const { return m_filled; }

signals:
    void openModelRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QLayout* makeHeader();
    QLayout* makeBar();
    QWidget* makePages();
    DetailsTable* makeTable(QAbstractItemModel& model, const QString& id, const QString& name);
    QWidget* makeMetadataPage();
    QWidget* makeStatePage();
    QLayout* makeButtons();
    void sizeColumns();
    void addShortcuts();
    void fitTo(const QWidget* parent);

    void fill(const ModelDetails& details);
    void showFailure(const QString& error);
    void showPage(int tab);
    void applyFilter(const QString& text);
    void nameTabs();
    DetailsTable* shownTable() const;
    bool searchKey(const QKeyEvent& key);
    bool tableKey(const QKeyEvent& key);

    const Theme& m_theme;
    QString m_path;
    ModelDetailsReader m_reader;
    MetadataModel m_metadata;
    TensorModel m_tensors;
    bool m_filled = false;

    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_file = nullptr;
    FactStrip* m_facts = nullptr;
    QLabel* m_report = nullptr; // hidden: not loaded
    QTabBar* m_tabs = nullptr;
    QLineEdit* m_search = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_state = nullptr; // reading, or that it failed
    QLabel* m_why = nullptr;   // of the failure
    DetailsTable* m_metadataTable = nullptr;
    ValuePane* m_value = nullptr;
    DetailsTable* m_tensorTable = nullptr;
    QPushButton* m_close = nullptr;
};

} // namespace vitrine::ui
