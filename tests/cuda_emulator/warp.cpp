// SPDX-License-Identifier: GPL-3.0-or-later
// The combinations behind the operations of a warp.
#include "cuda_emulator/warp.h"

#include "cuda_emulator/block.h"

namespace vitrine::cuda_emulator {

namespace {

// The lane whose value a lane gets: its own where the one it asks for lies outside its part of the warp.
unsigned shuffleSource(const ShufflePayload& payload, int lane)
{
    const int width = payload.width;
    const int begin = lane & ~(width - 1);
    const int last = begin + width - 1;
    int source = lane;
    switch (payload.kind) {
    case ShuffleKind::Index:
        source = begin + (payload.operand & (width - 1));
        break;
    case ShuffleKind::Up:
        source = lane - payload.operand;
        return unsigned(source < begin || source > last ? lane : source);
    case ShuffleKind::Down:
        source = lane + payload.operand;
        return unsigned(source < begin || source > last ? lane : source);
    case ShuffleKind::Xor:
        source = lane ^ payload.operand;
        return unsigned(source > last || source < 0 ? lane : source);
    }
    return unsigned(source);
}

struct VotePayload
{
    std::uint64_t value = 0;
    unsigned result = 0;
};

void combineBallot(const WarpPayloads& payloads)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < 32; ++i) {
        if (payloads.has(i) && payloads.of<VotePayload>(i).value != 0)
            bits |= 1U << i;
    }
    for (unsigned i = 0; i < 32; ++i) {
        if (payloads.has(i))
            payloads.of<VotePayload>(i).result = bits;
    }
}

void combineMatch(const WarpPayloads& payloads)
{
    for (unsigned i = 0; i < 32; ++i) {
        for (unsigned j = 0; payloads.has(i) && j < 32; ++j) {
            if (payloads.has(j) && payloads.of<VotePayload>(j).value == payloads.of<VotePayload>(i).value)
                payloads.of<VotePayload>(i).result |= 1U << j;
        }
    }
}

void combineNothing(const WarpPayloads&) {}

} // namespace

void combineShuffle(const WarpPayloads& payloads)
{
    for (unsigned i = 0; i < 32; ++i) {
        if (!payloads.has(i))
            continue;
        auto& mine = payloads.of<ShufflePayload>(i);
        const unsigned source = shuffleSource(mine, int(i));
        // A lane that takes no part has no value to give.
        mine.result = payloads.has(source) ? payloads.of<ShufflePayload>(source).value : ~std::uint64_t(0);
    }
}

unsigned ballot(unsigned mask, bool predicate)
{
    VotePayload payload{predicate ? 1U : 0U, 0};
    meetWarp(mask, &combineBallot, &payload);
    return payload.result;
}

void syncWarp(unsigned mask)
{
    meetWarp(mask, &combineNothing, nullptr);
}

unsigned matchAny(unsigned mask, std::uint64_t value)
{
    VotePayload payload{value, 0};
    meetWarp(mask, &combineMatch, &payload);
    return payload.result;
}

unsigned matchAll(unsigned mask, std::uint64_t value, int* all)
{
    const unsigned same = matchAny(mask, value);
    const bool every = __all_sync(mask, same == __ballot_sync(mask, 1));
    *all = every ? 1 : 0;
    return every ? same : 0;
}

} // namespace vitrine::cuda_emulator
