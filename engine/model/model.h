// SPDX-License-Identifier: GPL-3.0-or-later
// A model as loaded from a file or a folder: description, weights in place, tokeniser and chat template.
// Immutable and shared (`shared_ptr<const Model>`); any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/formats/gguf_file.h"
#include "engine/model/load_progress.h"
#include "engine/model/model_config.h"
#include "engine/model/weights.h"
#include "engine/tokenizer/chat_template.h"
#include "engine/tokenizer/tokenizer.h"

namespace vitrine::engine {

class Model
{
public:
    /// Opens, checks and describes; reads no weight data of a file, all of a folder (GgufFile::fill). A
    /// refused file says file, field and offset.
    static Result<std::shared_ptr<const Model>> load(const std::string& path,
                                                     const LoadProgress& progress = {});
    /// For processes that only compute: without tokeniser and chat template, which take more memory than all
    /// the rest.
    static Result<std::shared_ptr<const Model>> loadToCompute(const std::string& path);

    const std::string& path() const { return m_file.path(); }
    const GgufFile& file() const { return m_file; }
    const ModelConfig& config() const { return m_config; }
    const ModelWeights& weights() const { return m_weights; }
    /// REQUIRES: not of loadToCompute().
    const Tokenizer& tokenizer() const { return *m_tokenizer; }
    const ChatTemplate* chatTemplate() const { return m_template.get(); } ///< nullptr: none that works
    /// Why the file's template is not used: it does not compile, or cannot write the simplest conversation.
    const std::string& templateError() const { return m_templateError; }

private:
    explicit Model(GgufFile file) : m_file(std::move(file)) {}
    static Result<std::shared_ptr<Model>> open(const std::string& path); // config and weights
    Result<void> describe();
    void readTemplate(std::string_view source);

    GgufFile m_file;
    ModelConfig m_config;
    ModelWeights m_weights;
    std::unique_ptr<const Tokenizer> m_tokenizer;
    std::unique_ptr<const ChatTemplate> m_template;
    std::string m_templateError;
};

} // namespace vitrine::engine
