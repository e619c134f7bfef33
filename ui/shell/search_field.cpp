// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/search_field.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

SearchField::SearchField(const Theme& theme, QWidget* parent) : QLineEdit(parent), m_theme(theme)
{
    setMaxLength(1000); // nobody searches for more; a paste may be anything
    setFont(theme.font(TextSize::Body));
    theme.follow(this, [this] { setTextMargins(m_theme.scaled(kIconSize) + kSpace1, 0, 0, 0); });
    QAction* clear = addAction(theme.icon(QStringLiteral("close")), TrailingPosition);
    clear->setVisible(false);
    m_clear = findChild<QToolButton*>();
    connect(clear, &QAction::triggered, this, &QLineEdit::clear);
    connect(this, &QLineEdit::textChanged, clear,
            [clear](const QString& text) { clear->setVisible(!text.isEmpty()); });
    retranslate();
}

void SearchField::retranslate()
{
    setPlaceholderText(tr("Search"));
    setAccessibleName(tr("Search in all chats"));
    if (m_clear != nullptr)
        m_clear->setAccessibleName(tr("Clear the search"));
}

void SearchField::setKeys(const QString& keys)
{
    m_keys = keys;
    update();
}

void SearchField::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down) {
        emit leftDownwards();
    } else if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
    } else if (event->key() == Qt::Key_Escape) {
        emit left();
    } else {
        QLineEdit::keyPressEvent(event);
    }
}

void SearchField::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QLineEdit::changeEvent(event);
}

void SearchField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const int side = m_theme.scaled(kIconSize);
    const QPixmap glass =
        iconPixmap(QStringLiteral("search"), m_theme.tokens().secondary, side, devicePixelRatioF());
    painter.drawPixmap(QPointF(kSpace2 + 1, (height() - side) / 2.0), glass);
    if (!text().isEmpty() || m_keys.isEmpty())
        return;
    const QFont font = m_theme.font(TextSize::Small);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(rect().adjusted(0, 0, -kSpace2, 0), Qt::AlignRight | Qt::AlignVCenter, m_keys);
}

} // namespace vitrine::ui
