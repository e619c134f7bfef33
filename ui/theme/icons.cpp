// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

QByteArray svgSource(const QString& name, const QColor& colour)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
}

/// `pixels` are device pixels.
QPixmap renderSvg(const QString& name, const QColor& colour, const QSize& pixels)
{
    const QString key = QStringLiteral("vitrine/%1/%2/%3x%4")
                            .arg(name, colour.name(QColor::HexArgb))
                            .arg(pixels.width())
                            .arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svgSource(name, colour));
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        painter.setOpacity(colour.alphaF());
        renderer.render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QColor toneColour(const Tokens& tokens, IconTone tone)
{
    switch (tone) {
    case IconTone::Secondary:
        return tokens.secondary;
    case IconTone::Text:
        return tokens.text;
    case IconTone::Accent:
        return tokens.accentText;
    case IconTone::OnAccent:
        return tokens.onAccent;
    case IconTone::Danger:
        return tokens.danger;
    case IconTone::Warning:
        return tokens.warning;
    }
    return tokens.text;
}

class ThemedIconEngine : public QIconEngine
{
public:
    ThemedIconEngine(const Theme& theme, QString name, IconTone tone)
        : m_theme(theme), m_name(std::move(name)), m_tone(tone)
    {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap pixmap = renderSvg(m_name, colour(mode, state), (QSizeF(rect.size()) * ratio).toSize());
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return renderSvg(m_name, colour(mode, state), size);
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(m_theme, m_name, m_tone); }

private:
    QColor colour(QIcon::Mode mode, QIcon::State state) const
    {
        const Tokens& tokens = m_theme.tokens();
        QColor colour = toneColour(tokens, m_tone);
        if (state == QIcon::On && m_tone == IconTone::Secondary)
            colour = tokens.accentText;
        if (mode == QIcon::Active && m_tone == IconTone::Secondary && state == QIcon::Off)
            colour = tokens.text;
        if (mode == QIcon::Disabled) {
            colour = tokens.secondary;
            colour.setAlphaF(0.6f);
        }
        return colour;
    }

    const Theme& m_theme;
    QString m_name;
    IconTone m_tone;
};

} // namespace

QPixmap iconPixmap(const QString& name, const QColor& colour, int size, qreal devicePixelRatio)
{
    QPixmap pixmap = renderSvg(name, colour, (QSizeF(size, size) * devicePixelRatio).toSize());
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QIcon themedIcon(const Theme& theme, const QString& name, IconTone tone)
{
    return QIcon(new ThemedIconEngine(theme, name, tone));
}

} // namespace vitrine::ui
