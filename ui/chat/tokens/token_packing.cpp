// SPDX-License-Identifier: GPL-3.0-or-later
// Inside the compression: a version, the different tokens (id, text, whether it is text), then for each token
// of the reply its number among them, what it added where that is not its text, its probability and its
// alternatives. Each kind of value stands by itself, which compresses better.
#include "ui/chat/tokens/token_packing.h"

#include <algorithm>
#include <cmath>

#include <QDataStream>
#include <QHash>
#include <QIODevice>

namespace vitrine::ui {

namespace {

constexpr quint8 kVersion = 1;
constexpr qsizetype kMostBytes = 2 << 20; // compressed; 32,768 tokens take less
constexpr int kDigits = 1000;             // a probability is digits / 1000 / 10^exponent
constexpr int kExponents = 64;
constexpr qsizetype kMostText = 4096;

quint16 packed(float probability)
{
    double value = std::clamp(double(probability), 0.0, 1.0);
    int exponent = 0;
    if (!(value > 0))
        return 0;
    while (value < 0.1 && exponent + 1 < kExponents) {
        value *= 10;
        ++exponent;
    }
    return quint16(std::lround(value * kDigits) * kExponents + exponent);
}

float unpacked(quint16 value)
{
    return float(double(value / kExponents) / kDigits * std::pow(10.0, -(value % kExponents)));
}

/// The different tokens of a reply.
struct Vocabulary
{
    struct Word
    {
        qint32 id = 0;
        QString text;
        bool isText = true;
    };
    QList<Word> words;
    QHash<qint32, quint32> numbers;

    quint32 number(qint32 id, const QString& text, bool isText)
    {
        const auto known = numbers.constFind(id);
        if (known != numbers.constEnd())
            return *known;
        words.append({id, text.left(kMostText), isText});
        numbers.insert(id, quint32(words.size() - 1));
        return quint32(words.size() - 1);
    }
};

/// The values of all tokens, by kind.
struct Columns
{
    QList<quint32> tokens, alternatives; // numbers of words
    QList<quint16> probabilities, likelihoods;
    QList<quint8> counts, cuts;
    QHash<quint32, QString> added; // where it is not the token's text
};

template<class Value>
void write(QDataStream& out, const QList<Value>& column)
{
    for (const Value value : column)
        out << value;
}

/// No more than there are bytes for.
template<class Value>
void read(QDataStream& in, QList<Value>& column, quint32 size)
{
    Value value{};
    for (quint32 i = 0; i < size && in.status() == QDataStream::Ok; ++i) {
        in >> value;
        column.append(value);
    }
}

void write(QDataStream& out, const Vocabulary& vocabulary, const Columns& columns)
{
    out << kVersion << quint32(vocabulary.words.size()) << quint32(columns.tokens.size())
        << quint32(columns.alternatives.size()) << quint32(columns.added.size());
    for (const Vocabulary::Word& word : vocabulary.words)
        out << word.id << word.text.toUtf8() << word.isText;
    write(out, columns.tokens);
    write(out, columns.probabilities);
    write(out, columns.counts);
    write(out, columns.alternatives);
    write(out, columns.likelihoods);
    write(out, columns.cuts);
    for (auto each = columns.added.cbegin(); each != columns.added.cend(); ++each)
        out << each.key() << each.value().toUtf8();
}

void readWords(QDataStream& in, Vocabulary& vocabulary, quint32 size)
{
    for (quint32 i = 0; i < size && in.status() == QDataStream::Ok; ++i) {
        Vocabulary::Word word;
        QByteArray text;
        in >> word.id >> text >> word.isText;
        word.text = QString::fromUtf8(text);
        vocabulary.words.append(word);
    }
}

bool areSound(const Vocabulary& vocabulary, const Columns& columns)
{
    const auto known = [&](quint32 number) { return number < quint32(vocabulary.words.size()); };
    qsizetype alternatives = 0;
    for (const quint8 count : columns.counts)
        alternatives += count;
    return alternatives == columns.alternatives.size() && std::ranges::all_of(columns.tokens, known) &&
           std::ranges::all_of(columns.alternatives, known);
}

bool read(QDataStream& in, Vocabulary& vocabulary, Columns& columns)
{
    quint8 version = 0;
    quint32 words = 0, tokens = 0, alternatives = 0, added = 0;
    in >> version >> words >> tokens >> alternatives >> added;
    if (version != kVersion || tokens > kMostKeptTokens)
        return false;
    readWords(in, vocabulary, words);
    read(in, columns.tokens, tokens);
    read(in, columns.probabilities, tokens);
    read(in, columns.counts, tokens);
    read(in, columns.alternatives, alternatives);
    read(in, columns.likelihoods, alternatives);
    read(in, columns.cuts, alternatives);
    for (quint32 i = 0; i < added && in.status() == QDataStream::Ok; ++i) {
        quint32 token = 0;
        QByteArray text;
        in >> token >> text;
        columns.added.insert(token, QString::fromUtf8(text));
    }
    return in.status() == QDataStream::Ok && areSound(vocabulary, columns);
}

engine::SamplerCut cutOf(quint8 value)
{
    return value <= quint8(engine::SamplerCut::Typical) ? engine::SamplerCut(value)
                                                        : engine::SamplerCut::None;
}

} // namespace

QByteArray packTokens(const QList<TokenDetail>& details)
{
    if (details.isEmpty())
        return {};
    Vocabulary vocabulary;
    Columns columns;
    for (const TokenDetail& each : details.first(std::min(details.size(), kMostKeptTokens))) {
        const auto own = std::ranges::find(each.alternatives, each.id, &TokenAlternative::id);
        const bool isText = own == each.alternatives.end() || own->isText;
        if (each.added != each.text)
            columns.added.insert(quint32(columns.tokens.size()), each.added);
        columns.tokens.append(vocabulary.number(each.id, each.text, isText));
        columns.probabilities.append(packed(each.probability));
        const qsizetype kept = std::min(each.alternatives.size(), kKeptAlternatives);
        columns.counts.append(quint8(kept));
        for (const TokenAlternative& other : each.alternatives.first(kept)) {
            columns.alternatives.append(vocabulary.number(other.id, other.text, other.isText));
            columns.likelihoods.append(packed(other.probability));
            columns.cuts.append(quint8(other.cut));
        }
    }
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_2);
    write(out, vocabulary, columns);
    return qCompress(bytes, 9);
}

QList<TokenDetail> unpackTokens(const QByteArray& bytes)
{
    QList<TokenDetail> details;
    if (bytes.isEmpty() || bytes.size() > kMostBytes)
        return details;
    const QByteArray plain = qUncompress(bytes);
    QDataStream in(plain);
    in.setVersion(QDataStream::Qt_6_2);
    Vocabulary vocabulary;
    Columns columns;
    if (!read(in, vocabulary, columns))
        return details;
    qsizetype next = 0;
    for (qsizetype i = 0; i < columns.tokens.size(); ++i) {
        const Vocabulary::Word& word = vocabulary.words[columns.tokens[i]];
        TokenDetail detail;
        detail.id = word.id;
        detail.text = word.text;
        detail.added = columns.added.value(quint32(i), word.text);
        detail.probability = unpacked(columns.probabilities[i]);
        for (int a = 0; a < columns.counts[i]; ++a, ++next) {
            const Vocabulary::Word& other = vocabulary.words[columns.alternatives[next]];
            detail.alternatives.append({other.id, other.text, unpacked(columns.likelihoods[next]),
                                        cutOf(columns.cuts[next]), other.isText});
        }
        details.append(detail);
    }
    return details;
}

} // namespace vitrine::ui
