// SPDX-License-Identifier: GPL-3.0-or-later
// Counts the tokens of prompts beside everything else: on a thread of its own, one count after another, also
// while the engine computes.
//
// Thread: the window's, but setEncoder(), which the engine thread calls. No call waits, but the destructor
// for the count under way.
#pragma once

#include <memory>

#include <QList>
#include <QMetaType>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include "engine/base/ordered_mutex.h"
#include "engine/prompt/prompt_encoder.h"

namespace vitrine::ui {

struct TokenCount
{
    bool known = false;      ///< else there is no model, or the model's template refuses the messages
    QString error;           ///< why not; empty without a model
    quint32 tokens = 0;      ///< of the whole prompt, with what the template adds
    QList<quint32> messages; ///< of each message's text alone; empty where the prompt is no messages
};

class TokenCounter : public QObject
{
    Q_OBJECT

public:
    explicit TokenCounter(QObject* parent = nullptr);
    ~TokenCounter() override;

    /// Of the model that answers from now on; null: none.
    void setEncoder(std::shared_ptr<const engine::PromptEncoder> encoder);
    /// Answered by one counted(), in order.
    void count(quint64 id, engine::Prompt prompt);

signals:
    void counted(quint64 id, const vitrine::ui::TokenCount& count);

private:
    engine::OrderedMutex m_mutex{engine::LockOrder::TokenCounter};
    std::shared_ptr<const engine::PromptEncoder> m_encoder; // guarded by m_mutex
    QThreadPool m_pool;
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::TokenCount)
