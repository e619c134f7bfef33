// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/prompt/reply_opening.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

} // namespace

std::string_view sectionOpening(std::string_view text)
{
    const std::size_t last = text.find_last_not_of(kBlank);
    if (last == std::string_view::npos || text[last] != '>')
        return {};
    const std::size_t first = text.rfind('<', last);
    if (first == std::string_view::npos || last - first < 2)
        return {};
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const std::string_view name = text.substr(first + 1, last - first - 1);
    return std::all_of(name.begin(), name.end(), isLetter) ? text.substr(first) : std::string_view();
}

std::string_view withoutOpening(std::string_view reply, std::string_view opening)
{
    if (opening.empty())
        return reply;
    const std::size_t tagLength = opening.find('>') + 1;
    const std::string_view tag = opening.substr(0, tagLength), blanks = opening.substr(tagLength);
    const std::size_t begin = reply.find_first_not_of(kBlank);
    if (begin == std::string_view::npos || !reply.substr(begin).starts_with(tag))
        return reply;
    std::string_view rest = reply.substr(begin + tagLength);
    if (rest.starts_with(blanks))
        rest.remove_prefix(blanks.size());
    return rest;
}

} // namespace vitrine::engine
