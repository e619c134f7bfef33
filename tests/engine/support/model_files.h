// SPDX-License-Identifier: GPL-3.0-or-later
// The models that tests run: the real ones where they are installed, tiny random ones always.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/check.h"
#include "engine/model/default_model.h"
#include "engine/model/model.h"

namespace vitrine::engine::test {

inline constexpr const char* kSmolLm2File = "SmolLM2-135M-Instruct.Q4_1.gguf";
inline constexpr const char* kGemma3File = "gemma-3-270m-q4_k_m.gguf";

inline std::shared_ptr<const Model> loadModel(const std::string& path)
{
    Result<std::shared_ptr<const Model>> model = Model::load(path);
    if (!model)
        checkFailed(model.error().message.c_str(), __FILE__, __LINE__);
    return *model;
}

/// Null when this machine does not have it.
inline std::shared_ptr<const Model> installedModel(const std::string& file)
{
    const std::string path = modelFolder() + "/" + file;
    return std::filesystem::exists(path) ? loadModel(path) : nullptr;
}

/// A folder of tests/data/families: a few random layers, with sizes that do not divide into groups.
inline std::shared_ptr<const Model> tinyModel(const std::string& family)
{
    return loadModel(std::string(VITRINE_TEST_DATA) + "/families/" + family + "/model.gguf");
}

} // namespace vitrine::engine::test
