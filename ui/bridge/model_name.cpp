// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_name.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QString>

#include "engine/formats/gguf_parts.h"

namespace vitrine::ui {

std::string displayName(const engine::ModelSummary& summary)
{
    static const QRegularExpression quantisation(
        QStringLiteral("[-._](i?q\\d[a-z0-9_]*|f16|f32|bf16|mxfp4)$"),
        QRegularExpression::CaseInsensitiveOption);
    const auto part = engine::PartName::of(summary.path);
    const std::string path = part ? part->stem + part->extension : summary.path;
    const QString stem = QFileInfo(QString::fromStdString(path)).completeBaseName();
    const QString name = QString(stem).remove(quantisation);
    return name.isEmpty() ? summary.name : name.toStdString();
}

QString firstFileOf(const QString& path)
{
    const auto part = engine::PartName::of(path.toStdString());
    return part ? QString::fromStdString(part->path(1)) : path;
}

} // namespace vitrine::ui
