// SPDX-License-Identifier: GPL-3.0-or-later
// The model that a benchmark runs: a file, or random weights made in memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "engine/model/synthetic_model.h"

namespace vitrine::cli {

/// --synthetic, --weights, --seed.
std::vector<Flag> syntheticFlags();

class BenchModel
{
public:
    /// The model stays loadable as long as the BenchModel lives.
    static engine::Result<BenchModel> from(const Arguments& arguments);

    const std::string& path() const { return m_path; }
    bool isSynthetic() const { return m_synthetic.has_value(); }
    /// Of random weights: {"shape", "weights", "seed"}.
    const Json& description() const { return m_description; }

private:
    std::string m_path;
    std::optional<engine::SyntheticModel> m_synthetic;
    Json m_description;
};

} // namespace vitrine::cli
