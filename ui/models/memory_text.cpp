// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/memory_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace vitrine::ui {

namespace {

struct MemoryText
{
    Q_DECLARE_TR_FUNCTIONS(MemoryText)
};

} // namespace

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

QString parametersText(const QString& all, const QString& active, quint64 expertsPerToken, quint64 experts)
{
    const QLocale locale;
    return experts == 0 ? all
                        : MemoryText::tr("%1, %2 a token (%3 of %4 experts)")
                              .arg(all, active, locale.toString(expertsPerToken), locale.toString(experts));
}

QString parametersShortly(quint64 all, quint64 active, quint64 experts)
{
    return experts == 0 ? parametersText(all)
                        : MemoryText::tr("%1, %2 active").arg(parametersText(all), parametersText(active));
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
    case engine::KvFormat::FP8:
        return QStringLiteral("fp8");
    case engine::KvFormat::BF16:
        break;
    }
    return QStringLiteral("bf16");
}

} // namespace vitrine::ui
