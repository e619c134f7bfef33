// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/session_bus.h"

#include <QFileInfo>

namespace vitrine::ui {

bool sessionBusIsThere()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
           (!runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus")));
}

} // namespace vitrine::ui
