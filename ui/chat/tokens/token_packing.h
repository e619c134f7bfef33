// SPDX-License-Identifier: GPL-3.0-or-later
// Token details as they are kept: compressed, the likeliest alternatives only, probabilities with three
// digits. Pure; any thread.
#pragma once

#include <QByteArray>

#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

inline constexpr qsizetype kKeptAlternatives = 5;
inline constexpr qsizetype kMostKeptTokens = 32'768; ///< of a reply; those behind are not kept

/// Empty for no tokens.
QByteArray packTokens(const QList<TokenDetail>& details);
/// None, where the bytes are not what packTokens() makes.
QList<TokenDetail> unpackTokens(const QByteArray& bytes);

} // namespace vitrine::ui
