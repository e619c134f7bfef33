// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/token_counter.h"
#include "ui/bridge/engine_text.h"

#include <exception>

namespace vitrine::ui {

namespace {

TokenCount countTokens(const engine::PromptEncoder& encoder, const engine::Prompt& prompt)
{
    TokenCount count;
    const engine::Result<std::vector<engine::TokenId>> tokens = encoder.encode(prompt);
    if (!tokens) {
        count.error = EngineText::translated(tokens.error().message);
        return count;
    }
    count.known = true;
    count.tokens = quint32(tokens->size());
    if (const auto* messages = std::get_if<std::vector<engine::ChatMessage>>(&prompt))
        for (const engine::ChatMessage& message : *messages)
            count.messages.append(encoder.countText(message.content));
    return count;
}

TokenCount guardedCount(const engine::PromptEncoder* encoder, const engine::Prompt& prompt)
{
    if (encoder == nullptr)
        return {};
    try {
        return countTokens(*encoder, prompt);
    } catch (const std::exception& failure) { // memory, above all
        TokenCount count;
        count.error = QString::fromUtf8(failure.what());
        return count;
    }
}

} // namespace

TokenCounter::TokenCounter(QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

TokenCounter::~TokenCounter()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void TokenCounter::setEncoder(std::shared_ptr<const engine::PromptEncoder> encoder)
{
    const std::lock_guard lock(m_mutex);
    m_encoder.swap(encoder); // what was there goes after the lock
}

void TokenCounter::count(quint64 id, engine::Prompt prompt)
{
    m_pool.start([this, id, prompt = std::move(prompt)] {
        std::shared_ptr<const engine::PromptEncoder> encoder;
        {
            const std::lock_guard lock(m_mutex);
            encoder = m_encoder;
        }
        const TokenCount count = guardedCount(encoder.get(), prompt);
        QMetaObject::invokeMethod(
            this, [this, id, count] { emit counted(id, count); }, Qt::QueuedConnection);
    });
}

} // namespace vitrine::ui
