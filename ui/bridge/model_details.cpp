// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_details.h"

#include <exception>
#include <new>

#include "engine/base/text.h"
#include "engine/formats/gguf_describe.h"
#include "engine/model/file_facts.h"
#include "ui/bridge/model_name.h"

namespace vitrine::ui {

namespace {

constexpr std::size_t kLineBytes = 400;       // wider than any column
constexpr std::size_t kWholeBytes = 1U << 16; // the longest chat templates have half of that
constexpr std::size_t kLineElements = 12;
constexpr std::size_t kWholeElements = 500;

QString shapeOf(const engine::TensorInfo& tensor)
{
    QStringList sizes;
    for (quint32 i = tensor.dimensions; i-- > 0;)
        sizes << QString::number(tensor.shape[i]);
    return sizes.join(QStringLiteral(" × "));
}

MetadataDetail detailOf(const engine::MetadataEntry& entry)
{
    MetadataDetail detail;
    detail.key = QString::fromStdString(engine::printable(entry.key, kLineBytes));
    detail.type = QString::fromStdString(engine::typeText(entry.value));
    if (const auto* text = std::get_if<std::string_view>(&entry.value)) {
        // Alone in its cell, a text needs no quotes.
        detail.value = QString::fromStdString(engine::printable(*text, kLineBytes));
        detail.whole = QString::fromStdString(engine::printableLines(*text, kWholeBytes));
    } else {
        detail.value = QString::fromStdString(engine::valueText(entry.value, kLineElements));
        detail.whole = QString::fromStdString(engine::valueText(entry.value, kWholeElements));
    }
    return detail;
}

TensorDetail detailOf(const engine::TensorInfo& tensor)
{
    return {QString::fromStdString(engine::printable(tensor.name, kLineBytes)),
            QString::fromStdString(engine::typeText(tensor)), shapeOf(tensor),
            tensor.columns() * tensor.rows(), tensor.bytes};
}

ModelDetails detailsOf(const engine::GgufFile& file)
{
    const engine::FileFacts facts = engine::factsOf(file);
    engine::ModelSummary named;
    named.path = file.path();
    named.name = facts.name;
    ModelDetails details;
    details.path = QString::fromStdString(file.path());
    details.name = QString::fromStdString(displayName(named));
    details.architecture = QString::fromStdString(facts.architecture);
    details.quantisation = QString::fromStdString(facts.fileType);
    details.contextLength = facts.contextLength;
    details.parameters = facts.parameters;
    details.activeParameters = facts.activeParameters;
    details.experts = facts.experts;
    details.expertsPerToken = facts.expertsPerToken;
    details.fileBytes = file.fileBytes();
    details.version = file.version();
    for (const engine::MetadataEntry& entry : file.metadata())
        details.metadata.append(detailOf(entry));
    for (const engine::TensorInfo& tensor : file.tensors())
        details.tensors.append(detailOf(tensor));
    return details;
}

} // namespace

engine::Result<ModelDetails> readModelDetails(const QString& path)
{
    try {
        const engine::Result<engine::GgufFile> file = engine::GgufFile::open(path.toStdString());
        if (!file)
            return file.error();
        return detailsOf(*file);
    } catch (const std::bad_alloc&) {
        return engine::outOfResources("There is not enough free memory to show this file.");
    } catch (const std::exception& exception) {
        return engine::internalError(std::string("Reading the file failed: ") + exception.what());
    }
}

} // namespace vitrine::ui
