// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes and counts as the Models page writes them. Thread: any.
#pragma once

#include <QString>

#include "engine/execution/executor.h"

namespace vitrine::ui {

QString sizeText(quint64 bytes);       ///< "4.68 GiB", "0.14 GiB", "98 MiB" below a tenth
QString mebibytesText(quint64 bytes);  ///< "144 MiB", "22.5 MiB"
QString tokensText(quint64 tokens);    ///< "16,384"
QString shortTokens(quint64 tokens);   ///< "29.8 k", "512"
QString parametersText(quint64 count); ///< "8.19 B", "134.5 M"
QString formatName(engine::KvFormat format);

} // namespace vitrine::ui
