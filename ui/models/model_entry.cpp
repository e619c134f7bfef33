// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_entry.h"

#include <exception>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "engine/base/text.h"
#include "engine/formats/gguf_parts.h"
#include "engine/formats/model_folder.h"
#include "engine/model/family.h"
#include "engine/model/file_facts.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/model_name.h"
#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr qint64 kIdentityBytes = 64 * 1024;

class EntryText
{
    Q_DECLARE_TR_FUNCTIONS(ModelEntry)
};

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

QString nameOf(const QString& path)
{
    engine::ModelSummary named;
    named.path = path.toStdString();
    return text(displayName(named));
}

/// Size and beginning, which has the whole description of most files, tell files apart.
/// Of a folder its config.json with the size of the weights.
QString identityOf(const ModelEntry& entry)
{
    const bool isFolder = QFileInfo(entry.path).isDir();
    QFile file(isFolder ? entry.path + QStringLiteral("/config.json") : entry.path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArray::number(isFolder ? qint64(entry.fileBytes) : file.size()));
    hash.addData(file.read(kIdentityBytes));
    return QString::fromLatin1(hash.result().toHex());
}

bool isLanguageModel(const engine::GgufFile& file)
{
    const auto type = file.text("general.type").value_or("model");
    const auto architecture = file.text("general.architecture").value_or("");
    return (type == "model" || type.empty()) && architecture != "clip" && !file.tensors().empty();
}

QString readable(const std::optional<std::string_view>& value)
{
    return value ? text(engine::printable(*value, 40)) : QString();
}

/// What is searched for signs of a template; empty: there is none.
std::string templateText(const engine::GgufFile& file)
{
    if (file.folder() == nullptr)
        return std::string(file.text("tokenizer.chat_template").value_or(""));
    constexpr std::size_t kMostBytes = std::size_t{32} << 20U;
    for (const char* name : {"chat_template.jinja", "tokenizer_config.json"}) {
        const auto beside = engine::ModelFolder::beside(file.path(), name, kMostBytes);
        if (!beside || !beside->has_value())
            continue;
        const auto bytes = (*beside)->bytes();
        std::string text(bytes.begin(), bytes.end());
        if (name == std::string_view("chat_template.jinja") ||
            text.find("\"chat_template\"") != std::string::npos)
            return text;
    }
    return {};
}

void describe(ModelEntry& entry, const engine::GgufFile& file)
{
    const engine::FileFacts facts = engine::factsOf(file);
    entry.quantisation = text(facts.fileType);
    entry.architecture = text(facts.architecture);
    entry.licence = readable(file.text("general.license"));
    entry.parameters = facts.parameters;
    entry.activeParameters = facts.activeParameters;
    entry.experts = facts.experts;
    entry.version = file.version();
    const std::string chat = templateText(file);
    entry.hasTemplate = !chat.empty();
    entry.thinks = chat.find("think") != std::string::npos;
}

void plan(ModelEntry& entry, const engine::GgufFile& file, const engine::MemoryPlanOptions& options)
{
    engine::Result<engine::MemoryPlan> plan = engine::planMemory(file, options);
    if (plan) {
        entry.plan = std::move(*plan);
        return;
    }
    entry.wholeProblem = EngineText::translated(plan.error().message);
    const bool known = engine::findFamily(file.text("general.architecture").value_or("")) != nullptr;
    entry.problem = known ? EntryText::tr("uses a feature that is not supported yet")
                          : EntryText::tr("architecture %1").arg(entry.architecture);
}

void explainUnreadable(ModelEntry& entry, const std::string& error)
{
    entry.readable = false;
    entry.wholeProblem = EngineText::translated(error);
    if (entry.parts > 1) {
        entry.problem = EntryText::tr("one of its %n files is missing or damaged", nullptr, entry.parts);
        return;
    }
    if (QFileInfo(entry.path).isDir()) {
        entry.problem = EntryText::tr("damaged or incomplete, or not supported");
        return;
    }
    const quint64 whole = engine::GgufFile::wholeBytes(entry.path.toStdString());
    if (whole > entry.fileBytes) {
        entry.problem =
            EntryText::tr("ends at %1, %2 expected").arg(sizeText(entry.fileBytes), sizeText(whole));
        entry.wholeProblem = EntryText::tr("The file ends at %1 where %2 are expected: its download was not "
                                           "finished. Download it again.")
                                 .arg(sizeText(entry.fileBytes), sizeText(whole));
    } else {
        entry.problem = EntryText::tr("damaged, or not a GGUF file");
    }
}

/// Parts of a split model. False: not the first one.
bool gatherParts(ModelEntry& entry)
{
    const auto first = engine::PartName::of(entry.path.toStdString());
    if (!first)
        return true;
    if (first->number != 1)
        return false;
    entry.parts = static_cast<int>(std::min(first->count, engine::kMostParts));
    for (int part = 2; part <= entry.parts; ++part)
        entry.fileBytes += quint64(QFileInfo(text(first->path(static_cast<std::uint32_t>(part)))).size());
    return true;
}

std::optional<ModelEntry> read(const QString& path, const engine::MemoryPlanOptions& options)
{
    const QFileInfo info(path);
    ModelEntry entry;
    entry.path = info.absoluteFilePath();
    entry.fileBytes = quint64(info.size());
    entry.name = nameOf(entry.path);
    if (!gatherParts(entry))
        return std::nullopt;
    const auto file = engine::GgufFile::open(entry.path.toStdString());
    if (!file) {
        entry.name = info.fileName();
        explainUnreadable(entry, file.error().message);
        return entry;
    }
    if (!isLanguageModel(*file) && file->folder() == nullptr)
        return std::nullopt;
    if (file->folder() != nullptr)
        entry.fileBytes = file->fileBytes();
    else if (info.suffix().compare(QLatin1String("gguf"), Qt::CaseInsensitive) !=
             0) // named by a hash of itself
        entry.name = readable(file->text("general.name"));
    entry.identity = identityOf(entry);
    describe(entry, *file);
    plan(entry, *file, options);
    return entry;
}

} // namespace

std::optional<ModelEntry> readModelEntry(const QString& path, const engine::MemoryPlanOptions& options)
{
    try {
        return read(path, options);
    } catch (const std::exception& exception) { // memory, mostly
        ModelEntry entry;
        entry.path = QFileInfo(path).absoluteFilePath();
        entry.name = QFileInfo(path).fileName();
        entry.readable = false;
        entry.problem = EntryText::tr("cannot be read");
        entry.wholeProblem = QString::fromUtf8(exception.what());
        return entry;
    }
}

} // namespace vitrine::ui
