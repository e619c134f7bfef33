// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model.h"

#include <utility>

#include "engine/model/family.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "engine/tokenizer/model_tokenizer.h"

namespace vitrine::engine {

namespace {

// Packing weights and reserving KV come after and take most of the time.
constexpr double kTokenizerFraction = 0.01;
constexpr double kDescribedFraction = 0.1;

bool goesOn(const LoadProgress& progress, LoadStage stage, double fraction)
{
    return !progress || progress(stage, fraction);
}

} // namespace

Result<std::shared_ptr<Model>> Model::open(const std::string& path)
{
    Result<GgufFile> file = GgufFile::open(path);
    if (!file)
        return file.error();
    std::shared_ptr<Model> model(new Model(std::move(*file)));
    if (Result<void> described = model->describe(); !described)
        return described.error();
    return model;
}

Result<std::shared_ptr<const Model>> Model::loadToCompute(const std::string& path)
{
    Result<std::shared_ptr<Model>> model = open(path);
    if (!model)
        return model.error();
    if (Result<void> filled = (*model)->m_file.fill(false); !filled)
        return filled.error();
    return std::shared_ptr<const Model>(std::move(*model));
}

Result<std::shared_ptr<const Model>> Model::load(const std::string& path, const LoadProgress& progress)
{
    const Error stopped = cancelled("loading " + path + " was stopped");
    if (!goesOn(progress, LoadStage::OpeningFile, 0.0))
        return stopped;
    const Result<std::shared_ptr<Model>> opened = open(path);
    if (!opened)
        return opened.error();
    const std::shared_ptr<Model>& model = *opened;
    if (!goesOn(progress, LoadStage::ReadingTokenizer, kTokenizerFraction))
        return stopped;
    const NvtxRange range(NvtxName::ReadTokenizer);
    Result<FolderTokenizer> read = readModelTokenizer(model->m_file);
    if (!read)
        return read.error();
    model->m_tokenizer = std::move(read->tokenizer);
    if (!read->chatTemplates.empty())
        model->readTemplate(read->chatTemplates.front().source);
    const bool isFolder = model->m_file.folder() != nullptr;
    if (!goesOn(progress, LoadStage::ReadingTokenizer, isFolder ? kTokenizerFraction : kDescribedFraction))
        return stopped;
    const auto filling = [&](double done) {
        return goesOn(progress, LoadStage::PackingWeights,
                      kTokenizerFraction + (kDescribedFraction - kTokenizerFraction) * done);
    };
    if (Result<void> filled = model->m_file.fill(true, filling); !filled)
        return filled.error();
    return std::shared_ptr<const Model>(model);
}

/// A template that does not work takes its format away, not the model.
void Model::readTemplate(std::string_view source)
{
    auto compiled = ChatTemplate::compile(source);
    if (!compiled) {
        m_templateError = compiled.error().message;
        return;
    }
    const auto textOf = [this](const std::optional<TokenId>& id) {
        return id ? m_tokenizer->bytes(*id) : std::string_view();
    };
    const SpecialTokenIds& special = m_tokenizer->special();
    const Result<std::string> tried =
        (*compiled)->render({{"user", "Hello"}}, true, textOf(special.bos), textOf(special.eos));
    if (tried && tried->find("Hello") != std::string::npos)
        m_template = std::move(*compiled);
    else
        m_templateError = tried ? "it leaves out what a person writes" : tried.error().message;
}

Result<void> Model::describe()
{
    const Result<const Family*> family = familyOf(m_file);
    if (!family)
        return family.error();
    Result<ModelConfig> config = (*family)->configure(m_file);
    if (!config)
        return config.error();
    Result<ModelWeights> weights = (*family)->weights(m_file, *config);
    if (!weights)
        return weights.error();
    m_config = std::move(*config);
    m_weights = std::move(*weights);
    return {};
}

} // namespace vitrine::engine
