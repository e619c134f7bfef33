// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tokens of a reply lie in its text and how sure the model was of each: what the message view needs
// of their details. A value; any thread.
//
// Invariant: begins grow; a token whose characters are not complete takes no room.
#pragma once

#include <vector>

#include <QStringView>

#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

class TokenTrack
{
public:
    /// Takes the details of a reply with this text. Only what is new is read where they have grown; returns
    /// the place in the text from which on something is new.
    qsizetype update(const QList<TokenDetail>& details, QStringView text);

    int count() const { return int(m_steps.size()); }
    bool isEmpty() const { return m_steps.empty(); }
    qsizetype begin(int token) const { return m_begins[std::size_t(token)]; }
    qsizetype end(int token) const;
    int step(int token) const { return m_steps[std::size_t(token)]; } ///< see tintStep()
    /// The token that this character belongs to; -1: none.
    int at(qsizetype character) const;

private:
    qsizetype beginOf(const QList<TokenDetail>& details, QStringView text) const;

    std::vector<qsizetype> m_begins;
    std::vector<quint8> m_steps;
    qsizetype m_end = 0;
    qint32 m_first = 0; // the first token's id: other details are another track
};

} // namespace vitrine::ui
