// SPDX-License-Identifier: GPL-3.0-or-later
// A bridge with the default model (thin_model.h), and what comes back through it for one reply.
#pragma once

#include <QSignalSpy>
#include <QTest>

#include "tests/engine/support/thin_model.h"
#include "ui/bridge/engine_bridge.h"

namespace vitrine::tests {

inline constexpr int kPatience = 300'000; // ms; a sanitizer is slow

inline QString defaultModel()
{
    return QString::fromStdString(servedModel());
}

inline QString wholeModel()
{
    return QString::fromStdString(wholeModelPath());
}

/// Short steps, so that a sanitizer's slowness matters less.
inline engine::EngineOptions shortSteps()
{
    engine::EngineOptions options;
    options.scheduler.tokenBudget = 64;
    options.executor.deterministic = true; // a reply that had to go and came back keeps its words
    return options;
}

inline engine::GenerationRequest textRequest(const char* text, quint32 maxTokens)
{
    engine::GenerationRequest request;
    request.prompt = std::string(text);
    request.maxTokens = maxTokens;
    return request;
}

inline engine::GenerationRequest longRequest(std::size_t tokens)
{
    engine::GenerationRequest request;
    std::vector<engine::TokenId> prompt;
    for (std::size_t i = 0; i < tokens; ++i)
        prompt.push_back(engine::TokenId(1000 + i % 5000));
    request.prompt = std::move(prompt);
    request.maxTokens = 8;
    return request;
}

/// What came back for one reply.
struct Heard
{
    Heard(ui::EngineBridge& bridge, ui::ReplyId id) : reply(id)
    {
        QObject::connect(&bridge, &ui::EngineBridge::replyStarted, &receiver,
                         [this](ui::ReplyId from, const ui::ReplyStart& s) {
                             if (from == reply)
                                 start = s;
                         });
        QObject::connect(&bridge, &ui::EngineBridge::replyText, &receiver,
                         [this](ui::ReplyId from, const QString& delta, const ui::ReplyFigures& f) {
                             if (from != reply)
                                 return;
                             text += delta;
                             textBeforeStart |= start.request.value == 0;
                             figures = f;
                         });
        QObject::connect(&bridge, &ui::EngineBridge::prefillProgress, &receiver,
                         [this](ui::ReplyId from, quint32 computed) {
                             if (from == reply)
                                 prefilled = computed;
                         });
        QObject::connect(&bridge, &ui::EngineBridge::replyTokens, &receiver,
                         [this](ui::ReplyId from, const QList<qint32>& t, const QList<ui::TokenDetail>& d) {
                             if (from != reply)
                                 return;
                             tokens += t;
                             details += d;
                         });
        QObject::connect(&bridge, &ui::EngineBridge::replyFinished, &receiver,
                         [this](ui::ReplyId from, const ui::ReplyEnd& e) {
                             if (from != reply)
                                 return;
                             ++ends;
                             end = e;
                         });
    }

    ui::ReplyId reply;
    ui::ReplyStart start;
    ui::ReplyFigures figures;
    ui::ReplyEnd end;
    QString text;
    QList<qint32> tokens;
    QList<ui::TokenDetail> details;
    quint32 prefilled = 0;
    int ends = 0;
    bool textBeforeStart = false;
    QObject receiver;
};

inline bool says(const QString& text, const char* word)
{
    return says(text.toStdString(), word);
}

inline bool load(ui::EngineBridge& bridge, const QString& path = defaultModel())
{
    QSignalSpy ready(&bridge, &ui::EngineBridge::modelReady);
    bridge.loadModel(path);
    return ready.wait(kPatience) && bridge.model().has_value() && !bridge.isLoading();
}

} // namespace vitrine::tests
