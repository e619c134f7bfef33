// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the built vitrine-cli and reads its JSON lines.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace vitrine::tests {

struct CliOutcome
{
    int code = -1; ///< -1: crashed or hung
    QByteArray out, err;

    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    QList<QByteArray> lines() const
    {
        QList<QByteArray> all = out.split('\n');
        all.removeAll(QByteArray());
        return all;
    }
};

inline CliOutcome runCli(const QStringList& arguments, const QByteArray& input = {})
{
    QProcess process;
    process.start(VITRINE_CLI, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(600'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// QJsonDocument holds no bare values: wrap, then unwrap.
inline QByteArray jsonLine(const QJsonValue& value)
{
    const QByteArray wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return wrapped.mid(1, wrapped.size() - 2) + "\n";
}

inline QJsonValue parsedLine(const QByteArray& line)
{
    return QJsonDocument::fromJson("[" + line + "]").array().at(0);
}

inline QJsonArray madeUpIds(int count, int variant)
{
    QJsonArray ids;
    for (int i = 0; i < count; ++i)
        ids.append(1000 + (variant * 131 + i) * 7919 % 40000);
    return ids;
}

} // namespace vitrine::tests
