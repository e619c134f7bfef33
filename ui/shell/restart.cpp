// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/restart.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include <QByteArray>
#include <QFile>

#include <unistd.h>

namespace vitrine::ui {

QString replaceProcess(const QStringList& command)
{
    std::vector<QByteArray> words;
    for (const QString& word : command)
        words.push_back(QFile::encodeName(word));
    std::vector<char*> arguments;
    for (QByteArray& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (words.empty())
        return QStringLiteral("nothing to run");
    ::execv(arguments[0], arguments.data());
    return QString::fromLocal8Bit(std::strerror(errno));
}

} // namespace vitrine::ui
