// SPDX-License-Identifier: GPL-3.0-or-later
// An engine with the default model (thin_model.h) in it, and what became of each request.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tests/engine/support/thin_model.h"

namespace vitrine::tests {

struct Reply
{
    std::vector<std::string> order; ///< "started", "prefill", "token", "finished" as they came
    std::string text;
    std::vector<engine::TokenId> tokens;
    std::uint32_t prefillComputed = 0;
    engine::RequestFinished end;

    bool finished() const { return end.reason != engine::FinishReason::None; }
};

/// Small pools and two threads: enough for tests, and the same everywhere.
inline engine::EngineOptions testOptions()
{
    engine::EngineOptions options;
    options.executor.threads = 2;
    options.executor.deterministic = true;
    options.kvBlocks = 512;
    options.blockSize = 16;
    return options;
}

class RealEngine
{
public:
    using Wrap = std::function<std::unique_ptr<engine::Executor>(std::unique_ptr<engine::Executor>)>;

    /// `alsoTell` hears every event after it was noted here.
    explicit RealEngine(engine::Engine::EventSink alsoTell = {})
    {
        m_engine.subscribe([this, alsoTell = std::move(alsoTell)](const engine::EngineEvent& event) {
            take(event);
            if (alsoTell)
                alsoTell(event);
        });
    }

    /// Loads the default model; the error's message, or empty.
    std::string load(const engine::EngineOptions& options = testOptions())
    {
        return loadFound(servedModel(), options);
    }

    /// Loads a file. With `wrap` its executor is put into another one first.
    std::string load(const std::string& path, const engine::EngineOptions& options, const Wrap& wrap = {})
    {
        engine::Result<engine::PreparedModel> prepared = engine::prepareModel(path, options);
        if (!prepared)
            return prepared.error().message;
        if (wrap)
            prepared->executor = wrap(std::move(prepared->executor));
        m_engine.install(std::move(*prepared));
        return {};
    }

    engine::RequestId submit(engine::GenerationRequest request)
    {
        const engine::Result<engine::RequestId> id = m_engine.submit(std::move(request));
        return id ? *id : engine::RequestId{};
    }

    /// Steps until nothing is left to do; false when that takes more than `most` steps.
    bool run(int most = 100'000)
    {
        for (int i = 0; i < most && m_engine.hasWork(); ++i) {
            if (!m_engine.step())
                return false;
        }
        return !m_engine.hasWork();
    }

    engine::Engine& engine() { return m_engine; }
    Reply& reply(engine::RequestId id) { return m_replies[id]; }

    std::vector<engine::StepRecord> drainSteps()
    {
        std::vector<engine::StepRecord> steps;
        m_engine.stepRing().drain(steps);
        return steps;
    }

private:
    std::string loadFound(const std::string& path, const engine::EngineOptions& options)
    {
        return path.empty() ? "the default model is missing: run ./installer/test" : load(path, options);
    }

    void take(const engine::EngineEvent& event)
    {
        if (const auto* started = std::get_if<engine::RequestStarted>(&event)) {
            m_replies[started->request].order.push_back("started");
        } else if (const auto* progress = std::get_if<engine::PrefillProgress>(&event)) {
            m_replies[progress->request].order.push_back("prefill");
            m_replies[progress->request].prefillComputed = progress->computed;
        } else if (const auto* token = std::get_if<engine::TokenGenerated>(&event)) {
            Reply& reply = m_replies[token->request];
            reply.order.push_back("token");
            reply.text += token->text;
            reply.tokens.push_back(token->token.id);
        } else if (const auto* last = std::get_if<engine::RequestFinished>(&event)) {
            Reply& reply = m_replies[last->request];
            reply.order.push_back("finished");
            reply.text += last->text;
            reply.end = *last;
        }
    }

    engine::Engine m_engine;
    std::map<engine::RequestId, Reply> m_replies;
};

inline engine::GenerationRequest chat(const std::string& text, std::uint32_t maxTokens)
{
    engine::GenerationRequest request;
    request.prompt = std::vector<engine::ChatMessage>{{"user", text}};
    request.maxTokens = maxTokens;
    return request;
}

/// `count` made-up ids, others for each `variant`.
inline std::vector<engine::TokenId> madeUpTokens(std::size_t count, std::size_t variant)
{
    std::vector<engine::TokenId> ids;
    for (std::size_t i = 0; i < count; ++i)
        ids.push_back(static_cast<engine::TokenId>(1000 + (variant * 131 + i) * 7919 % 40000));
    return ids;
}

} // namespace vitrine::tests
