// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_report.h"

#include <cmath>
#include <cstdio>

namespace vitrine::cli {

namespace {

double inNanoseconds(double seconds)
{
    return std::round(seconds * 1e9) / 1e9;
}

Json linksOf(const engine::MachineSpeed& speed)
{
    Json links = Json::array();
    for (const engine::LinkSpeed& link : speed.links) {
        if (link.ranks == 1)
            continue;
        Json sums = Json::array();
        for (std::size_t i = 0; i < engine::kLinkTokens.size(); ++i)
            sums.push_back(
                {{"tokens", engine::kLinkTokens[i]}, {"seconds", inNanoseconds(link.sumSeconds[i])}});
        links.push_back({{"ranks", link.ranks}, {"sums", std::move(sums)}});
    }
    return links;
}

std::string textOf(const engine::StagePlan& plan)
{
    if (plan.alone())
        return "one process";
    std::string text = plan.stages > 1 ? "--stages " + std::to_string(plan.stages) : "";
    if (plan.ranks > 1)
        text += (text.empty() ? "" : " ") + std::string("--ranks ") + std::to_string(plan.ranks);
    return text;
}

Json barriersOf(const engine::MachineSpeed& speed)
{
    Json barriers = Json::array();
    for (const engine::BarrierSpeed& barrier : speed.barriers)
        barriers.push_back({{"threads", barrier.threads}, {"seconds", inNanoseconds(barrier.seconds)}});
    return barriers;
}

void printMachine(const engine::MachineSpeed& speed)
{
    std::printf("%u threads read %.1f GB/s together and one %.1f alone", speed.threads,
                speed.readBytesOfAll * 1e-9, speed.readBytesOfOne * 1e-9);
    if (speed.multiplyAdds > 0.0)
        std::printf(", and make %.0f billion multiply-adds a second", speed.multiplyAdds * 1e-9);
    std::printf("\n");
    for (const engine::BarrierSpeed& barrier : speed.barriers)
        std::printf("%u threads of a process take %.2f us to wait for each other\n", barrier.threads,
                    barrier.seconds * 1e6);
    for (const engine::LinkSpeed& link : speed.links)
        if (link.ranks > 1)
            std::printf("a sum over %u ranks takes %.1f us for a token, %.1f for %u, %.1f for %u\n",
                        link.ranks, link.sumSeconds[0] * 1e6, link.sumSeconds[1] * 1e6,
                        engine::kLinkTokens[1], link.sumSeconds[2] * 1e6, engine::kLinkTokens[2]);
}

} // namespace

Json planReport(const engine::RankPlan& plan)
{
    const engine::MachineSpeed& speed = plan.speed;
    Json costs = Json::array();
    for (const engine::PlanCost& cost : plan.costs)
        costs.push_back({{"stages", cost.plan.stages},
                         {"ranks", cost.plan.ranks},
                         {"decode_1_ms", rounded(cost.oneReply * 1e3)},
                         {"decode_32_ms", rounded(cost.manyReplies * 1e3)},
                         {"prompt_512_ms", rounded(cost.prompt * 1e3)},
                         {"relative", rounded(engine::relativeCost(cost, plan.costs.front()))}});
    const engine::StagePlan& best = plan.costs[plan.best].plan;
    return {{"threads", speed.threads},
            {"read_bytes_per_s",
             {{"one_thread", rounded(speed.readBytesOfOne)}, {"all", rounded(speed.readBytesOfAll)}}},
            {"multiply_adds_per_s", speed.multiplyAdds > 0.0 ? Json(rounded(speed.multiplyAdds)) : Json()},
            {"links", linksOf(speed)},
            {"barriers", barriersOf(speed)},
            {"weight_bytes", rounded(plan.work.bytes())},
            {"costs", std::move(costs)},
            {"chosen", {{"stages", best.stages}, {"ranks", best.ranks}}}};
}

void printPlan(const engine::RankPlan& plan)
{
    printMachine(plan.speed);
    std::printf("\n%6s %6s %14s %14s %16s %12s\n", "stages", "ranks", "one reply", "32 replies",
                "prompt of 512", "beside one");
    for (const engine::PlanCost& cost : plan.costs)
        std::printf("%6u %6u %11.2f ms %11.2f ms %13.1f ms %12.2f\n", cost.plan.stages, cost.plan.ranks,
                    cost.oneReply * 1e3, cost.manyReplies * 1e3, cost.prompt * 1e3,
                    engine::relativeCost(cost, plan.costs.front()));
    std::printf("\nchosen: %s. --ranks and --stages say otherwise. Predicted from what is read, multiplied "
                "and\nsummed; waiting for the slowest rank is left out, so measure before you choose.\n",
                textOf(plan.costs[plan.best].plan).c_str());
}

} // namespace vitrine::cli
