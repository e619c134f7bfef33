// SPDX-License-Identifier: GPL-3.0-or-later
// Whether there is a session bus to talk to. Any thread.
#pragma once

namespace vitrine::ui {

/// Connecting where there is no bus would start one, which takes its time.
bool sessionBusIsThere();

} // namespace vitrine::ui
