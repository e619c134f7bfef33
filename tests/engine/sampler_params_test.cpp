// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <limits>

#include "engine/sampling/sampling_params.h"

using namespace vitrine::engine;

namespace {
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
} // namespace

class SamplerParamsTest : public QObject
{
    Q_OBJECT

private slots:
    void namesTheFieldThatIsOutOfRange()
    {
        QVERIFY(validate({}));
        const std::pair<const char*, void (*)(SamplingParams&)> cases[] = {
            {"temperature", [](SamplingParams& p) { p.temperature = -0.1F; }},
            {"temperature", [](SamplingParams& p) { p.temperature = kNan; }},
            {"temperature", [](SamplingParams& p) { p.temperature = kInfinity; }},
            {"top_p", [](SamplingParams& p) { p.topP = 0.0F; }},
            {"top_p", [](SamplingParams& p) { p.topP = 1.1F; }},
            {"min_p", [](SamplingParams& p) { p.minP = -1.0F; }},
            {"typical_p", [](SamplingParams& p) { p.typicalP = 2.0F; }},
            {"repetition_penalty", [](SamplingParams& p) { p.repetitionPenalty = 0.0F; }},
            {"presence_penalty", [](SamplingParams& p) { p.presencePenalty = kNan; }},
            {"frequency_penalty", [](SamplingParams& p) { p.frequencyPenalty = 11.0F; }},
            {"logprobs", [](SamplingParams& p) { p.logprobs = 101; }},
            {"bias",
             [](SamplingParams& p) {
                 p.bias = {{-1, 0.0F}};
             }},
            {"bias",
             [](SamplingParams& p) {
                 p.bias = {{1, kInfinity}};
             }},
            {"bias", [](SamplingParams& p) { p.bias.resize(10'001); }},
        };
        for (const auto& [field, spoil] : cases) {
            SamplingParams params;
            spoil(params);
            const Result<void> result = validate(params);
            QVERIFY(!result);
            QVERIFY(result.error().code == ErrorCode::InvalidArgument);
            QVERIFY2(result.error().message.starts_with(field), result.error().message.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(SamplerParamsTest)
#include "sampler_params_test.moc"
