// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_model.h"

namespace vitrine::cli {

using engine::Result;
using kernels::QuantType;

namespace {

std::vector<std::string> shapeNames()
{
    std::vector<std::string> names;
    for (const engine::SyntheticShape& shape : engine::syntheticShapes())
        names.emplace_back(shape.name);
    return names;
}

QuantType typeOf(const std::string& name)
{
    return name == "q8_0" ? QuantType::Q8_0 : name == "q4_k" ? QuantType::Q4_K : QuantType::BF16;
}

} // namespace

std::vector<Flag> syntheticFlags()
{
    return {choiceFlag("--synthetic", shapeNames(), {}, "random weights in these sizes instead of a model"),
            choiceFlag("--weights", {"bf16", "q8_0", "q4_k"}, {}, "their number format; bf16 without it"),
            integerFlag("--seed", "S", 0, 9e15, "of the random weights; 1 without it")};
}

Result<BenchModel> BenchModel::from(const Arguments& arguments)
{
    BenchModel model;
    if (!arguments.has("--synthetic")) {
        if (arguments.has("--weights") || arguments.has("--seed"))
            return engine::invalidArgument("bench: --weights and --seed need --synthetic");
        Result<std::string> path = modelPath(arguments);
        if (!path)
            return path.error();
        model.m_path = std::move(*path);
        return model;
    }
    if (arguments.has("--model"))
        return engine::invalidArgument("bench: --synthetic takes the place of --model; leave one out");
    const std::string shape = arguments.text("--synthetic"), weights = arguments.text("--weights", "bf16");
    const std::uint64_t seed = arguments.integer("--seed", 1);
    Result<engine::SyntheticModel> made =
        engine::SyntheticModel::make(*engine::findSyntheticShape(shape), typeOf(weights), seed);
    if (!made)
        return made.error();
    model.m_synthetic.emplace(std::move(*made));
    model.m_path = model.m_synthetic->path();
    model.m_description = {{"shape", shape}, {"weights", weights}, {"seed", seed}};
    return model;
}

} // namespace vitrine::cli
