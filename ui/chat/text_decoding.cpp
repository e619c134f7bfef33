// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/text_decoding.h"

#include <algorithm>

#include <QStringDecoder>

namespace vitrine::ui {

namespace {

uchar at(const QByteArray& bytes, qsizetype i)
{
    return uchar(bytes[i]);
}

std::optional<QString> decodedAs(QStringDecoder decoder, const QByteArray& bytes)
{
    if (!decoder.isValid())
        return std::nullopt;
    QString text = decoder.decode(bytes);
    return decoder.hasError() ? std::nullopt : std::optional(std::move(text));
}

/// Latin letters in UTF-16 have a zero in every other byte.
std::optional<QStringConverter::Encoding> utf16Without(const QByteArray& bytes)
{
    qsizetype zeros[2] = {0, 0};
    for (qsizetype i = 0; i < bytes.size(); ++i)
        zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
    const qsizetype half = bytes.size() / 2;
    if (zeros[1] > half / 4 && zeros[0] <= half / 50)
        return QStringConverter::Utf16LE;
    if (zeros[0] > half / 4 && zeros[1] <= half / 50)
        return QStringConverter::Utf16BE;
    return std::nullopt;
}

/// Chinese in GB encodings has its high bytes in pairs; accented letters stand alone.
bool looksLikeGb(const QByteArray& bytes)
{
    qsizetype high = 0, paired = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (at(bytes, i) < 0x81)
            continue;
        ++high;
        if (i + 1 < bytes.size() && at(bytes, i + 1) >= 0xA1) {
            ++high;
            paired += 2;
            ++i;
        }
    }
    return high > 0 && paired * 10 >= high * 9;
}

bool hasControls(const QString& text)
{
    const auto isControl = [](QChar c) {
        return (c.unicode() < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' &&
                c.unicode() != 0x1B) ||
               (c.unicode() >= 0x7F && c.unicode() < 0xA0 && c.unicode() != 0x85);
    };
    const auto controls = std::count_if(text.cbegin(), text.cend(), isControl);
    return controls * 200 > text.size() || text.contains(QChar(0)); // a stray one is left in peace
}

std::optional<QString> decoded(const QByteArray& bytes)
{
    if (const auto marked = QStringConverter::encodingForData(bytes))
        return decodedAs(QStringDecoder(*marked), bytes);
    if (const auto utf16 = utf16Without(bytes))
        return decodedAs(QStringDecoder(*utf16), bytes);
    if (auto text = decodedAs(QStringDecoder(QStringDecoder::Utf8), bytes))
        return text;
    if (looksLikeGb(bytes)) {
        if (auto text = decodedAs(QStringDecoder("GB18030"), bytes))
            return text;
    }
    return QString::fromLatin1(bytes);
}

} // namespace

std::optional<QString> decodeText(const QByteArray& bytes)
{
    std::optional<QString> text = decoded(bytes);
    if (!text || hasControls(*text))
        return std::nullopt;
    text->replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text->replace('\r', '\n');
    return text;
}

} // namespace vitrine::ui
