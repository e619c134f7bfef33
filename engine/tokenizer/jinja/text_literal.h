// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of a quoted text: \n, \x41, \u00e9 and the like resolved, as Python does.
#pragma once

#include <string>
#include <string_view>

namespace vitrine::engine::jinja {

std::string unescaped(std::string_view text);

} // namespace vitrine::engine::jinja
