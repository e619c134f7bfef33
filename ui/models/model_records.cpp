// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_records.h"

#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kMostRecent = 8;
constexpr qsizetype kMostFolders = 32;
constexpr qsizetype kMostIdentities = 200;

QString keyOf(const QString& identity, const char* what)
{
    return QStringLiteral("models/%1/%2").arg(identity, QLatin1String(what));
}

QStringList withFirst(QStringList list, const QString& first, qsizetype most)
{
    list.removeAll(first);
    list.prepend(first);
    return list.mid(0, most);
}

} // namespace

ModelChoice ModelRecords::choiceOf(const QString& identity) const
{
    ModelChoice choice;
    choice.load.kvFormat = m_preferences.kvFormat();
    if (identity.isEmpty())
        return choice;
    const QSettings& store = m_preferences.store();
    choice.load.contextTokens = store.value(keyOf(identity, "context"), 0).toUInt();
    const int format = store.value(keyOf(identity, "format"), int(choice.load.kvFormat)).toInt();
    if (format >= 0 && format <= int(engine::KvFormat::Int8))
        choice.load.kvFormat = static_cast<engine::KvFormat>(format);
    const int preset = store.value(keyOf(identity, "preset"), -1).toInt();
    if (preset >= 0 && preset < int(kSamplingPresets.size()))
        choice.preset = static_cast<SamplingPreset>(preset);
    choice.keepLoaded = store.value(keyOf(identity, "keep"), false).toBool();
    return choice;
}

void ModelRecords::setChoice(const QString& identity, const ModelChoice& choice)
{
    if (identity.isEmpty())
        return;
    QSettings& store = m_preferences.store();
    store.setValue(keyOf(identity, "context"), choice.load.contextTokens);
    store.setValue(keyOf(identity, "format"), int(choice.load.kvFormat));
    store.setValue(keyOf(identity, "preset"), choice.preset ? int(*choice.preset) : -1);
    store.setValue(keyOf(identity, "keep"), choice.keepLoaded);
}

QString ModelRecords::identityOf(const QString& path) const
{
    const QStringList pairs = m_preferences.store().value("modelIdentities").toStringList();
    for (qsizetype i = 0; i + 1 < pairs.size(); i += 2)
        if (pairs[i] == path)
            return pairs[i + 1];
    return {};
}

void ModelRecords::setIdentity(const QString& path, const QString& identity)
{
    if (identity.isEmpty() || identityOf(path) == identity)
        return;
    QStringList pairs = m_preferences.store().value("modelIdentities").toStringList();
    if (const qsizetype at = pairs.indexOf(path); at >= 0)
        pairs.remove(at, 2);
    m_preferences.store().setValue("modelIdentities",
                                   (QStringList{path, identity} + pairs).mid(0, 2 * kMostIdentities));
}

QStringList ModelRecords::recent() const
{
    return m_preferences.store().value("recentModels").toStringList().mid(0, kMostRecent);
}

void ModelRecords::addRecent(const QString& path)
{
    m_preferences.store().setValue("recentModels", withFirst(recent(), path, kMostRecent));
}

void ModelRecords::removeRecent(const QString& path)
{
    QStringList list = recent();
    list.removeAll(path);
    m_preferences.store().setValue("recentModels", list);
}

QStringList ModelRecords::folders() const
{
    return m_preferences.store().value("modelFolders").toStringList().mid(0, kMostFolders);
}

void ModelRecords::addFolder(const QString& path)
{
    m_preferences.store().setValue("modelFolders", withFirst(folders(), path, kMostFolders));
}

} // namespace vitrine::ui
