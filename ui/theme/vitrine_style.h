// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion with our icons where Qt's own dialogs (the file dialog above all) would show theirs, and without
// icons on dialog buttons. UI thread; the Theme outlives it.
#pragma once

#include <QProxyStyle>

namespace vitrine::ui {

class Theme;

class VitrineStyle : public QProxyStyle
{
    Q_OBJECT

public:
    explicit VitrineStyle(const Theme& theme);

    QIcon standardIcon(StandardPixmap which, const QStyleOption* option,
                       const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
