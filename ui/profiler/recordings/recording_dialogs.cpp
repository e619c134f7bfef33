// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_dialogs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <initializer_list>

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>

#include "engine/trace/trace_export.h"

namespace vitrine::ui {
namespace {

struct Format
{
    const char* filter;
    const char* suffix;
};

constexpr std::array kFormats{
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Recording (*.vtrace)"), "vtrace"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Perfetto trace (*.pftrace)"), "pftrace"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Chrome trace (*.json)"), "json"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Nsight Systems tables (*.sqlite)"), "sqlite"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Tables of steps and requests (*.csv)"), "csv"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Report as a page (*.html)"), "html"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Report as PDF (*.pdf)"), "pdf"},
    Format{QT_TRANSLATE_NOOP("RecordingDialogs", "Prometheus metrics (*.prom)"), "prom"},
};

QString text(const char* source)
{
    return QCoreApplication::translate("RecordingDialogs", source);
}

bool canWrite(const Format& format)
{
    const auto known = engine::traceFormatOf(std::string("x.") + format.suffix);
    return known && engine::canExport(*known);
}

/// One that writes any of the formats that `wanted` takes.
QFileDialog* makeSaveDialog(const QString& title, const QString& folder, const QString& name, QWidget* parent,
                            const std::function<bool(const Format&)>& wanted)
{
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    QStringList filters;
    for (const Format& format : kFormats)
        if (wanted(format) && canWrite(format))
            filters.append(text(format.filter));
    dialog->setNameFilters(filters);
    const auto follow = [dialog](const QString& filter) {
        for (const Format& format : kFormats)
            if (text(format.filter) == filter)
                dialog->setDefaultSuffix(QString::fromLatin1(format.suffix));
    };
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, follow);
    follow(filters.first());
    dialog->selectFile(name);
    return dialog;
}

bool isA(const Format& format, std::initializer_list<const char*> suffixes)
{
    return std::any_of(suffixes.begin(), suffixes.end(),
                       [&](const char* suffix) { return std::strcmp(suffix, format.suffix) == 0; });
}

} // namespace

QFileDialog* makeOpenRecordingDialog(const QString& folder, QWidget* parent)
{
    // Before the first recording the folder is not there, and the dialog would take its name for a file's.
    const QString from = QDir(folder).exists() ? folder : QDir::homePath();
    auto* dialog =
        new QFileDialog(parent, text(QT_TRANSLATE_NOOP("RecordingDialogs", "Open a recording")), from);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({text(QT_TRANSLATE_NOOP("RecordingDialogs", "Recordings (*.vtrace)")),
                            text(QT_TRANSLATE_NOOP("RecordingDialogs", "All files (*)"))});
    return dialog;
}

QFileDialog* makeRecordingExportDialog(const QString& folder, const QString& name, QWidget* parent)
{
    return makeSaveDialog(text(QT_TRANSLATE_NOOP("RecordingDialogs", "Export")), folder, name, parent,
                          [](const Format&) { return true; });
}

QFileDialog* makeReportDialog(const QString& folder, const QString& name, QWidget* parent)
{
    return makeSaveDialog(text(QT_TRANSLATE_NOOP("RecordingDialogs", "Save the report")), folder, name,
                          parent, [](const Format& format) {
                              return isA(format, {"html", "pdf"});
                          });
}

QFileDialog* makeMetricsDialog(const QString& folder, QWidget* parent)
{
    return makeSaveDialog(text(QT_TRANSLATE_NOOP("RecordingDialogs", "Save the metrics")), folder,
                          QStringLiteral("metrics"), parent,
                          [](const Format& format) { return isA(format, {"prom"}); });
}

} // namespace vitrine::ui
