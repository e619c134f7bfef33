// SPDX-License-Identifier: GPL-3.0-or-later
// Templates of models that think open every reply with "<think>": a reply that is shown with it and then
// continued must not have it twice. Pure functions on text.
#pragma once

#include <string_view>

namespace vitrine::engine {

/// The tag at the end of a rendered conversation that opens a section of the reply, with the blanks after it:
/// "<think>\n". Empty when it ends otherwise, also with a closing tag.
std::string_view sectionOpening(std::string_view rendered);

/// `reply` without the opening, where it begins with it.
std::string_view withoutOpening(std::string_view reply, std::string_view opening);

} // namespace vitrine::engine
