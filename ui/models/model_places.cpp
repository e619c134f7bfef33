// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_places.h"

#include "engine/model/default_model.h"

namespace vitrine::ui {

QList<ModelPlace> usualModelPlaces(const QString& home)
{
    QList<ModelPlace> places;
    if (const std::string own = engine::modelFolder(); !own.empty())
        places.append({QString::fromStdString(own)});
    if (home.isEmpty())
        return places;
    for (const char* below :
         {".cache/lm-studio/models", ".lmstudio/models", "jan/models", ".local/share/Jan/data/models",
          ".local/share/Jan", ".local/share/nomic.ai/GPT4All", ".cache/huggingface/hub", ".cache/llama.cpp",
          "models"})
        places.append({home + QLatin1Char('/') + QLatin1String(below)});
    places.append({home + QStringLiteral("/.ollama/models/blobs"), 0, true});
    places.append({home + QStringLiteral("/Downloads"), 2});
    return places;
}

} // namespace vitrine::ui
