// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/away_note.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace vitrine::ui {

AwayNote::AwayNote(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_text(new QLabel), m_raise(new QPushButton), m_back(new QPushButton)
{
    m_text->setProperty("role", "secondary");
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kSpace2);
    buttons->addStretch(1);
    buttons->addWidget(m_raise);
    buttons->addWidget(m_back);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace3);
    column->addStretch(1);
    column->addWidget(m_text);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(m_raise, &QPushButton::clicked, this, &AwayNote::raiseRequested);
    connect(m_back, &QPushButton::clicked, this, &AwayNote::backRequested);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    retranslate();
}

void AwayNote::setTitle(const QString& title)
{
    m_title = title;
    retranslate();
}

void AwayNote::retranslate()
{
    m_text->setText(
        tr("“%1” is open in its own window, over the same time as the other views.").arg(m_title));
    m_raise->setText(tr("Show the window"));
    m_back->setText(tr("Put back into the page"));
}

void AwayNote::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.tokens().panel);
}

void AwayNote::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
