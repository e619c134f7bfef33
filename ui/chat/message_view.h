// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of a conversation, painted by itself: only what is on screen is laid out, and while a reply
// streams only its last block is laid out again. Thread: UI.
#pragma once

#include <QAbstractScrollArea>

namespace vitrine::ui {

class Conversation;
class Theme;

class MessageView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit MessageView(const Theme& theme, QWidget* parent = nullptr);
    ~MessageView() override;

    void setConversation(Conversation* conversation);
    void setNarrow(bool narrow);
    void scrollToEnd();
};

} // namespace vitrine::ui
