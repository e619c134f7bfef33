// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/command.h"

#include <QCoreApplication>

namespace vitrine::ui {

QString commandTitle(const Command& command)
{
    return QCoreApplication::translate("Commands", command.title);
}

QString commandGroupTitle(CommandGroup group)
{
    switch (group) {
    case CommandGroup::Chat:
        return QCoreApplication::translate("Commands", "Chat");
    case CommandGroup::Window:
        return QCoreApplication::translate("Commands", "Window");
    case CommandGroup::Models:
        return QCoreApplication::translate("Commands", "Models");
    case CommandGroup::Profiler:
        return QCoreApplication::translate("Commands", "Profiler");
    }
    return {};
}

} // namespace vitrine::ui
