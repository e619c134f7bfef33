// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/stream_decoder.h"

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

std::string StreamDecoder::push(TokenId id)
{
    if (m_tokenizer->isControl(id))
        return {};
    std::string_view piece = m_tokenizer->bytes(id);
    if (m_atStart && m_tokenizer->addsLeadingSpace() && piece.starts_with(' '))
        piece.remove_prefix(1);
    m_atStart = false;
    m_pending += piece;
    std::string complete;
    unicode::moveComplete(m_pending, complete);
    return complete;
}

std::string StreamDecoder::finish()
{
    std::string rest = unicode::sanitized(m_pending);
    m_pending.clear();
    m_atStart = true;
    return rest;
}

} // namespace vitrine::engine
