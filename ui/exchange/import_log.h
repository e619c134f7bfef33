// SPDX-License-Identifier: GPL-3.0-or-later
// What readers note while they read: what was left out and why. Texts are translated. Thread: one.
#pragma once

#include <QCoreApplication>

#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

class ImportLog
{
    Q_DECLARE_TR_FUNCTIONS(ImportLog)

public:
    static constexpr int kMostProblems = 20; ///< told of; all are counted

    /// `fallbackTime`: of chats that say no time at all, ms since the epoch.
    explicit ImportLog(const ExchangeLimits& bounds, qint64 fallbackTime)
        : limits(bounds), m_fallbackTime(fallbackTime)
    {}

    /// `number` from 1, `line` from 1 where its text begins in the file; `line` 0: unknown.
    void beginChat(qint64 number, qint64 line);
    void leaveOutChat(const QString& why);
    void leaveOutMessage(const QString& why);
    /// Takes over a chat, settled; or says why not.
    void take(ExchangedChat chat);
    bool isFull() const
    {
        return m_messages >= limits.messages || result.contents.chats.size() >= limits.chats;
    }

    const ExchangeLimits limits;
    ImportResult result;

private:
    void note(const QString& why);

    const qint64 m_fallbackTime;
    qint64 m_number = 0;
    qint64 m_line = 0;
    qint64 m_messages = 0;
};

} // namespace vitrine::ui
