// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_dialogs.h"

#include <array>

#include <QCoreApplication>
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

} // namespace

QFileDialog* makeOpenRecordingDialog(const QString& folder, QWidget* parent)
{
    auto* dialog =
        new QFileDialog(parent, text(QT_TRANSLATE_NOOP("RecordingDialogs", "Open a recording")), folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({text(QT_TRANSLATE_NOOP("RecordingDialogs", "Recordings (*.vtrace)")),
                            text(QT_TRANSLATE_NOOP("RecordingDialogs", "All files (*)"))});
    return dialog;
}

QFileDialog* makeRecordingExportDialog(const QString& folder, const QString& name, QWidget* parent)
{
    auto* dialog = new QFileDialog(parent, text(QT_TRANSLATE_NOOP("RecordingDialogs", "Export")), folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    QStringList filters;
    for (const Format& format : kFormats)
        if (canWrite(format))
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

} // namespace vitrine::ui
