// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/preset_store.h"

#include <algorithm>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace vitrine::ui {

namespace {

constexpr int kVersion = 1;
constexpr auto kVersionKey = "vitrine_presets";

QJsonObject toJson(const Preset& preset)
{
    QJsonObject object{{"name", preset.name}, {"sampling", toJson(preset.sampling)}};
    if (preset.systemPrompt)
        object["system"] = *preset.systemPrompt;
    return object;
}

std::optional<Preset> presetFromJson(const QJsonObject& object)
{
    Preset preset;
    preset.name = object["name"].toString().simplified().left(PresetStore::kLongestName);
    if (preset.name.isEmpty() || !object["sampling"].isObject())
        return std::nullopt;
    preset.sampling = samplingFromJson(object["sampling"].toObject(), {});
    if (object["system"].isString())
        preset.systemPrompt = object["system"].toString();
    return preset;
}

QByteArray bytesOf(const QList<Preset>& presets)
{
    QJsonArray array;
    for (const Preset& preset : presets)
        array.append(toJson(preset));
    return QJsonDocument(QJsonObject{{kVersionKey, kVersion}, {"presets", array}}).toJson();
}

enum class Outcome { Read, Unreadable, Damaged, TooNew };

struct Contents
{
    Outcome outcome = Outcome::Read;
    QString reason; ///< with Unreadable
    QList<Preset> presets = {};
};

Contents readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {Outcome::Unreadable, file.errorString()};
    const QByteArray bytes = file.read(PresetStore::kMostBytes + 1);
    if (bytes.size() > PresetStore::kMostBytes)
        return {Outcome::Damaged, {}};
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    const int version = object[QLatin1String(kVersionKey)].toInt();
    if (version > kVersion)
        return {Outcome::TooNew, {}};
    if (version < 1 || !object["presets"].isArray())
        return {Outcome::Damaged, {}};
    Contents contents;
    for (const QJsonValue& value : object["presets"].toArray()) {
        const auto preset = presetFromJson(value.toObject());
        if (preset && contents.presets.size() < PresetStore::kMostPresets)
            contents.presets.append(*preset);
    }
    return contents;
}

/// A name beside it that is not taken.
QString setAside(const QString& path)
{
    for (int i = 1; i < 1000; ++i) {
        const QString aside = QStringLiteral("%1.damaged-%2").arg(path).arg(i);
        if (!QFile::exists(aside) && QFile::rename(path, aside))
            return aside;
    }
    return {};
}

bool sameName(const QString& a, const QString& b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

QString writeTo(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return PresetStore::tr("%1 cannot be written: %2")
        .arg(QDir::toNativeSeparators(path), file.errorString());
}

} // namespace

QString PresetStore::open(const QString& path)
{
    m_path = path;
    if (!QFile::exists(path))
        return {};
    Contents contents = readFile(path);
    m_own = std::move(contents.presets);
    emit changed();
    const QString file = QDir::toNativeSeparators(path);
    switch (contents.outcome) {
    case Outcome::Read:
        return {};
    case Outcome::TooNew:
        m_path.clear();
        return tr("%1 was written by a later version of Vitrine and is left as it is.").arg(file);
    case Outcome::Unreadable:
        m_path.clear();
        return tr("%1 cannot be read: %2").arg(file, contents.reason);
    case Outcome::Damaged:
        break;
    }
    const QString aside = setAside(path);
    if (aside.isEmpty())
        m_path.clear(); // it is not overwritten
    return aside.isEmpty() ? tr("%1 is damaged. Presets are not kept this time.").arg(file)
                           : tr("The file of your presets was damaged. It was kept as %1.")
                                 .arg(QDir::toNativeSeparators(aside));
}

const Preset* PresetStore::find(const QString& name) const
{
    const auto found =
        std::ranges::find_if(m_own, [&](const Preset& each) { return sameName(each.name, name); });
    return found == m_own.end() ? nullptr : &*found;
}

QString PresetStore::reasonAgainst(const QString& name) const
{
    if (name.isEmpty())
        return tr("Give the preset a name.");
    if (name.size() > kLongestName)
        return tr("The name is too long: at most %1 characters.").arg(kLongestName);
    for (const SamplingPreset preset : kSamplingPresets) {
        if (sameName(name, presetName(preset)) || sameName(name, QLatin1String(presetKey(preset))))
            return tr("“%1” comes with Vitrine. Choose another name.").arg(name);
    }
    return {};
}

QString PresetStore::write()
{
    emit changed();
    if (m_path.isEmpty())
        return {};
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    return writeTo(m_path, bytesOf(m_own));
}

QString PresetStore::save(const Preset& preset)
{
    Preset kept = preset;
    kept.name = preset.name.simplified();
    if (const QString reason = reasonAgainst(kept.name); !reason.isEmpty())
        return reason;
    const auto known =
        std::ranges::find_if(m_own, [&](const Preset& each) { return sameName(each.name, kept.name); });
    if (known == m_own.end() && m_own.size() >= kMostPresets)
        return tr("There are %1 presets already. Delete one first.").arg(kMostPresets);
    if (known != m_own.end())
        *known = kept;
    else
        m_own.append(kept);
    return write();
}

QString PresetStore::rename(const QString& from, const QString& to)
{
    const QString name = to.simplified();
    if (const QString reason = reasonAgainst(name); !reason.isEmpty())
        return reason;
    if (!sameName(from, name) && find(name) != nullptr)
        return tr("There is a preset “%1” already.").arg(name);
    for (Preset& each : m_own) {
        if (sameName(each.name, from))
            each.name = name;
    }
    return write();
}

QString PresetStore::remove(const QString& name)
{
    erase_if(m_own, [&](const Preset& each) { return sameName(each.name, name); });
    return write();
}

QString PresetStore::exportTo(const QString& path) const
{
    return writeTo(path, bytesOf(m_own));
}

QString PresetStore::freeName(const QString& wanted) const
{
    QString name = wanted;
    for (int i = 2; !reasonAgainst(name).isEmpty() || find(name) != nullptr; ++i)
        name = QStringLiteral("%1 %2").arg(wanted.left(kLongestName - 5)).arg(i);
    return name;
}

QString PresetStore::importFrom(const QString& path, int& added)
{
    added = 0;
    const Contents contents = readFile(path);
    const QString file = QDir::toNativeSeparators(path);
    if (contents.outcome == Outcome::Unreadable)
        return tr("%1 cannot be read: %2").arg(file, contents.reason);
    if (contents.outcome == Outcome::TooNew)
        return tr("%1 was written by a later version of Vitrine. Use that version.").arg(file);
    if (contents.outcome == Outcome::Damaged || contents.presets.isEmpty())
        return tr("%1 holds no presets. Choose a .json file that was exported here.").arg(file);
    for (Preset preset : contents.presets) {
        if (m_own.contains(preset) || m_own.size() >= kMostPresets)
            continue;
        preset.name = freeName(preset.name);
        m_own.append(preset);
        ++added;
    }
    return added > 0 ? write() : QString();
}

} // namespace vitrine::ui
