// SPDX-License-Identifier: GPL-3.0-or-later
// Engine: what of a sequence lies in KV.
#include <algorithm>
#include <exception>
#include <new>

#include "engine/engine.h"

namespace vitrine::engine {

std::vector<TokenId> Engine::pathOf(const Request& request)
{
    std::vector<TokenId> path = request.spec.prompt;
    path.insert(path.end(), request.reply.begin(), request.reply.end());
    return path;
}

KvResidency Engine::residency(std::span<const TokenId> path, std::uint64_t cacheSalt) const
{
    KvResidency result;
    result.tokens = static_cast<std::uint32_t>(path.size());
    if (m_cache == nullptr || path.empty())
        return result;
    CacheScope scope;
    scope.salt = cacheSalt;
    const std::uint32_t block = m_cache->options().blockSize;
    result.most = (result.tokens - 1) / block * block;
    result.resident = m_cache->lookUp(path, scope).found();
    return result;
}

KvResidency Engine::residency(RequestId id) const
{
    const Request* request = m_scheduler != nullptr ? m_scheduler->find(id) : nullptr;
    if (request == nullptr)
        return {};
    const std::span<const BlockId> table = m_cache->table(id);
    if (table.empty()) // waits, or had to give its blocks away
        return residency(pathOf(*request), request->spec.scope.salt);
    const auto holes = static_cast<std::uint32_t>(std::count(table.begin(), table.end(), kNullBlock));
    const std::uint32_t given = holes * m_cache->options().blockSize;
    return {request->known(), request->computed - std::min(request->computed, given), request->known()};
}

Result<KvResidency> Engine::foresee(const GenerationRequest& request) const
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    try {
        const Result<ContinuedPrompt> prompt = encodePrompt(request);
        if (!prompt)
            return prompt.error();
        return residency(prompt->tokens, request.cacheSalt);
    } catch (const std::bad_alloc&) {
        return outOfResources("not enough memory for this prompt");
    } catch (const std::exception& failure) {
        return internalError(std::string("the prompt could not be taken: ") + failure.what());
    }
}

} // namespace vitrine::engine
