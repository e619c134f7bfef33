// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

#include <QFile>
#include <QHash>
#include <QRegularExpression>

namespace vitrine::ui {
namespace {

QString cssColour(const QColor& colour)
{
    return QStringLiteral("rgba(%1,%2,%3,%4)")
        .arg(colour.red())
        .arg(colour.green())
        .arg(colour.blue())
        .arg(colour.alpha());
}

/// Round marks: all their lengths grow together, else they would be neither round nor of one size.
bool isOfMarks(const QString& sheet, qsizetype at)
{
    const qsizetype begin = sheet.lastIndexOf(QLatin1Char('}'), at);
    return QStringView(sheet).mid(begin + 1, at - begin - 1).contains(QLatin1String("::indicator"));
}

/// Elsewhere they are lines, corners and the system's own parts.
bool isMarksAlone(const QString& property)
{
    return property.startsWith(QLatin1String("border")) || property == QLatin1String("width") ||
           property == QLatin1String("height");
}

/// Borders are lines, and a border's width is taken off the height beside it in the sheet: both stay exact.
QString zoomed(const QString& sheet, int zoom)
{
    if (zoom == 100)
        return sheet;
    static const QRegularExpression size(
        QStringLiteral("(min-height|max-height|min-width|max-width|padding(?:-left)?|font-size|spacing|"
                       "border-radius|border|(?<![-a-z])width|(?<![-a-z])height):([^;}]*)"));
    static const QRegularExpression length(QStringLiteral("(\\d+)(px|pt)"));
    QString result;
    qsizetype from = 0;
    for (auto it = size.globalMatch(sheet); it.hasNext();) {
        const auto match = it.next();
        if (isMarksAlone(match.captured(1)) && !isOfMarks(sheet, match.capturedStart()))
            continue;
        result += sheet.mid(from, match.capturedStart() - from) + match.captured(1) + QLatin1Char(':');
        const QString value = match.captured(2);
        qsizetype at = 0;
        for (auto inner = length.globalMatch(value); inner.hasNext();) {
            const auto one = inner.next();
            const bool points = one.captured(2) == QLatin1String("pt");
            const qreal scaled = one.captured(1).toDouble() * zoom / 100;
            result += value.mid(at, one.capturedStart() - at) +
                      (points ? QString::number(scaled) : QString::number(qRound(scaled))) + one.captured(2);
            at = one.capturedEnd();
        }
        result += value.mid(at);
        from = match.capturedEnd();
    }
    return result + sheet.mid(from);
}

} // namespace

QString buildStyleSheet(const Tokens& tokens, int zoom)
{
    QFile file(QStringLiteral(":/style.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString source = QString::fromUtf8(file.readAll());
    QHash<QString, QString> values;
    for (const TokenName& token : tokenNames())
        values.insert(QString::fromLatin1(token.name), cssColour(tokens.*token.colour));

    static const QRegularExpression reference(QStringLiteral("@([a-z][a-z0-9-]*)"));
    QString sheet;
    qsizetype from = 0;
    for (auto it = reference.globalMatch(source); it.hasNext();) {
        const auto match = it.next();
        sheet += source.mid(from, match.capturedStart() - from);
        sheet += values.value(match.captured(1), match.captured(0));
        from = match.capturedEnd();
    }
    return zoomed(sheet + source.mid(from), zoom);
}

QPalette buildPalette(const Tokens& t)
{
    QPalette palette(t.raised, t.window);
    palette.setColor(QPalette::Window, t.panel);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.raised);
    palette.setColor(QPalette::AlternateBase, t.panel);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::PlaceholderText, t.secondary);
    palette.setColor(QPalette::Button, t.raised);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::BrightText, t.danger);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Highlight, t.select);
    palette.setColor(QPalette::HighlightedText, t.text);
    palette.setColor(QPalette::Link, t.accentText);
    palette.setColor(QPalette::LinkVisited, t.accentText);
    palette.setColor(QPalette::Light, t.raised);
    palette.setColor(QPalette::Midlight, t.hover);
    palette.setColor(QPalette::Mid, t.border);
    palette.setColor(QPalette::Dark, t.borderStrong);
    palette.setColor(QPalette::Shadow, t.borderStrong);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faded = t.secondary;
        faded.setAlphaF(0.6f);
        palette.setColor(QPalette::Disabled, role, faded);
    }
    return palette;
}

} // namespace vitrine::ui
