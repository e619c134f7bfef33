// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/fair_policy.h"

#include <algorithm>
#include <queue>

#include "engine/base/check.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kMostIdleClients = 1024;

} // namespace

void FairPolicy::arrived(const Request& request)
{
    Entry& entry = *m_clients.try_emplace(request.spec.client).first;
    if (entry.second.present++ > 0)
        return;
    if (!m_present.empty())
        entry.second.counter = std::max(entry.second.counter, (*m_present.begin())->second.counter);
    m_present.insert(&entry);
}

void FairPolicy::left(const Request& request)
{
    Entry& entry = *m_clients.find(request.spec.client);
    VT_CHECK(entry.second.present > 0);
    if (--entry.second.present > 0)
        return;
    m_present.erase(&entry);
    if (m_clients.size() > m_present.size() + kMostIdleClients)
        forgetIdle();
}

/// An idle client below the level of those present would be lifted to it anyway: nothing is lost. The others
/// go too when that is not enough: bounded memory comes before their debt.
void FairPolicy::forgetIdle()
{
    const double level = m_present.empty() ? 0.0 : (*m_present.begin())->second.counter;
    std::erase_if(m_clients, [&](const auto& entry) {
        return entry.second.present == 0 && entry.second.counter <= level;
    });
    if (m_clients.size() > m_present.size() + kMostIdleClients)
        std::erase_if(m_clients, [](const auto& entry) { return entry.second.present == 0; });
}

void FairPolicy::push(Request& request)
{
    Entry& entry = *m_clients.find(request.spec.client);
    VT_CHECK(entry.second.queue.emplace(request.id, &request).second);
    if (entry.second.queue.size() == 1)
        m_waiting.insert(&entry);
    ++m_size;
}

void FairPolicy::erase(Request& request)
{
    Entry& entry = *m_clients.find(request.spec.client);
    VT_CHECK(entry.second.queue.erase(request.id) == 1);
    if (entry.second.queue.empty())
        m_waiting.erase(&entry);
    --m_size;
}

bool FairPolicy::contains(const Request& request) const
{
    const auto client = m_clients.find(request.spec.client);
    return client != m_clients.end() && client->second.queue.contains(request.id);
}

void FairPolicy::served(const Request& request, std::uint32_t prefill, std::uint32_t decode)
{
    Entry& entry = *m_clients.find(request.spec.client);
    if (entry.second.due == 0.0)
        m_due.push_back(&entry);
    entry.second.due += kPrefillWeight * prefill + kDecodeWeight * decode;
}

void FairPolicy::stepServed()
{
    for (Entry* entry : m_due) {
        const bool waits = m_waiting.erase(entry) > 0;
        const bool present = m_present.erase(entry) > 0;
        entry->second.counter += entry->second.due;
        entry->second.due = 0.0;
        if (waits)
            m_waiting.insert(entry);
        if (present)
            m_present.insert(entry);
    }
    m_due.clear();
}

/// Plays the order forward: each request taken charges its client with its prompt and what it is expected to
/// say.
std::vector<Request*> FairPolicy::first(std::size_t most) const
{
    struct Turn
    {
        double counter;
        const Entry* client;
        std::map<RequestId, Request*>::const_iterator next;
        bool operator>(const Turn& other) const
        {
            return counter != other.counter ? counter > other.counter : client->first > other.client->first;
        }
    };
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
    for (const Entry* entry : m_waiting) {
        if (turns.size() == most) // clients further on cannot come among the first
            break;
        turns.push({entry->second.counter, entry, entry->second.queue.begin()});
    }
    std::vector<Request*> requests;
    while (!turns.empty() && requests.size() < most) {
        Turn turn = turns.top();
        turns.pop();
        Request* request = turn.next->second;
        requests.push_back(request);
        turn.counter += kPrefillWeight * static_cast<double>(request->spec.prompt.size()) +
                        kDecodeWeight * request->predictedTokens;
        if (++turn.next != turn.client->second.queue.end())
            turns.push(turn);
    }
    return requests;
}

double FairPolicy::counter(const std::string& client) const
{
    const auto found = m_clients.find(client);
    return found == m_clients.end() ? 0.0 : found->second.counter;
}

} // namespace vitrine::engine
