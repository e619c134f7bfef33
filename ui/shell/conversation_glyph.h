// SPDX-License-Identifier: GPL-3.0-or-later
// The mark before a conversation's title, in its hue: a ring at rest, filled as far as its tokens lie in the
// KV cache and grey where none do; a broken ring when its last reply was interrupted, an arc while one is
// being written, an hourglass while one waits.
#pragma once

#include <QColor>
#include <QPointF>

#include "ui/chat/conversation_list.h"

class QPainter;

namespace vitrine::ui {

struct Tokens;

inline constexpr int kGlyph = 12; ///< room it takes

/// `kv`: ConversationList::KvRole.
void paintConversationGlyph(QPainter& painter, const QPointF& centre, const Tokens& tokens, const QColor& hue,
                            ConversationList::Activity activity, int kv = 0);

} // namespace vitrine::ui
