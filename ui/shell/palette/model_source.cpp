// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/model_source.h"

#include <QDir>
#include <QFileInfo>

#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/model_name.h"

namespace vitrine::ui {
namespace {

const QString kIcon = QStringLiteral("models");

} // namespace

ModelSource::ModelSource(EngineBridge& bridge, Ways ways, QObject* parent)
    : PaletteSource(parent), m_bridge(bridge), m_ways(std::move(ways))
{}

void ModelSource::ask(const QString& query)
{
    QList<PaletteEntry> entries;
    QString loaded;
    if (const auto& model = m_bridge.model()) {
        loaded = QString::fromStdString(model->path);
        PaletteEntry entry{QString::fromStdString(displayName(*model)), tr("Loaded, show details"), kIcon};
        entry.open = [this](OpenWhere) { m_ways.details(); };
        if (rate(entry, query, QFileInfo(loaded).fileName()))
            entries << entry;
    }
    for (const QString& path : m_ways.recent()) {
        const QFileInfo file(path);
        if (path == loaded || path.isEmpty())
            continue;
        PaletteEntry entry{tr("Load %1").arg(file.fileName()), QDir::toNativeSeparators(file.path()), kIcon};
        entry.open = [this, path](OpenWhere) { m_ways.open(path); };
        if (rate(entry, query))
            entries << entry;
    }
    emit answered(query, entries);
}

} // namespace vitrine::ui
