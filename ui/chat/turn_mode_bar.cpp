// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/turn_mode_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

TurnModeBar::TurnModeBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_icon(new QLabel(this)), m_text(new QLabel(this)),
      m_cancel(new QToolButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace3, 0, kSpace1, kSpace1);
    row->setSpacing(kSpace2);
    m_text->setProperty("role", "small");
    m_cancel->setIcon(theme.icon(QStringLiteral("close")));
    m_cancel->setAccessibleName(tr("Cancel"));
    m_cancel->setToolTip(tr("Cancel"));
    m_cancel->setProperty("command", QStringLiteral("input.stop"));
    m_cancel->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, &TurnModeBar::cancelled);
    connect(&theme, &Theme::changed, this, &TurnModeBar::showText);
    hide();
}

void TurnModeBar::begin(Mode mode, MessageId message)
{
    m_mode = mode;
    m_message = message;
    showText();
    setVisible(mode != Mode::None);
}

void TurnModeBar::end()
{
    m_mode = Mode::None;
    m_message = {};
    hide();
}

void TurnModeBar::showText()
{
    const bool edit = m_mode == Mode::Edit;
    m_icon->setPixmap(iconPixmap(edit ? QStringLiteral("edit") : QStringLiteral("branch"),
                                 m_theme.tokens().accent, m_theme.scaled(kIconSize), devicePixelRatioF()));
    m_text->setText(edit ? tr("You are wording a message anew. The old one stays as another version.")
                         : tr("Your message begins a new branch after the reply above. The others stay."));
    setAccessibleName(m_text->text());
}

} // namespace vitrine::ui
