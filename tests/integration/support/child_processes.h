// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that another one has started, as /proc tells.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QList>

namespace vitrine::tests {

/// Ids of the direct children of a process.
inline QList<qint64> childrenOf(qint64 id)
{
    QList<qint64> children;
    const QDir tasks(QString("/proc/%1/task").arg(id)); // a child belongs to the thread that started it
    for (const QString& task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks.filePath(task + "/children"));
        if (file.open(QIODevice::ReadOnly))
            for (const QByteArray& word : file.readAll().split(' '))
                if (const qint64 child = word.trimmed().toLongLong(); child > 0)
                    children.append(child);
    }
    return children;
}

inline bool lives(qint64 id)
{
    QFile file(QString("/proc/%1/stat").arg(id));
    return file.open(QIODevice::ReadOnly) && !file.readAll().contains(") Z ");
}

} // namespace vitrine::tests
