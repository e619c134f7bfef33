// SPDX-License-Identifier: GPL-3.0-or-later
// What choosing a token costs with a vocabulary of 262,144: microseconds, the median of many, by settings.
#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

#include "engine/base/clock.h"
#include "engine/sampling/sampler.h"

using namespace vitrine::engine;

namespace {

constexpr std::size_t kVocabulary = 262'144;
constexpr int kRounds = 101;

struct Setting
{
    const char* name;
    SamplingParams params;
};

std::vector<Setting> settings()
{
    SamplingParams warm;
    warm.temperature = 0.7F;
    std::vector<Setting> all = {
        {"temperature 0.7", warm},        {"and top-k 40", warm},
        {"and top-p 0.95", warm},         {"and top-k 40, top-p 0.95, min-p 0.05", warm},
        {"and min-p 0.05", warm},         {"and repetition penalty 1.1", warm},
        {"and 5 log-probabilities", warm}};
    all[1].params.topK = all[3].params.topK = 40;
    all[2].params.topP = all[3].params.topP = 0.95F;
    all[3].params.minP = all[4].params.minP = 0.05F;
    all[5].params.repetitionPenalty = 1.1F;
    all[6].params.logprobs = 5;
    return all;
}

} // namespace

int main()
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0.0F, 3.0F);
    std::vector<float> logits(kVocabulary);
    std::generate(logits.begin(), logits.end(), [&] { return normal(random); });
    for (std::size_t i = 0; i < 200; ++i) // like a model's: a few stand out
        logits[random() % kVocabulary] += 12.0F;
    std::vector<TokenId> prompt(500), reply(200);
    std::generate(prompt.begin(), prompt.end(), [&] { return static_cast<TokenId>(random() % kVocabulary); });
    Sampler sampler;
    for (Setting& setting : settings()) {
        std::vector<double> micros;
        for (int round = 0; round < kRounds; ++round) {
            setting.params.seed = static_cast<std::uint64_t>(round);
            const std::int64_t start = nowNs();
            sampler.sample(logits, setting.params, {prompt, reply, 0});
            micros.push_back(static_cast<double>(nowNs() - start) * 1e-3);
        }
        std::nth_element(micros.begin(), micros.begin() + kRounds / 2, micros.end());
        std::printf("%-40s %8.1f us\n", setting.name, micros[kRounds / 2]);
    }
    return 0;
}
