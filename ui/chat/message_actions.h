// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a message from the line under it. Values.
#pragma once

namespace vitrine::ui {

enum class MessageAction {
    Copy,
    Edit,
    Regenerate,
    Branch,
    Continue,
    Delete,
    PreviousVersion,
    NextVersion,
    Why,            ///< "Why this long?"
    ShowInProfiler, ///< in the card that answers it
    More,
};

/// What is offered beside Copy. Versions are counted from 1; up to one version there is nothing to switch.
struct MessageActions
{
    bool edit = false;
    bool regenerate = false;
    bool branch = false;
    bool continues = false; ///< go on writing a reply that was stopped or cut off
    bool remove = false;
    bool why = false;
    bool more = false;
    bool profiler = false; ///< the card's link to the profiler
    int version = 0, versions = 0;

    bool operator==(const MessageActions&) const = default;
};

} // namespace vitrine::ui
