// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/command_tips.h"

#include <QApplication>
#include <QHelpEvent>
#include <QToolTip>
#include <QWidget>

#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/keycaps.h"

namespace vitrine::ui {

CommandTips::CommandTips(const CommandSet& commands, QObject* parent) : QObject(parent), m_commands(commands)
{
    qApp->installEventFilter(this);
}

QString CommandTips::tipOf(const QWidget& widget) const
{
    const QString tip = widget.toolTip();
    const QString keys = keyText(m_commands.keyOf(widget.property("command").toString()));
    return tip.isEmpty() || keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys);
}

bool CommandTips::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return false;
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || widget->property("command").isNull() || widget->toolTip().isEmpty())
        return false;
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), tipOf(*widget), widget);
    return true;
}

} // namespace vitrine::ui
