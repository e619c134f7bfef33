// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_view.h"
namespace vitrine::ui {
MessageView::MessageView(const Theme&, QWidget* parent) : QAbstractScrollArea(parent) {}
MessageView::~MessageView() = default;
void MessageView::setConversation(Conversation*) {}
void MessageView::setNarrow(bool) {}
void MessageView::scrollToEnd() {}
} // namespace vitrine::ui
