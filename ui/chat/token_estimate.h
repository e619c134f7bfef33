// SPDX-License-Identifier: GPL-3.0-or-later
// About how many tokens a text is, without the tokenizer: good for "≈ 1,200 tokens" and for what to leave
// out, not for limits that must hold. Pure functions; any thread.
#pragma once

#include <QStringView>

namespace vitrine::ui {

/// What a chat template puts around a turn.
inline constexpr quint32 kTurnOverhead = 5;

quint32 estimateTokens(QStringView text);
/// To two digits: more would claim to be exact.
quint32 rounded(quint32 estimate);

} // namespace vitrine::ui
