// SPDX-License-Identifier: GPL-3.0-or-later
// Token ids to text as they come, holding back bytes until they are whole characters.
// One per reply; used by one thread at a time. Borrows the tokeniser.
#pragma once

#include <string>

#include "engine/tokenizer/tokenizer.h"

namespace vitrine::engine {

class StreamDecoder
{
public:
    explicit StreamDecoder(const Tokenizer& tokenizer) : m_tokenizer(&tokenizer) {}

    /// Valid UTF-8 that is complete now; may be empty. Bytes that can never become a character turn into
    /// U+FFFD. Control tokens give no text.
    std::string push(TokenId id);
    /// What is left at the end: an unfinished character becomes U+FFFD. All pieces together are what
    /// Tokenizer::decode gives without control tokens.
    std::string finish();

private:
    const Tokenizer* m_tokenizer;
    std::string m_pending; // at most 3 bytes
    bool m_atStart = true; // where decode() removes a leading space
};

} // namespace vitrine::engine
