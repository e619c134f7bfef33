// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between kinds of tokenisers: how plain text becomes ids, and which bytes a token stands for.
// Immutable; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

class TextEncoder
{
public:
    virtual ~TextEncoder() = default;
    /// Appends the ids of text that holds no special token. `atStart`: begins the input or follows one.
    virtual void encode(std::string_view text, bool atStart, std::vector<TokenId>& ids) const = 0;
    /// Appends the bytes of a normal token's text.
    virtual void appendBytes(std::string_view tokenText, std::string& bytes) const = 0;
    /// Whether `encode` puts a space before text at the start.
    virtual bool addsLeadingSpace() const { return false; }
};

} // namespace vitrine::engine
