// SPDX-License-Identifier: GPL-3.0-or-later
// Every colour of the window by name, for the light and the dark look, and the sizes both share.
// Values only; a widget asks the Theme for the set in force and writes no colour itself.
#pragma once

#include <cstddef>
#include <span>

#include <QColor>

namespace vitrine::ui {

struct Tokens
{
    // Surfaces, lines, text.
    QColor window, panel, raised, border, borderStrong, grid;
    QColor text, secondary;
    QColor accent, accentText, accentFill, onAccent, accentMuted;
    QColor userTurn, select, hover;
    QColor danger, warning, ok, okTint, warningTint, dangerTint;
    QColor scrim;

    // What the engine does. The same colour for the same thing everywhere; *Ink is for text.
    QColor prefill, decode, cached, preempted, interference, sampling, queued;
    QColor free, freeLine, cellLine;
    QColor prefillInk, decodeInk, cachedInk, preemptedInk, interferenceLine;

    // One hue a conversation, never as text colour.
    QColor conversation1, conversation2, conversation3, conversation4, conversation5;

    // Code.
    QColor keyword, string, comment, function, number, type, codeBackground;

    // Behind text that Find found, and behind the place it stands at.
    QColor find, findCurrent;

    // Tints of tokens whose probability is below .9, .6, .3, .15.
    QColor probability1, probability2, probability3, probability4;

    /// Hue of the conversation with this running number; they repeat after five.
    const QColor& conversation(std::size_t number) const;
};

const Tokens& lightTokens();
const Tokens& darkTokens();

/// A token's name as the style sheet and the design write it, and where it is.
struct TokenName
{
    const char* name;
    QColor Tokens::*colour;
};
std::span<const TokenName> tokenNames();

/// The one spacing scale, in logical pixels.
inline constexpr int kSpace1 = 4;
inline constexpr int kSpace2 = 8;
inline constexpr int kSpace3 = 12;
inline constexpr int kSpace4 = 16;
inline constexpr int kSpace5 = 24;

inline constexpr int kRadius = 8;
inline constexpr int kRadiusChip = 4;

inline constexpr int kHeaderHeight = 48;
inline constexpr int kRowHeight = 32;
inline constexpr int kButtonHeight = 32;
inline constexpr int kSmallButtonHeight = 28;
inline constexpr int kStatusHeight = 28;
inline constexpr int kIconSize = 16;
inline constexpr int kRailIconSize = 20;

} // namespace vitrine::ui
