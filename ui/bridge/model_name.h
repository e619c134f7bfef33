// SPDX-License-Identifier: GPL-3.0-or-later
// What the window calls a model.
#pragma once

#include <string>

#include <QString>

#include "engine/engine.h"

namespace vitrine::ui {

/// The file's name without its suffix, its number where there are several, and the quantisation at its end:
/// people know the file they opened, while names inside files are often those of a training run. Falls back
/// to the name inside.
std::string displayName(const engine::ModelSummary& summary);

/// Whether a path may be a model by its name: a file as they end, or a folder with config.json.
bool looksLikeModel(const QString& path);

/// Whether it is a folder with config.json and weights.
bool isModelFolder(const QString& path);

/// Of a model in several files the first, whichever of them `path` is, or their folder; other paths as they
/// are.
QString firstFileOf(const QString& path);

} // namespace vitrine::ui
