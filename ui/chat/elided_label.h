// SPDX-License-Identifier: GPL-3.0-or-later
// One line of text with an ellipsis where it does not fit (at its end, unless told otherwise); the whole text
// is in the tooltip then.
#pragma once

#include <QLabel>

namespace vitrine::ui {

class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    void setFullText(const QString& text);
    const QString& fullText() const { return m_full; }
    void setElideMode(Qt::TextElideMode mode) { m_mode = mode; } ///< before the text
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void elide();
    QString m_full;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

} // namespace vitrine::ui
