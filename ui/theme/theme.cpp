// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <QApplication>
#include <QFontDatabase>
#include <QPointer>
#include <QWidget>

#include "ui/theme/style_sheet.h"
#include "ui/theme/vitrine_style.h"

namespace vitrine::ui {
namespace {

/// Inter where it is installed, else the system's face; then a face that has Chinese.
QStringList textFamilies()
{
    QStringList families;
    if (QFontDatabase::hasFamily(QStringLiteral("Inter")))
        families << QStringLiteral("Inter");
    families << QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    families << QStringLiteral("Noto Sans CJK SC");
    return families;
}

/// The system's face; where that is only a name for "any", DejaVu, else it might be the narrow Latin of a
/// Chinese face.
QStringList fixedFamilies()
{
    QStringList families;
    const QString system = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    if (!QFontDatabase::hasFamily(system) && QFontDatabase::hasFamily(QStringLiteral("DejaVu Sans Mono")))
        families << QStringLiteral("DejaVu Sans Mono");
    families << system << QStringLiteral("Noto Sans Mono CJK SC");
    return families;
}

using OwnFonts = std::vector<std::pair<QPointer<QWidget>, QFont>>;

/// Of the widgets that were given one by setFont(): it would stay as it is.
OwnFonts ownFonts()
{
    OwnFonts own;
    for (QWidget* widget : QApplication::allWidgets())
        if (widget->testAttribute(Qt::WA_SetFont) && widget->font().pointSizeF() > 0)
            own.emplace_back(widget, widget->font());
    return own;
}

/// A new style sheet puts fonts back to what they were before a zoom, so they are read before it.
void restore(const OwnFonts& own, qreal factor)
{
    for (auto [widget, font] : own) {
        font.setPointSizeF(font.pointSizeF() * factor);
        if (widget)
            widget->setFont(font);
    }
}

} // namespace

qreal pointSize(TextSize size)
{
    constexpr qreal kPointsPerPixel = 72.0 / 96.0;
    switch (size) {
    case TextSize::Small:
        return 12 * kPointsPerPixel;
    case TextSize::Body:
        return 13.5 * kPointsPerPixel;
    case TextSize::Reading:
        return 16 * kPointsPerPixel;
    case TextSize::Title:
        return 20 * kPointsPerPixel;
    }
    return 13.5 * kPointsPerPixel;
}

Theme::Theme(QObject* parent) : QObject(parent) {}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    refresh();
}

void Theme::setSystemDark(bool dark)
{
    m_systemDark = dark;
    refresh();
}

void Theme::refresh()
{
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemDark);
    if (dark == m_dark)
        return;
    m_dark = dark;
    if (m_application) {
        const OwnFonts own = ownFonts();
        install();
        restore(own, 1);
    }
    emit changed();
}

void Theme::setZoom(int percent)
{
    const int zoom = std::clamp(percent, kSmallestZoom, kLargestZoom);
    if (zoom == m_zoom)
        return;
    const qreal factor = qreal(zoom) / m_zoom;
    m_zoom = zoom;
    if (m_application) {
        const OwnFonts own = ownFonts();
        QApplication::setFont(font(TextSize::Body));
        install();
        restore(own, factor);
    }
    emit changed();
}

void Theme::applyTo(QApplication& application)
{
    m_application = &application;
    QApplication::setStyle(new VitrineStyle(*this));
    QApplication::setFont(font(TextSize::Body));
    install();
    emit changed();
}

void Theme::install()
{
    QApplication::setPalette(buildPalette(tokens()));
    m_application->setStyleSheet(buildStyleSheet(tokens(), m_zoom));
}

QFont Theme::font(TextSize size, QFont::Weight weight) const
{
    static const QStringList families = textFamilies();
    QFont font;
    font.setFamilies(families);
    font.setPointSizeF(points(size));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont Theme::fixedFont(TextSize size) const
{
    static const QStringList families = fixedFamilies();
    QFont font;
    font.setFamilies(families);
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(points(size));
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace vitrine::ui
