// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may see of one token of a reply: how likely it was and what else could have come. Values;
// made on the engine thread, and only for requests with SamplingParams::logprobs > 0: with n alternatives a
// token costs about a microsecond and a hundred bytes for each of them, and the sampler a pass or two over
// the vocabulary.
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

#include "engine/events.h"
#include "engine/tokenizer/tokenizer.h"

namespace vitrine::ui {

/// Texts are the token's own: its space in front is there, a control token is written out, bytes that are no
/// whole character are escaped ("\xE2\x80").
struct TokenAlternative
{
    qint32 id = 0;
    QString text;
    float probability = 0; ///< before any setting: the model's own opinion
    engine::SamplerCut cut = engine::SamplerCut::None;
    bool isText = true; ///< false: a control token or a part of a character, nothing to begin a branch with
    float limit = 0;    ///< the setting's value that cut it: of top-k, top-p, min-p or typical-p; else 0
};

struct TokenDetail
{
    qint32 id = 0;
    QString text;
    QString added; ///< to the reply's text with this token; empty while a character is incomplete
    float probability = 0;
    QList<TokenAlternative> alternatives; ///< most probable first, the chosen one among them if it is likely
};

QString tokenText(const engine::Tokenizer& tokenizer, engine::TokenId id);
/// `sampling`: of its request.
TokenDetail tokenDetail(const engine::Tokenizer& tokenizer, const engine::TokenGenerated& event,
                        const engine::SamplingParams& sampling = {});
/// The details of a reply that begins with `tokens`: those of `original`, the last one changed into the
/// alternative that stands there instead.
QList<TokenDetail> detailsUpTo(const QList<TokenDetail>& original, const QList<qint32>& tokens);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::TokenDetail)
