// SPDX-License-Identifier: GPL-3.0-or-later
// The choice between the two usual ways to send, as settings offer it. What counts are the keys of the
// command "input.send": nothing is kept beside them. Thread: UI.
#pragma once

namespace vitrine::ui {

class CommandSet;
class KeyBook;

enum class SendWith { Enter, CtrlEnter, Other };

SendWith sendsWith(const KeyBook& keys);
/// Other: nothing happens. REQUIRES: the command is one of the set.
void sendWith(CommandSet& commands, SendWith choice);

} // namespace vitrine::ui
