// SPDX-License-Identifier: GPL-3.0-or-later
// Faults to be found, each in three strengths, and runs in which nothing is wrong.
#pragma once

#include <vector>

#include "engine/analysis/diagnosis.h"
#include "tests/engine/support/fault_serving.h"

namespace vitrine::engine::test {

/// Strength 0, 1, 2.
struct FaultKind
{
    DiagnosisKind expected;
    void (*inject)(Case& one, int strength);
};

inline const std::vector<FaultKind>& faultKinds()
{
    static const std::vector<FaultKind> kinds = {
        {DiagnosisKind::PoolTooSmall,
         [](Case& one, int strength) {
             one.pool.blocks = std::vector{70U, 50U, 36U}[strength];
             one.scheduler.preemption = PreemptionChoice::Recompute;
             addChats(one.load, {.count = 60, .rate = 6.0});
         }},
        {DiagnosisKind::SwapThrash,
         [](Case& one, int strength) {
             one.pool.blocks = 60;
             one.pool.hostBlocks = 2000;
             one.scheduler.preemption = PreemptionChoice::Swap;
             one.scheduler.watermark = 0.0;
             one.machine.move = std::vector{3e6, 6e6, 12e6}[strength];
             addChats(one.load, {.count = 60, .rate = 6.0, .replyLeast = 100, .replyMost = 260});
         }},
        {DiagnosisKind::MaxRunningTooSmall,
         [](Case& one, int strength) {
             one.scheduler.maxRunning = std::vector{4U, 3U, 2U}[strength];
             addChats(one.load, {.count = 60, .rate = 4.0});
         }},
        {DiagnosisKind::ItlTargetTooTight,
         [](Case& one, int strength) {
             one.scheduler.itlTarget = std::vector{0.012, 0.010, 0.008}[strength];
             one.scheduler.tokenBudget = 2048;
             addChats(one.load, {.count = 50, .rate = 1.0, .least = 500, .most = 1000});
         }},
        {DiagnosisKind::BudgetTooSmall,
         [](Case& one, int strength) {
             one.scheduler.tokenBudget = std::vector{48U, 24U, 12U}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0, .least = 300, .most = 700});
         }},
        {DiagnosisKind::PrefillInterference,
         [](Case& one, int strength) {
             one.scheduler.tokenBudget = 16384;
             addChats(one.load, {.count = 60, .rate = 3.0, .replyLeast = 150, .replyMost = 300});
             addDocuments(one.load, 14, 1.5, std::vector{3500U, 6000U, 10000U}[strength]);
         }},
        {DiagnosisKind::HeadOfLine,
         [](Case& one, int strength) {
             addChats(one.load, {.count = 120, .rate = 6.0, .replyLeast = 4, .replyMost = 20});
             addDocuments(one.load, 5, 4.0, std::vector{10000U, 16000U, 26000U}[strength]);
         }},
        {DiagnosisKind::LowPrefixHits,
         [](Case& one, int strength) {
             const std::vector<TokenId> system = one.load.tokens(std::vector{500U, 900U, 1800U}[strength]);
             double at = 1.0;
             for (int i = 0; i < 50; ++i) { // "It is 12:41:07. You are …"
                 at += one.load.dice.gap(2.0);
                 std::vector<TokenId> prompt = join(one.load.tokens(2 + i % 3), system);
                 prompt[0] = 1;
                 one.load.ask(at, join(prompt, one.load.tokens(one.load.dice.between(20, 100))),
                              one.load.dice.between(30, 80));
             }
         }},
        {DiagnosisKind::PrefixEviction,
         [](Case& one, int strength) {
             one.pool.blocks = std::vector{280U, 220U, 170U}[strength];
             addTalks(one.load, {.talks = 9, .turns = 6, .first = 600});
         }},
        {DiagnosisKind::PrefixCacheOff,
         [](Case& one, int strength) {
             one.pool.prefixCache = false;
             addTalks(one.load, {.talks = 6, .turns = std::vector{4U, 6U, 9U}[strength], .first = 500});
         }},
        {DiagnosisKind::HostGap,
         [](Case& one, int strength) {
             one.machine.gap = std::vector{2e6, 5e6, 12e6}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
        {DiagnosisKind::HostGap,
         [](Case& one, int strength) { // a client that takes long for each token
             one.machine.telling = std::vector{0.8e6, 2e6, 4e6}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
        {DiagnosisKind::SlowSampling,
         [](Case& one, int strength) {
             one.machine.sample = std::vector{0.9e6, 2e6, 5e6}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
        {DiagnosisKind::UnevenSteps,
         [](Case& one, int strength) {
             one.facts.cores = 8;
             one.facts.threads = 16;
             one.machine.oddChance = std::vector{0.12, 0.2, 0.3}[strength];
             one.machine.oddFactor = std::vector{2.0, 2.5, 4.0}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
        {DiagnosisKind::Slowdown,
         [](Case& one, int strength) {
             one.machine.slowFromNs = std::vector<std::int64_t>{12, 16, 9}[strength] * 1'000'000'000;
             one.machine.slowFactor = std::vector{1.35, 1.7, 2.5}[strength];
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
        {DiagnosisKind::IdleCores,
         [](Case& one, int strength) {
             one.facts.cores = 8;
             one.facts.threads = std::vector{5U, 4U, 2U}[strength];
             const double slower = 8.0 / *one.facts.threads;
             one.machine.prefill *= slower;
             one.machine.row *= slower;
             addChats(one.load, {.count = 60, .rate = 2.5, .least = 100, .most = 300});
         }},
        {DiagnosisKind::BandwidthBound,
         [](Case& one, int strength) {
             one.machine.fixed = std::vector{90e6, 150e6, 300e6}[strength];
             one.facts.weightBytes = 4'000'000'000;
             one.facts.readBandwidth = 4e9 / one.machine.fixed * 1e9 * 1.1;
             addChats(one.load, {.count = 20, .rate = 0.12});
         }},
        {DiagnosisKind::ComputeBound,
         [](Case& one, int strength) {
             addChats(one.load, {.count = 120,
                                 .rate = std::vector{14.0, 20.0, 30.0}[strength],
                                 .least = 800,
                                 .most = 1600,
                                 .replyLeast = 4,
                                 .replyMost = 24});
         }},
        {DiagnosisKind::MemoryPressure,
         [](Case& one, int strength) {
             one.facts.memoryTotal = 16ULL << 30U;
             one.facts.memoryAvailable = std::vector{200ULL, 120ULL, 40ULL}[strength] << 20U;
             one.machine.oddChance = std::vector{0.01, 0.03, 0.06}[strength];
             one.machine.oddFactor = 15.0;
             addChats(one.load, {.count = 50, .rate = 2.0});
         }},
    };
    return kinds;
}

/// A machine somewhat other than the usual one; not quite quiet.
inline void varyMachine(Case& one, Dice& dice)
{
    one.machine.fixed *= 0.8 + 0.4 * dice.unit();
    one.machine.prefill *= 0.8 + 0.4 * dice.unit();
    one.machine.row *= 0.8 + 0.4 * dice.unit();
    one.machine.key *= 0.5 + dice.unit();
    one.machine.noise = 0.01 + 0.07 * dice.unit();
    one.machine.oddChance = 0.004 * dice.unit();
    one.machine.oddFactor = 3.0;
}

/// Some machine: fast or slow, quiet or with hiccups.
inline void drawMachine(Case& one, Dice& dice)
{
    one.machine.fixed = 3e6 + 22e6 * dice.unit();
    one.machine.prefill = 20e3 + 60e3 * dice.unit();
    one.machine.row = one.machine.fixed * (0.01 + 0.04 * dice.unit());
    one.machine.noise = 0.01 + 0.07 * dice.unit();
    one.machine.oddChance = 0.004 * dice.unit();
    one.machine.oddFactor = 3.0;
    one.machine.gap = one.machine.fixed * 0.02 * dice.unit();
    one.machine.sample = one.machine.fixed * 0.004 * dice.unit();
    one.facts.cores = 8;
    one.facts.threads = dice.between(7, 8);
    one.facts.memoryTotal = 16ULL << 30U;
    one.facts.memoryAvailable = std::uint64_t{dice.between(1, 8)} << 30U;
    one.facts.weightBytes = 2'000'000'000;
    one.facts.readBandwidth = 2e9 / one.machine.fixed * 1e9 * (1.1 + dice.unit());
}

/// Loads that the machine and its settings serve well.
inline Case healthyCase(std::uint64_t seed)
{
    Case one(seed);
    Dice dice(seed + 9);
    drawMachine(one, dice);
    if (dice.unit() < 0.6) { // as the window has it
        one.scheduler.itlTarget = std::max(0.05, 2e-9 * one.machine.fixed);
        one.scheduler.tokenBudget = 2048;
    }
    one.scheduler.policy = static_cast<PolicyKind>(dice.between(0, 3));
    const double rate = 8e6 / one.machine.fixed; // what it can take, against the usual machine
    switch (seed % 4) {
    case 0:
        addChats(one.load, {.count = 60, .rate = (1.0 + dice.unit()) * std::min(rate, 2.0)});
        break;
    case 1:
        addTalks(one.load, {.talks = 6, .turns = 6, .pause = 5.0 + 5.0 / rate});
        break;
    case 2:
        addBursts(one.load, 8, dice.between(3, 8), 3.0 + 3.0 / rate);
        break;
    default:
        addChats(one.load, {.count = 40, .rate = std::min(rate, 1.2), .least = 50, .most = 400});
        addTalks(one.load, {.talks = 3, .turns = 5, .pause = 5.0 + 5.0 / rate});
        addDocuments(one.load, 2, 12.0, 1200, 60);
    }
    return one;
}

} // namespace vitrine::engine::test
