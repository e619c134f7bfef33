// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/selection_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

SelectionBar::SelectionBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_label(new QLabel), m_moveMenu(new QMenu(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace4, kSpace2, kSpace2, kSpace2);
    row->setSpacing(kSpace1);
    m_label->setProperty("role", "small");
    row->addWidget(m_label, 1);
    m_move = addButton(QStringLiteral("folder"));
    m_move->setMenu(m_moveMenu);
    m_move->setPopupMode(QToolButton::InstantPopup);
    m_pin = addButton(QStringLiteral("pin"));
    m_export = addButton(QStringLiteral("export"));
    m_export->hide();
    m_remove = addButton(QStringLiteral("trash"));
    connect(m_pin, &QToolButton::clicked, this, [this] { emit pinRequested(!m_pinned); });
    connect(m_export, &QToolButton::clicked, this, &SelectionBar::exportRequested);
    connect(m_remove, &QToolButton::clicked, this, &SelectionBar::removalRequested);
    hide();
}

QToolButton* SelectionBar::addButton(const QString& icon)
{
    auto* button = new QToolButton;
    button->setIcon(m_theme.icon(icon));
    button->setFocusPolicy(Qt::TabFocus);
    layout()->addWidget(button);
    return button;
}

void SelectionBar::setSelection(int count, bool pinned)
{
    m_count = count;
    m_pinned = pinned;
    retranslate();
    setVisible(count > 1);
}

void SelectionBar::setExportAvailable(bool available)
{
    m_export->setVisible(available);
}

void SelectionBar::retranslate()
{
    m_label->setText(tr("%1 selected").arg(m_count));
    const std::pair<QToolButton*, QString> names[] = {
        {m_move, tr("Move to a folder")},
        {m_pin, m_pinned ? tr("Unpin") : tr("Pin")},
        {m_export, tr("Export")},
        {m_remove, tr("Delete %1 chats").arg(m_count)},
    };
    for (const auto& [button, name] : names) {
        button->setToolTip(name);
        button->setAccessibleName(name);
    }
}

void SelectionBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void SelectionBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().raised);
    painter.fillRect(0, 0, width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
