// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/nsight_systems.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QUrl>

namespace vitrine::ui {

namespace {

const QString kVariable = QStringLiteral("VITRINE_UNDER_NSYS");

} // namespace

NsightSystems NsightSystems::found()
{
    return {QStandardPaths::findExecutable(QStringLiteral("nsys")),
            QStandardPaths::findExecutable(QStringLiteral("nsys-ui"))};
}

QStringList NsightSystems::command(const QString& report, const QStringList& program) const
{
    QString output = report.chopped(report.endsWith(kNsightSuffix) ? kNsightSuffix.size() : 0);
    output.replace(QLatin1Char('%'), QStringLiteral("%%")); // it has variables of its own
    return QStringList{recorder, QStringLiteral("profile"), QStringLiteral("--trace=nvtx,osrt,cuda"),
                       QStringLiteral("--env-var=%1=1").arg(kVariable),
                       QStringLiteral("--output=") + output} +
           program;
}

void NsightSystems::open(const QString& report) const
{
    if (viewer.isEmpty() || !QProcess::startDetached(viewer, {report}))
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(report).absolutePath()));
}

bool isUnderNsight()
{
    return qEnvironmentVariableIsSet(qPrintable(kVariable));
}

} // namespace vitrine::ui
