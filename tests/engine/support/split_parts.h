// SPDX-License-Identifier: GPL-3.0-or-later
// A model cut at some layers, each piece with an executor of its own.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "engine/execution/split_executor.h"
#include "engine/model/model.h"

namespace vitrine::engine::test {

/// Makes the executor of options.layers; `index` counts the pieces.
using MakePart = std::function<Result<std::unique_ptr<Executor>>(
    const std::shared_ptr<const Model>& model, const ExecutorOptions& options, std::size_t index)>;

inline Result<std::unique_ptr<Executor>> cpuPart(const std::shared_ptr<const Model>& model,
                                                 const ExecutorOptions& options, std::size_t /*index*/)
{
    return makeCpuExecutor(model, options);
}

/// Cut before each of these layers, which rise.
inline Result<std::unique_ptr<Executor>> splitAt(const std::shared_ptr<const Model>& model,
                                                 ExecutorOptions options, std::vector<std::uint32_t> cuts,
                                                 const MakePart& make = cpuPart)
{
    cuts.push_back(static_cast<std::uint32_t>(model->config().layers.size()));
    std::vector<std::unique_ptr<Executor>> parts;
    std::uint32_t first = 0;
    for (const std::uint32_t end : cuts) {
        options.layers = {first, end - first};
        Result<std::unique_ptr<Executor>> part = make(model, options, parts.size());
        if (!part)
            return part.error();
        parts.push_back(std::move(*part));
        first = end;
    }
    return makeSplitExecutor(std::move(parts));
}

inline std::uint32_t layersOf(const std::shared_ptr<const Model>& model)
{
    return static_cast<std::uint32_t>(model->config().layers.size());
}

} // namespace vitrine::engine::test
