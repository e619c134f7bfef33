// SPDX-License-Identifier: GPL-3.0-or-later
// Where recordings are read from and written to: file dialogs that do not block. Thread: UI.
#pragma once

#include <functional>

#include <QString>

class QFileDialog;
class QWidget;

namespace vitrine::ui {

/// Shown by the caller; deletes itself.
QFileDialog* makeOpenRecordingDialog(const QString& folder, QWidget* parent);
/// `name` without a suffix; the chosen filter's suffix is added where the person wrote none.
QFileDialog* makeRecordingExportDialog(const QString& folder, const QString& name, QWidget* parent);

/// For a report, as a page or as PDF.
QFileDialog* makeReportDialog(const QString& folder, const QString& name, QWidget* parent);
/// For metrics in Prometheus' text format.
QFileDialog* makeMetricsDialog(const QString& folder, QWidget* parent);

} // namespace vitrine::ui
