// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_name.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QString>

#include "engine/formats/gguf_parts.h"
#include "engine/formats/model_folder.h"

namespace vitrine::ui {

std::string displayName(const engine::ModelSummary& summary)
{
    static const QRegularExpression quantisation(
        QStringLiteral("[-._](i?q\\d[a-z0-9_]*|f16|f32|bf16|mxfp4)$"),
        QRegularExpression::CaseInsensitiveOption);
    // Where the cache of Hugging Face keeps the folder of one version, which is called by a number.
    static const QRegularExpression cached(QStringLiteral("/models--[^/]*?--([^/]+)/snapshots/[^/]+$"));
    if (const auto match = cached.match(QString::fromStdString(summary.path)); match.hasMatch())
        return match.captured(1).toStdString();
    const auto part = engine::PartName::of(summary.path);
    const std::string path = part ? part->stem + part->extension : summary.path;
    const QFileInfo file(QString::fromStdString(path));
    const bool isFile = file.suffix().compare(QLatin1String("gguf"), Qt::CaseInsensitive) == 0;
    const QString stem = isFile ? file.completeBaseName() : file.fileName(); // folders are called "Name-2.5"
    const QString name = QString(stem).remove(quantisation);
    return name.isEmpty() ? summary.name : name.toStdString();
}

bool isModelFolder(const QString& path)
{
    const QDir folder(path);
    return QFileInfo(path).isDir() && folder.exists(QStringLiteral("config.json")) &&
           !folder.entryList({QStringLiteral("*.safetensors")}, QDir::Files).isEmpty();
}

bool looksLikeModel(const QString& path)
{
    return path.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive) ||
           path.endsWith(QLatin1String(".safetensors"), Qt::CaseInsensitive) || isModelFolder(path);
}

QString firstFileOf(const QString& path)
{
    if (const std::string folder = engine::ModelFolder::folderOf(path.toStdString()); !folder.empty())
        return QString::fromStdString(folder);
    const auto part = engine::PartName::of(path.toStdString());
    return part ? QString::fromStdString(part->path(1)) : path;
}

} // namespace vitrine::ui
