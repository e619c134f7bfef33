// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/preferences.h"

namespace vitrine::ui {

namespace {

constexpr int kLongestTargetMs = 10'000;
constexpr int kMostMebibytes = 1 << 20;
constexpr int kMostThreads = 1024;
constexpr qsizetype kMostPanes = 16;
constexpr int kLongestIdle = 24 * 60;
constexpr int kMostGpus = 64;
constexpr int kMostProcesses = 64;
const QString kCtrlEnterSends = QStringLiteral("ctrlEnterSends"); // of earlier settings files

} // namespace

Preferences::Preferences()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("vitrine"),
                 QStringLiteral("vitrine"))
{}

Preferences::Preferences(const QString& path) : m_settings(path, QSettings::IniFormat) {}

int Preferences::choice(const char* key, int last) const
{
    const int value = m_settings.value(QLatin1String(key)).toInt();
    return value < 0 || value > last ? 0 : value;
}

ThemeChoice Preferences::theme() const
{
    return static_cast<ThemeChoice>(choice("theme", int(ThemeChoice::Dark)));
}

void Preferences::setTheme(ThemeChoice value)
{
    m_settings.setValue("theme", int(value));
}

LanguageChoice Preferences::language() const
{
    return static_cast<LanguageChoice>(choice("language", int(LanguageChoice::SimplifiedChinese)));
}

void Preferences::setLanguage(LanguageChoice value)
{
    m_settings.setValue("language", int(value));
}

SchedulingChoice Preferences::scheduling() const
{
    SchedulingChoice scheduling;
    scheduling.policy = static_cast<engine::PolicyKind>(choice("policy", int(engine::PolicyKind::Shortest)));
    bool known = false;
    const int milliseconds = m_settings.value("tokenTargetMs").toInt(&known);
    if (known && milliseconds >= 0 && milliseconds <= kLongestTargetMs)
        scheduling.itlTarget = milliseconds * 1e-3;
    scheduling.kvMebibytes = static_cast<quint32>(choice("kvMebibytes", kMostMebibytes));
    scheduling.threads = static_cast<quint32>(choice("threads", kMostThreads));
    scheduling.deterministic = m_settings.value("deterministic", false).toBool();
    return scheduling;
}

void Preferences::setScheduling(const SchedulingChoice& choice)
{
    m_settings.setValue("policy", int(choice.policy));
    m_settings.setValue("tokenTargetMs", qRound(choice.itlTarget * 1000));
    m_settings.setValue("kvMebibytes", choice.kvMebibytes);
    m_settings.setValue("threads", choice.threads);
    m_settings.setValue("deterministic", choice.deterministic);
}

int Preferences::idleMinutes() const
{
    return choice("idleMinutes", kLongestIdle);
}

void Preferences::setIdleMinutes(int minutes)
{
    m_settings.setValue("idleMinutes", minutes);
}

engine::KvFormat Preferences::kvFormat() const
{
    const int value = m_settings.value("kvFormat", int(engine::KvFormat::BF16)).toInt();
    const bool known = value >= 0 && value <= int(engine::KvFormat::Int8);
    return known ? static_cast<engine::KvFormat>(value) : engine::KvFormat::BF16;
}

void Preferences::setKvFormat(engine::KvFormat format)
{
    m_settings.setValue("kvFormat", int(format));
}

qint32 Preferences::gpu() const
{
    bool known = false;
    const int gpu = m_settings.value("gpu", engine::kNoGpu).toInt(&known);
    return known && gpu >= 0 && gpu < kMostGpus ? gpu : engine::kNoGpu;
}

void Preferences::setGpu(qint32 gpu)
{
    m_settings.setValue("gpu", gpu);
}

quint32 Preferences::processes() const
{
    bool known = false;
    const int processes = m_settings.value("processes", 1).toInt(&known);
    return known && processes >= 0 && processes <= kMostProcesses ? quint32(processes) : 1;
}

void Preferences::setProcesses(quint32 processes)
{
    m_settings.setValue("processes", processes);
}

QString Preferences::lastModel() const
{
    return m_settings.value("lastModel").toString();
}

void Preferences::setLastModel(const QString& path)
{
    m_settings.setValue("lastModel", path);
}

QByteArray Preferences::geometry() const
{
    return m_settings.value("geometry").toByteArray();
}

void Preferences::setGeometry(const QByteArray& geometry)
{
    m_settings.setValue("geometry", geometry);
}

bool Preferences::sidebarShown() const
{
    return m_settings.value("sidebar", true).toBool();
}

void Preferences::setSidebarShown(bool shown)
{
    m_settings.setValue("sidebar", shown);
}

bool Preferences::liveShown() const
{
    return m_settings.value("live", false).toBool();
}

void Preferences::setLiveShown(bool shown)
{
    m_settings.setValue("live", shown);
}

QList<quint64> Preferences::lastConversations() const
{
    QList<quint64> ids;
    for (const QString& text : m_settings.value("lastConversations").toStringList()) {
        bool known = false;
        const quint64 id = text.toULongLong(&known);
        if (known && id > 0 && ids.size() < kMostPanes)
            ids << id;
    }
    return ids;
}

void Preferences::setLastConversations(const QList<quint64>& ids)
{
    QStringList texts;
    for (const quint64 id : ids)
        texts << QString::number(id);
    m_settings.setValue("lastConversations", texts);
}

int Preferences::zoomPercent() const
{
    bool known = false;
    const int percent = m_settings.value("zoom", 100).toInt(&known);
    return known && percent >= Theme::kSmallestZoom && percent <= Theme::kLargestZoom ? percent : 100;
}

void Preferences::setZoomPercent(int percent)
{
    m_settings.setValue("zoom", percent);
}

bool Preferences::notifiesOfLongReplies() const
{
    return m_settings.value("notifyLongReplies", true).toBool();
}

void Preferences::setNotifiesOfLongReplies(bool notifies)
{
    m_settings.setValue("notifyLongReplies", notifies);
}

QMap<QString, QStringList> Preferences::shortcuts() const
{
    QMap<QString, QStringList> shortcuts;
    const QString group = QStringLiteral("shortcuts/");
    for (const QString& key : m_settings.allKeys())
        if (key.startsWith(group))
            shortcuts.insert(key.mid(group.size()), m_settings.value(key).toStringList());
    const QString send = QStringLiteral("input.send");
    if (m_settings.value(kCtrlEnterSends).toBool() && !shortcuts.contains(send))
        shortcuts.insert(send, {QStringLiteral("Ctrl+Return")});
    return shortcuts;
}

void Preferences::setShortcuts(const QMap<QString, QStringList>& shortcuts)
{
    m_settings.remove("shortcuts");
    m_settings.remove(kCtrlEnterSends); // is among them now
    for (auto it = shortcuts.cbegin(); it != shortcuts.cend(); ++it)
        m_settings.setValue(QStringLiteral("shortcuts/") + it.key(), it.value());
}

} // namespace vitrine::ui
