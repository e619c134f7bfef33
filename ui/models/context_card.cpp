// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/context_card.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "ui/models/mark_slider.h"
#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr int kScaleHeight = 20;
constexpr quint32 kBlock = 16; // tokens

QLabel* smallLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setProperty("role", "small");
    return label;
}

} // namespace

ContextCard::ContextCard(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    build();
    connect(m_slider, &QSlider::valueChanged, this, &ContextCard::choose);
    connect(&theme, &Theme::changed, this, &ContextCard::placeMark);
    retranslate();
}

void ContextCard::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace2);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_value = new QLabel;
    m_value->setFont(m_theme.font(TextSize::Body, QFont::Medium));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_value);
    column->addLayout(head);
    m_slider = new MarkSlider(m_theme);
    m_slider->setPageStep(4);
    column->addWidget(m_slider);
    m_scale = new QWidget;
    m_theme.follow(m_scale, [this] { m_scale->setFixedHeight(m_theme.scaled(kScaleHeight)); });
    m_first = smallLabel(m_scale);
    m_mark = smallLabel(m_scale);
    m_last = smallLabel(m_scale);
    column->addWidget(m_scale);
    m_note = smallLabel(this);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    column->addStretch(1);
}

void ContextCard::setRange(quint32 most, quint64 fitting)
{
    m_most = std::max(most, kLeast);
    m_fitting = fitting;
    m_setting = true;
    m_slider->setRange(int(kLeast / kStep), int(m_most / kStep));
    m_slider->setMark(fitting >= m_most ? -1 : int(fitting / kStep));
    m_setting = false;
    retranslate();
}

void ContextCard::setTokens(quint32 tokens)
{
    m_tokens = std::clamp(tokens, kLeast, m_most);
    m_setting = true;
    m_slider->setValue(int(m_tokens / kStep));
    m_setting = false;
    retranslate();
}

void ContextCard::choose(int step)
{
    if (m_setting)
        return;
    m_tokens = std::min(quint32(step) * kStep, m_most);
    retranslate();
    emit tokensChosen(m_tokens);
}

QString ContextCard::fittingText() const
{
    return m_mark->isHidden() ? QString() : m_mark->text();
}

void ContextCard::retranslate()
{
    m_title->setText(tr("Context to reserve"));
    m_value->setText(tr("%1 tokens").arg(tokensText(m_tokens)));
    m_first->setText(shortTokens(kLeast));
    m_last->setText(shortTokens(m_most));
    m_mark->setText(tr("%1 fits").arg(shortTokens(m_fitting)));
    m_mark->setVisible(m_fitting < m_most);
    m_note->setText(
        tr("%1 blocks of %2 tokens, shared by all chats")
            .arg(QLocale().toString((m_tokens + kBlock - 1) / kBlock), QLocale().toString(kBlock)));
    m_slider->setAccessibleName(tr("Context to reserve"));
    m_slider->setAccessibleDescription(m_value->text());
    placeMark();
}

/// Under its place on the slider, without meeting the ends' labels.
void ContextCard::placeMark()
{
    for (QLabel* label : {m_first, m_last, m_mark})
        label->resize(label->sizeHint());
    QPalette ink = m_mark->palette();
    ink.setColor(QPalette::WindowText, m_theme.tokens().ok);
    m_mark->setPalette(ink);
    m_first->move(0, 0);
    m_last->move(m_scale->width() - m_last->width(), 0);
    const int least = m_first->width() + kSpace2;
    const int most = m_last->x() - kSpace2 - m_mark->width();
    const int wanted = int(m_slider->xOf(int(m_fitting / kStep))) - m_mark->width() / 2;
    m_mark->move(std::max(least, std::min(wanted, most)), 0);
}

void ContextCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    layout()->activate();
    placeMark();
}

void ContextCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
