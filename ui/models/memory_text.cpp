// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/memory_text.h"

#include <QLocale>

namespace vitrine::ui {

QString sizeText(quint64 bytes)
{
    constexpr double kMebi = 1 << 20, kGibi = 1 << 30;
    const QLocale locale;
    if (double(bytes) >= 0.1 * kGibi)
        return locale.toString(double(bytes) / kGibi, 'f', 2) + QStringLiteral(" GiB");
    if (double(bytes) >= 0.1 * kMebi)
        return locale.toString(double(bytes) / kMebi, 'f', double(bytes) < 10 * kMebi ? 1 : 0) +
               QStringLiteral(" MiB");
    return locale.toString(double(bytes) / 1024, 'f', 1) + QStringLiteral(" KiB");
}

QString mebibytesText(quint64 bytes)
{
    const double mebibytes = double(bytes) / (1 << 20);
    const bool whole = mebibytes >= 100 || mebibytes == double(quint64(mebibytes));
    return QLocale().toString(mebibytes, 'f', whole ? 0 : 1) + QStringLiteral(" MiB");
}

QString tokensText(quint64 tokens)
{
    return QLocale().toString(tokens);
}

QString shortTokens(quint64 tokens)
{
    if (tokens < 1000)
        return QLocale().toString(tokens);
    const double thousands = double(tokens) / (tokens % 1024 == 0 ? 1024 : 1000);
    const bool round = thousands >= 100 || thousands == double(quint64(thousands));
    return QLocale().toString(thousands, 'f', round ? 0 : 1) + QStringLiteral(" k");
}

QString parametersText(quint64 count)
{
    if (count >= 1'000'000'000)
        return QLocale().toString(double(count) / 1e9, 'f', 2) + QStringLiteral(" B");
    return QLocale().toString(double(count) / 1e6, 'f', 1) + QStringLiteral(" M");
}

QString formatName(engine::KvFormat format)
{
    switch (format) {
    case engine::KvFormat::F32:
        return QStringLiteral("f32");
    case engine::KvFormat::F16:
        return QStringLiteral("f16");
    case engine::KvFormat::Int8:
        return QStringLiteral("int8");
    case engine::KvFormat::BF16:
        break;
    }
    return QStringLiteral("bf16");
}

} // namespace vitrine::ui
