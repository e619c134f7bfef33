// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/token_detail.h"

#include <cmath>
#include <utility>

namespace vitrine::ui {

namespace {

/// Every byte beyond ASCII escaped.
QString escaped(const QByteArray& bytes)
{
    QString text;
    for (const char byte : bytes) {
        if (static_cast<unsigned char>(byte) < 0x80)
            text += QLatin1Char(byte);
        else
            text += "\\x" + QString::fromLatin1(QByteArray(1, byte).toHex().toUpper());
    }
    return text;
}

bool isWholeText(const engine::Tokenizer& tokenizer, engine::TokenId id)
{
    const std::string_view view = tokenizer.bytes(id);
    const QByteArray bytes(view.data(), qsizetype(view.size()));
    return !tokenizer.isControl(id) && QString::fromUtf8(bytes).toUtf8() == bytes;
}

float limitOf(const engine::SamplingParams& sampling, engine::SamplerCut cut)
{
    switch (cut) {
    case engine::SamplerCut::TopK:
        return float(sampling.topK);
    case engine::SamplerCut::TopP:
        return sampling.topP;
    case engine::SamplerCut::MinP:
        return sampling.minP;
    case engine::SamplerCut::Typical:
        return sampling.typicalP;
    case engine::SamplerCut::Weightless:
    case engine::SamplerCut::None:
        break;
    }
    return 0;
}

} // namespace

QString tokenText(const engine::Tokenizer& tokenizer, engine::TokenId id)
{
    const std::string_view view = tokenizer.bytes(id);
    const QByteArray bytes(view.data(), qsizetype(view.size()));
    const QString text = QString::fromUtf8(bytes);
    return text.toUtf8() == bytes ? text : escaped(bytes);
}

TokenDetail tokenDetail(const engine::Tokenizer& tokenizer, const engine::TokenGenerated& event,
                        const engine::SamplingParams& sampling)
{
    TokenDetail detail;
    detail.id = event.token.id;
    detail.text = tokenText(tokenizer, event.token.id);
    detail.added = QString::fromUtf8(event.text.data(), qsizetype(event.text.size()));
    detail.probability = std::exp(event.token.logprob);
    for (const engine::TokenProbability& entry : event.token.top)
        detail.alternatives.append({entry.id, tokenText(tokenizer, entry.id), std::exp(entry.logprob),
                                    entry.cut, isWholeText(tokenizer, entry.id),
                                    limitOf(sampling, entry.cut)});
    return detail;
}

QList<TokenDetail> detailsUpTo(const QList<TokenDetail>& original, const QList<qint32>& tokens)
{
    QList<TokenDetail> details = original.mid(0, tokens.size());
    if (tokens.isEmpty() || details.size() != tokens.size() || details.last().id == tokens.last())
        return details;
    TokenDetail& last = details.last();
    last.id = tokens.last();
    for (const TokenAlternative& each : std::as_const(last.alternatives)) {
        if (each.id == last.id) {
            last.text = last.added = each.text;
            last.probability = each.probability;
        }
    }
    return details;
}

} // namespace vitrine::ui
