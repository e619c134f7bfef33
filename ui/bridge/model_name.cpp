// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_name.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QString>

namespace vitrine::ui {

std::string displayName(const engine::ModelSummary& summary)
{
    static const QRegularExpression quantisation(
        QStringLiteral("[-._](i?q\\d[a-z0-9_]*|f16|f32|bf16|mxfp4)$"),
        QRegularExpression::CaseInsensitiveOption);
    const QString stem = QFileInfo(QString::fromStdString(summary.path)).completeBaseName();
    const QString name = QString(stem).remove(quantisation);
    return name.isEmpty() ? summary.name : name.toStdString();
}

} // namespace vitrine::ui
