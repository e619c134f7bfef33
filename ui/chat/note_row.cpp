// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/note_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

NoteRow::NoteRow(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_text(new QLabel(this)), m_action(new QPushButton(this))
{
    auto* icon = new QLabel;
    theme.follow(icon,
                 [icon, &theme] { icon->setPixmap(theme.icon("info").pixmap(theme.scaled(kIconSize))); });
    m_text->setProperty("role", "small");
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_action->setProperty("small", true);
    auto* close = new QToolButton;
    close->setIcon(theme.icon("close"));
    theme.follow(close, [close, &theme] { close->setIconSize(QSize(kSpace3, kSpace3) * theme.factor()); });
    close->setFocusPolicy(Qt::TabFocus);
    close->setAccessibleName(tr("Dismiss"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace2, 0, 0, 0);
    row->setSpacing(kSpace2);
    row->addWidget(icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, [this] {
        dismiss();
        emit dismissed();
    });
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto act = std::exchange(m_act, {});
        dismiss();
        if (act)
            act();
    });
    hide();
}

void NoteRow::say(const QString& text, const QString& action, std::function<void()> act)
{
    m_act = std::move(act);
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setVisible(!text.isEmpty());
}

void NoteRow::dismiss()
{
    say({});
}

QString NoteRow::text() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace vitrine::ui
