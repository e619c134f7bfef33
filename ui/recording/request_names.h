// SPDX-License-Identifier: GPL-3.0-or-later
// What the requests of a recording are called on screen, and their conversations' hues. One owner, any
// thread.
#pragma once

#include <map>
#include <utility>

#include <QCoreApplication>
#include <QHash>

#include "engine/analysis/session.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

class RequestNames
{
    Q_DECLARE_TR_FUNCTIONS(RequestNames)

public:
    /// As the window has it; else a conversation is called what the recording says, and hues follow the order
    /// in which conversations are met.
    /// True when the title is new.
    bool set(quint64 conversation, const QString& title, std::size_t hue)
    {
        m_hues.insert(conversation, hue);
        return std::exchange(m_titles[conversation], title) != title;
    }
    QString titleOf(quint64 conversation) const { return m_titles.value(conversation); }
    RequestName of(engine::RequestId request, const engine::Session& session);

private:
    QHash<quint64, std::size_t> m_hues;
    QHash<quint64, QString> m_titles;
    std::size_t m_next = 0;
};

} // namespace vitrine::ui
