// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/prompt_card.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace vitrine::ui {

PromptCard::PromptCard(const Theme& theme, const QString& icon, const QString& heading, const QString& prompt,
                       QWidget* parent)
    : QPushButton(parent), m_theme(theme), m_iconName(icon), m_prompt(prompt), m_icon(new QLabel(this))
{
    setProperty("kind", "card");
    setAccessibleName(heading);
    setAccessibleDescription(prompt);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);

    auto* title = new QLabel(heading, this);
    title->setFont(theme.font(TextSize::Body, QFont::DemiBold));
    auto* text = new QLabel(prompt, this);
    text->setProperty("role", "secondary");
    text->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace1);
    column->addWidget(m_icon);
    column->addSpacing(kSpace2);
    column->addWidget(title);
    column->addWidget(text);
    column->addStretch();
    for (QLabel* label : {m_icon, title, text}) {
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        label->setTextFormat(Qt::PlainText);
    }
    refreshIcon();
    connect(&theme, &Theme::changed, this, &PromptCard::refreshIcon);
}

QSize PromptCard::sizeHint() const
{
    return {220, heightForWidth(220)};
}

QSize PromptCard::minimumSizeHint() const
{
    return {160, layout()->minimumSize().height()};
}

int PromptCard::heightForWidth(int width) const
{
    return layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width)
                                         : layout()->sizeHint().height();
}

void PromptCard::refreshIcon()
{
    m_icon->setPixmap(iconPixmap(m_iconName, m_theme.tokens().accentText, m_theme.scaled(kIconSize),
                                 m_icon->devicePixelRatioF()));
}

} // namespace vitrine::ui
