// SPDX-License-Identifier: GPL-3.0-or-later
// A reply's times in the form that the card under it shows. Thread: UI.
#pragma once

#include <optional>

#include "ui/chat/message.h"
#include "ui/chat/reply_details.h"
#include "ui/chat/why_card.h"

namespace vitrine::ui {

/// None where no times are known. The sentence says the longest part and who slowed the reply.
std::optional<ReplyBreakdown> breakdownOf(const Message& message);
std::optional<ReplyBreakdown> breakdownOf(const ReplyDetails& details);

} // namespace vitrine::ui
