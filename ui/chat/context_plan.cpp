// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/context_plan.h"

#include <algorithm>

#include "engine/engine.h"
#include "ui/chat/token_estimate.h"

namespace vitrine::ui {

namespace {

constexpr double kCaution = 1.05;        // an estimate may be too low
constexpr double kEnoughToMeasure = 200; // tokens: what a template adds by itself must not count

/// A question and what was replied.
struct Exchange
{
    std::vector<const Message*> messages = {};
    double tokens = 0;
};

std::vector<const Message*> wayTo(const Conversation& conversation, MessageId last)
{
    std::vector<const Message*> way;
    const MessageTree& tree = conversation.tree();
    for (const Message* at = tree.find(last); at != nullptr; at = tree.find(at->parent))
        way.push_back(at);
    std::ranges::reverse(way);
    return way;
}

double estimateOf(const Message& message)
{
    if (message.role == Role::Assistant && message.figures.tokens > 0)
        return message.figures.tokens + kTurnOverhead;
    double tokens = kTurnOverhead + estimateTokens(message.text);
    for (const Attachment& each : message.attachments)
        tokens += estimateTokens(each.text) + estimateTokens(each.name) + 4;
    return tokens;
}

/// Measured by estimated tokens of the last prompt that the model counted, so that estimates are in its
/// tokens.
double correction(const std::vector<const Message*>& way, double system)
{
    double before = system, estimated = 0, counted = 0;
    for (const Message* message : way) {
        if (message->role == Role::Assistant && message->start.promptTokens > 0 && message->leftOut == 0) {
            estimated = before;
            counted = message->start.promptTokens;
        }
        before += estimateOf(*message);
    }
    return estimated > kEnoughToMeasure ? std::clamp(counted / estimated, 0.5, 4.0) : 1.0;
}

std::vector<Exchange> exchangesOf(const std::vector<const Message*>& way, double factor)
{
    std::vector<Exchange> exchanges;
    for (const Message* message : way) {
        if (exchanges.empty() || message->role == Role::User)
            exchanges.emplace_back();
        exchanges.back().messages.push_back(message);
        exchanges.back().tokens += factor * estimateOf(*message);
    }
    return exchanges;
}

quint32 leftOutBefore(const std::vector<const Message*>& way)
{
    quint32 before = 0;
    for (const Message* message : way)
        before = message->role == Role::Assistant ? message->leftOut : before;
    return before;
}

} // namespace

QString promptText(const Message& message)
{
    QString text;
    for (const Attachment& each : message.attachments)
        text += QStringLiteral("[%1]\n%2\n\n").arg(each.name, each.text);
    return text + message.text;
}

quint32 contextLimit(const engine::ModelSummary& model, quint32 blocks)
{
    const quint64 pool = quint64(blocks > 0 ? blocks : model.kv.blocks) * model.kv.blockSize;
    const quint64 context = model.contextLength;
    return quint32(context == 0 ? pool : pool == 0 ? context : std::min(pool, context));
}

ContextPlan planContext(const Conversation& conversation, MessageId last, quint32 limit)
{
    constexpr double kRefill = 0.75; // of the limit, once something has to go
    const std::vector<const Message*> way = wayTo(conversation, last);
    const ConversationSettings& settings = conversation.settings();
    const double system = 2 * kTurnOverhead + estimateTokens(settings.systemPrompt);
    const double factor = correction(way, system);
    const std::vector<Exchange> exchanges = exchangesOf(way, factor);
    const double reply = std::min<double>(settings.sampling.maxTokens(), limit / 4.0);
    double tokens = factor * system;
    for (const Exchange& exchange : exchanges)
        tokens += exchange.tokens;

    ContextPlan plan;
    plan.limit = limit;
    if (settings.whenFull != WhenFull::Stop) {
        const bool tooMuch = tokens + reply > limit;
        const quint32 before = leftOutBefore(way);
        std::size_t next = settings.whenFull == WhenFull::KeepStartAndLatest ? 1 : 0;
        double goal = limit - reply;
        for (; next + 1 < exchanges.size(); ++next) {
            const bool still = plan.leftOut.size() < before && tooMuch;
            if (!still && tokens <= goal)
                break;
            if (!still)
                goal = std::min(goal, kRefill * limit - reply);
            tokens -= exchanges[next].tokens;
            for (const Message* message : exchanges[next].messages)
                plan.leftOut.push_back(message->id);
        }
    }
    plan.tokens = quint32(std::max(0.0, tokens));
    plan.full = kCaution * tokens + settings.sampling.maxTokens() > limit;
    return plan;
}

} // namespace vitrine::ui
