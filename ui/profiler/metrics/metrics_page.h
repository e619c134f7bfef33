// SPDX-License-Identifier: GPL-3.0-or-later
// The Metrics tab: every number that monitoring systems get, of the selection or of all of the recording,
// from the registry that the .prom export and the report read. Can be searched, copied and saved.
// Thread: UI.
#pragma once

#include <QSortFilterProxyModel>

#include "ui/profiler/analysis/analysis_tab.h"
#include "ui/profiler/metrics/metric_model.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace vitrine::ui {

/// Rows whose name or meaning holds the text.
class MetricFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setText(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QString m_text;
};

class MetricsPage : public AnalysisTab
{
    Q_OBJECT

public:
    MetricsPage(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedMetrics& picture);
    QTreeView& table() const { return *m_table; }
    QLineEdit& search() const { return *m_search; }
    QPushButton& copyButton() const { return *m_copy; }
    QPushButton& saveButton() const { return *m_save; }
    /// As the dialog does.
    void save(const QString& path);

protected:
    void listen(RecordingSession& session) override;
    void ask(RecordingSession& session, const AnalysisQuery& query) override;
    void clear() override;
    void retranslate() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void arrange();
    void copy();
    void showCount();

    SharedMetrics m_picture;
    QPointer<RecordingSession> m_source; ///< of the picture
    MetricModel m_model;
    MetricFilter m_filter;
    QLineEdit* m_search;
    QLabel* m_found;
    QPushButton* m_copy;
    QPushButton* m_save;
    QTreeView* m_table;
    QTimer m_copied; ///< while the button says so
};

} // namespace vitrine::ui
