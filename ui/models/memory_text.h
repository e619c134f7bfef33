// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes (size_text.h) and counts as the Models page writes them. Thread: any.
#pragma once

#include <QString>

#include "engine/execution/executor.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {

QString tokensText(quint64 tokens);    ///< "16,384"
QString shortTokens(quint64 tokens);   ///< "29.8 k", "512"
QString parametersText(quint64 count); ///< "8.19 B", "134.5 M"
/// "30.53 B, 3.35 B a token (8 of 128 experts)", of counts as text; `all` alone without experts.
QString parametersText(const QString& all, const QString& active, quint64 expertsPerToken, quint64 experts);
/// "30.53 B, 3.35 B active", where there is little room.
QString parametersShortly(quint64 all, quint64 active, quint64 experts);
QString formatName(engine::KvFormat format);

} // namespace vitrine::ui
