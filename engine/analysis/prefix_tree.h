// SPDX-License-Identifier: GPL-3.0-or-later
// What the requests of a recording have in common: a tree of their texts (prompt and reply) in steps of one
// block, the unit that the prefix cache shares. A node is a run of blocks that the same requests pass; where
// they part, it says with which tokens. Any thread.
//
// Time and memory follow the tokens of the recording; the tree that is given out is bounded and says what was
// cut off.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct PrefixTreeLimits
{
    std::size_t mostNodes = 2000; ///< those that most tokens pass are kept
    std::uint32_t mostDepth = 64;
    std::size_t mostRequests = 16;   ///< named in a node
    std::uint32_t textTokens = 24;   ///< shown of a node, at its beginning
    std::uint32_t contextTokens = 8; ///< shown on each side of a divergence
};

/// Where a node parts from the sibling that most requests pass.
struct PrefixDivergence
{
    std::uint32_t sibling = 0;  ///< its node
    std::uint32_t position = 0; ///< first token that differs
    std::string before;         ///< the last tokens in common
    std::string own, other;     ///< what comes then; empty where the text ends
};

struct PrefixNode
{
    static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

    std::uint32_t parent = kNone;
    std::uint32_t depth = 0;
    std::uint32_t firstToken = 0, tokens = 0; ///< position of its first one, and how many
    std::uint32_t requests = 0;               ///< that pass it or end in it
    std::uint32_t ends = 0;                   ///< of those: that end in it
    std::uint32_t hits = 0;                   ///< of those: that found some of it in the cache
    std::uint64_t savedTokens = 0;            ///< found in the cache, over all of them
    std::uint64_t passedTokens = 0;           ///< tokens × requests: what it would cost without sharing
    std::vector<RequestId> named;             ///< the first of them, in order of arrival
    std::string text;                         ///< its first tokens
    bool hasDivergence = false;
    PrefixDivergence divergence;
    std::vector<std::uint32_t> children; ///< most requests first
    std::uint32_t cutChildren = 0;       ///< nodes below it that were left out
};

struct PrefixTree
{
    std::vector<PrefixNode> nodes; ///< [0] is the root, empty, that all pass; parents before children
    std::uint32_t requests = 0;    ///< in the tree
    std::uint32_t unknown = 0;     ///< whose prompt is not recorded
    std::uint64_t promptTokens = 0, savedTokens = 0;
    std::size_t cutNodes = 0;
};

PrefixTree prefixTree(const RecordingStart& pool, std::span<const RecordedStep> steps,
                      const std::map<TokenId, std::string>& vocabulary, const PrefixTreeLimits& limits = {});

} // namespace vitrine::engine
