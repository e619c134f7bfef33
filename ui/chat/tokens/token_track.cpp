// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_track.h"

#include <algorithm>

#include "ui/chat/tokens/token_figures.h"

namespace vitrine::ui {

qsizetype TokenTrack::update(const QList<TokenDetail>& details, QStringView text)
{
    const bool grows = !isEmpty() && details.size() >= qsizetype(m_steps.size()) &&
                       details.first().id == m_first && m_end <= text.size();
    if (!grows) {
        *this = {};
        m_end = details.isEmpty() ? 0 : beginOf(details, text);
        m_first = details.isEmpty() ? 0 : details.first().id;
    }
    const qsizetype from = grows ? m_end : 0;
    if (m_end < 0) { // they are of another text
        *this = {};
        return 0;
    }
    m_begins.reserve(std::size_t(details.size()));
    m_steps.reserve(std::size_t(details.size()));
    for (qsizetype i = qsizetype(m_steps.size()); i < details.size(); ++i) {
        m_begins.push_back(m_end);
        m_steps.push_back(quint8(tintStep(details[i].probability)));
        m_end += details[i].added.size();
    }
    return from;
}

/// 0, but where the reply's beginning was not recorded; -1: the details do not belong to the text.
qsizetype TokenTrack::beginOf(const QList<TokenDetail>& details, QStringView text) const
{
    QString joined;
    for (const TokenDetail& detail : details)
        joined += detail.added;
    if (text.startsWith(joined) || joined.startsWith(text))
        return 0;
    return text.lastIndexOf(joined);
}

qsizetype TokenTrack::end(int token) const
{
    const auto next = std::size_t(token) + 1;
    return next < m_begins.size() ? m_begins[next] : m_end;
}

int TokenTrack::at(qsizetype character) const
{
    if (m_begins.empty() || character < m_begins.front() || character >= m_end)
        return -1;
    // Of several that begin here the last one has the character.
    return int(std::ranges::upper_bound(m_begins, character) - m_begins.begin()) - 1;
}

} // namespace vitrine::ui
