// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <array>
#include <iterator>

namespace vitrine::ui {
namespace {

/// One colour in both looks, as 0xAARRGGBB.
struct Row
{
    TokenName token;
    QRgb light;
    QRgb dark;
};

// clang-format off
constexpr Row kRows[] = {
    {{"window", &Tokens::window}, 0xffeef1f1, 0xff0f1415},
    {{"panel", &Tokens::panel}, 0xfff8fafa, 0xff151b1d},
    {{"raised", &Tokens::raised}, 0xffffffff, 0xff1d2527},
    {{"border", &Tokens::border}, 0xffdbe1e1, 0xff293335},
    {{"border-strong", &Tokens::borderStrong}, 0xffbfc9c9, 0xff3d4a4d},
    {{"grid", &Tokens::grid}, 0xffe6eaea, 0xff222b2d},
    {{"text", &Tokens::text}, 0xff162020, 0xffe3eaea},
    {{"sec", &Tokens::secondary}, 0xff536263, 0xff9cabad},
    {{"accent", &Tokens::accent}, 0xff0f8b8d, 0xff3fc1c3},
    {{"accent-text", &Tokens::accentText}, 0xff0a6d6f, 0xff5bd0d2},
    {{"accent-fill", &Tokens::accentFill}, 0xff0b7577, 0xff3fc1c3},
    {{"on-accent", &Tokens::onAccent}, 0xffffffff, 0xff062425},
    {{"accent2", &Tokens::accentMuted}, 0xff7bbfc0, 0xff307b7d},
    {{"tint", &Tokens::userTurn}, 0xffe3f0f0, 0xff18292b},
    {{"select", &Tokens::select}, 0xffd6e9e9, 0xff1b3437},
    {{"hover", &Tokens::hover}, 0xffe5eaea, 0xff1f282a},
    {{"danger", &Tokens::danger}, 0xffb3261e, 0xffff8f86},
    {{"warn", &Tokens::warning}, 0xff855600, 0xfff0b849},
    {{"ok", &Tokens::ok}, 0xff00704f, 0xff4fcfa3},
    {{"ok-tint", &Tokens::okTint}, 0xffdff1ea, 0xff12302a},
    {{"warn-tint", &Tokens::warningTint}, 0xfffbf0d9, 0xff33280f},
    {{"danger-tint", &Tokens::dangerTint}, 0xfffae5e3, 0xff3a1f1d},
    {{"scrim", &Tokens::scrim}, 0x52162020, 0x94040808},
    {{"prefill", &Tokens::prefill}, 0xffe69f00, 0xffe69f00},
    {{"decode", &Tokens::decode}, 0xff0072b2, 0xff56b4e9},
    {{"cached", &Tokens::cached}, 0xff009e73, 0xff009e73},
    {{"preempted", &Tokens::preempted}, 0xffd55e00, 0xffd55e00},
    {{"interference", &Tokens::interference}, 0xfff0e442, 0xfff0e442},
    {{"sampling", &Tokens::sampling}, 0xff7d8b90, 0xff8b9a9f},
    {{"queued", &Tokens::queued}, 0xffa7b3b5, 0xff5c696c},
    {{"free", &Tokens::free}, 0xffdfe5e5, 0xff20292b},
    {{"free-line", &Tokens::freeLine}, 0xffc3cccc, 0xff344043},
    {{"cell-line", &Tokens::cellLine}, 0xffa3b0b0, 0xff5d6d70},
    {{"prefill-ink", &Tokens::prefillInk}, 0xff946300, 0xfff0b23a},
    {{"decode-ink", &Tokens::decodeInk}, 0xff0067a1, 0xff74c2ef},
    {{"cached-ink", &Tokens::cachedInk}, 0xff00724f, 0xff3fc79c},
    {{"preempted-ink", &Tokens::preemptedInk}, 0xffb04c00, 0xffff8b45},
    {{"interference-line", &Tokens::interferenceLine}, 0xffaa9d00, 0xfff0e442},
    {{"c1", &Tokens::conversation1}, 0xff5f4fd0, 0xff8c7bf0},
    {{"c2", &Tokens::conversation2}, 0xffb04a86, 0xffcf6fae},
    {{"c3", &Tokens::conversation3}, 0xff704423, 0xff9a6843},
    {{"c4", &Tokens::conversation4}, 0xff83921b, 0xffc6d068},
    {{"c5", &Tokens::conversation5}, 0xff6790bf, 0xffb3cdef},
    {{"kw", &Tokens::keyword}, 0xff0a6d6f, 0xff5bd0d2},
    {{"str", &Tokens::string}, 0xff855600, 0xffe6bd74},
    {{"com", &Tokens::comment}, 0xff5a6869, 0xff8fa0a2},
    {{"fn", &Tokens::function}, 0xff4a49ad, 0xffb3b1ff},
    {{"num", &Tokens::number}, 0xff0b5c9e, 0xff7fc4f2},
    {{"type", &Tokens::type}, 0xff8a3875, 0xffe6a6d4},
    {{"find", &Tokens::find}, 0xfffbeab3, 0xff463b14},
    {{"find-current", &Tokens::findCurrent}, 0xfff5c84b, 0xff755c10},
    {{"codebg", &Tokens::codeBackground}, 0xfff1f4f4, 0xff111718},
    {{"p1", &Tokens::probability1}, 0xffe1efef, 0xff192c2e},
    {{"p2", &Tokens::probability2}, 0xffc5e2e2, 0xff1d3c3e},
    {{"p3", &Tokens::probability3}, 0xffa4d2d3, 0xff224e50},
    {{"p4", &Tokens::probability4}, 0xff7fc0c1, 0xff276163},
};
// clang-format on

Tokens build(QRgb Row::*look)
{
    Tokens tokens;
    for (const Row& row : kRows)
        tokens.*row.token.colour = QColor::fromRgba(row.*look);
    return tokens;
}

} // namespace

const QColor& Tokens::conversation(std::size_t running) const
{
    const std::array hues{&conversation1, &conversation2, &conversation3, &conversation4, &conversation5};
    return *hues[running % hues.size()];
}

const Tokens& lightTokens()
{
    static const Tokens tokens = build(&Row::light);
    return tokens;
}

const Tokens& darkTokens()
{
    static const Tokens tokens = build(&Row::dark);
    return tokens;
}

std::span<const TokenName> tokenNames()
{
    static const auto names = [] {
        std::array<TokenName, std::size(kRows)> all{};
        for (std::size_t i = 0; i < std::size(kRows); ++i)
            all[i] = kRows[i].token;
        return all;
    }();
    return names;
}

} // namespace vitrine::ui
