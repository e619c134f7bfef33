// SPDX-License-Identifier: GPL-3.0-or-later
// The theme: every colour of the design is there, texts are readable, switching reaches widgets.
#include <cmath>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/theme/style_sheet.h"
#include "ui/theme/tabular_text.h"
#include "ui/theme/theme.h"

using namespace vitrine::ui;

namespace {

double luminance(const QColor& colour)
{
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

/// The part of the design's CSS that holds for one look.
QString cssSection(const QString& css, const QString& theme)
{
    const qsizetype from = css.indexOf(QStringLiteral("[data-theme=%1]{").arg(theme));
    return css.mid(from, css.indexOf(QLatin1Char('}'), from) - from) +
           css.left(css.indexOf(QLatin1Char('}')));
}

int opaquePixels(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == colour;
    return count;
}

} // namespace

class ThemeTest : public QObject
{
    Q_OBJECT

private slots:
    void coloursAreThoseOfTheDesign_data()
    {
        QTest::addColumn<QString>("look");
        QTest::newRow("light") << QStringLiteral("light");
        QTest::newRow("dark") << QStringLiteral("dark");
    }

    void coloursAreThoseOfTheDesign()
    {
        QFETCH(QString, look);
        QFile file(QStringLiteral(VITRINE_TEST_DATA "/tokens.css"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString css = cssSection(QString::fromUtf8(file.readAll()), look);
        const Tokens& tokens = look == QStringLiteral("light") ? lightTokens() : darkTokens();
        int compared = 0;
        for (const TokenName& token : tokenNames()) {
            const QRegularExpression line(QStringLiteral("--%1:\\s*(#[0-9a-fA-F]{6})").arg(token.name));
            const auto match = line.match(css);
            if (!match.hasMatch())
                continue; // the scrim is written as rgba()
            ++compared;
            QCOMPARE((tokens.*token.colour).name(), QColor(match.captured(1)).name());
        }
        QCOMPARE(compared, int(tokenNames().size()) - 1);
        QVERIFY(tokens.scrim.alpha() > 0 && tokens.scrim.alpha() < 255);
    }

    void textIsReadableOnEverySurface()
    {
        for (const Tokens* t : {&lightTokens(), &darkTokens()}) {
            for (const QColor& surface : {t->window, t->panel, t->raised, t->userTurn, t->hover}) {
                QVERIFY(contrast(t->text, surface) >= 4.5);
                QVERIFY(contrast(t->secondary, surface) >= 4.5);
                QVERIFY(contrast(t->accentText, surface) >= 4.5);
            }
            QVERIFY(contrast(t->onAccent, t->accentFill) >= 4.5);
            QVERIFY(contrast(t->danger, t->dangerTint) >= 4.5);
            QVERIFY(contrast(t->text, t->find) >= 4.5);
            QVERIFY(contrast(t->text, t->findCurrent) >= 4.5);
            for (const QColor& chosen : {t->select, t->hover}) { // rows of lists and of the palette
                QVERIFY(contrast(t->text, chosen) >= 4.5);
                QVERIFY(contrast(t->secondary, chosen) >= 4.5);
                QVERIFY(contrast(t->accentText, chosen) >= 4.5);
            }
            QVERIFY(contrast(t->warning, t->warningTint) >= 4.5);
            QVERIFY(contrast(t->ok, t->okTint) >= 4.5);
            for (const QColor& surface : {t->panel, t->raised, t->window}) // a focus ring has to be seen
                QVERIFY(contrast(t->accent, surface) >= 3);
            for (const QColor& ink : {t->keyword, t->string, t->comment, t->function, t->number, t->type})
                QVERIFY(contrast(ink, t->codeBackground) >= 4.5);
        }
    }

    void styleSheetLeavesNoNameUnresolved()
    {
        const QString sheet = buildStyleSheet(lightTokens());
        QVERIFY(sheet.size() > 1000);
        QVERIFY2(!sheet.contains(QLatin1Char('@')), qPrintable(sheet.mid(sheet.indexOf('@'), 40)));
        QVERIFY(sheet != buildStyleSheet(darkTokens()));
    }

    void styleSheetWritesNoColourItself()
    {
        QFile file(QStringLiteral(":/style.qss"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString source = QString::fromUtf8(file.readAll());
        const QRegularExpression literal(QStringLiteral("#[0-9a-fA-F]{3,8}\\b|rgba?\\("));
        QVERIFY(!literal.match(source).hasMatch());
    }

    void switchingAnnouncesOnceAndOnlyWhenTheLookChanges()
    {
        Theme theme;
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setChoice(ThemeChoice::Dark);
        QVERIFY(theme.isDark());
        theme.setSystemDark(true);
        theme.setChoice(ThemeChoice::System);
        QCOMPARE(changed.count(), 1);
        theme.setSystemDark(false);
        QVERIFY(!theme.isDark());
        theme.setChoice(ThemeChoice::Light);
        QCOMPARE(changed.count(), 2);
    }

    void paletteFollowsTheTheme()
    {
        Theme theme;
        theme.applyTo(*qApp);
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightTokens().panel);
        theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkTokens().panel);
        theme.setChoice(ThemeChoice::Light);
    }

    void everyIconRendersInTheColourAskedFor()
    {
        const QDir icons(QStringLiteral(":/icons"));
        QVERIFY(icons.entryList().size() > 40);
        for (const QString& file : icons.entryList()) {
            const QPixmap pixmap = iconPixmap(QString(file).chopped(4), Qt::red, 20, 2.0);
            QCOMPARE(pixmap.size(), QSize(40, 40));
            QCOMPARE(pixmap.devicePixelRatio(), 2.0);
            QVERIFY2(opaquePixels(pixmap.toImage(), Qt::red) > 4, qPrintable(file));
        }
    }

    void iconsChangeColourWithTheTheme()
    {
        Theme theme;
        const QIcon icon = theme.icon(QStringLiteral("stop"));
        QVERIFY(opaquePixels(icon.pixmap(QSize(64, 64)).toImage(), lightTokens().secondary) > 0);
        theme.setChoice(ThemeChoice::Dark);
        QVERIFY(opaquePixels(icon.pixmap(QSize(64, 64)).toImage(), darkTokens().secondary) > 0);
        const QPixmap on = icon.pixmap(QSize(64, 64), QIcon::Normal, QIcon::On);
        QVERIFY(opaquePixels(on.toImage(), darkTokens().accentText) > 0);
    }

    void typeScaleIsInLogicalPixels()
    {
        Theme theme;
        QCOMPARE(theme.font(TextSize::Body).pointSizeF(), 10.125);
        QCOMPARE(theme.font(TextSize::Small).pointSizeF(), 9.0);
        QCOMPARE(theme.font(TextSize::Title, QFont::DemiBold).weight(), QFont::DemiBold);
        QVERIFY(theme.fixedFont(TextSize::Body).families().size() >= 2);
    }

    void zoomScalesTypeAndSizesButNotLines()
    {
        Theme theme;
        theme.applyTo(*qApp);
        QLabel named(QStringLiteral("text"));
        named.setFont(theme.font(TextSize::Title));
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setZoom(200);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(theme.font(TextSize::Body).pointSizeF(), 20.25);
        QCOMPARE(QApplication::font().pointSizeF(), 20.25);
        QCOMPARE(named.font().pointSizeF(), 30.0);
        QCOMPARE(theme.scaled(kRowHeight), 64);
        theme.setZoom(1000);
        QCOMPARE(theme.zoom(), Theme::kLargestZoom);
        QCOMPARE(changed.count(), 1);
        theme.setZoom(1);
        QCOMPARE(theme.zoom(), Theme::kSmallestZoom);
        theme.setZoom(100);
        QVERIFY2(qAbs(named.font().pointSizeF() - 15.0) < 0.1, // back where it was
                 qPrintable(QString::number(named.font().pointSizeF())));
    }

    void styleSheetFollowsTheZoom()
    {
        const QString usual = buildStyleSheet(lightTokens());
        const QString large = buildStyleSheet(lightTokens(), 200);
        QVERIFY(usual.contains(QStringLiteral("font-size: 9pt")));
        QVERIFY(large.contains(QStringLiteral("font-size: 18pt")) &&
                !large.contains(QStringLiteral(": 9pt")));
        QVERIFY(large.contains(QStringLiteral("border: 1px solid")) && large.contains("border-radius: 8px"));
        QCOMPARE(large.count(QLatin1Char('{')), usual.count(QLatin1Char('{')));
        QVERIFY(buildStyleSheet(lightTokens(), 80).contains(QStringLiteral("font-size: 7.2pt")));
    }

    void figuresAllHaveOneWidth()
    {
        Theme theme;
        const QFont font = theme.font(TextSize::Body);
        QCOMPARE(tabularWidth(font, QStringLiteral("1,111")), tabularWidth(font, QStringLiteral("8,000")));
        QImage image(100, 30, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        const qreal end = drawTabular(painter, font, 10, 20, QStringLiteral("12 %"));
        QVERIFY(qAbs(end - 10 - tabularWidth(font, QStringLiteral("12 %"))) < 0.01);
    }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
