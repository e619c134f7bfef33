// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_document.h"

#include <algorithm>

#include "engine/base/text.h"

namespace vitrine::engine {

namespace {

/// U+FFFE and U+FFFF, which XML does not take.
bool isNoCharacter(std::string_view character)
{
    return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

} // namespace

std::string cleanReportText(std::string_view text)
{
    std::string clean;
    while (!text.empty()) {
        const std::size_t length = utf8CharacterLength(text);
        const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
        const auto first = static_cast<unsigned char>(character.front());
        if (length == 0 || isNoCharacter(character))
            clean += "\xEF\xBF\xBD";
        else if (first < 0x20 || first == 0x7F)
            clean += ' ';
        else
            clean += character;
        text.remove_prefix(character.size());
    }
    return clean;
}

} // namespace vitrine::engine
