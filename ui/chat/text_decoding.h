// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a file as text: UTF-8, UTF-16, GB18030 or Latin-1, whichever they are. Pure; any thread.
#pragma once

#include <optional>

#include <QByteArray>
#include <QString>

namespace vitrine::ui {

/// Lines end with \n, no byte order mark. None: the bytes are no text.
std::optional<QString> decodeText(const QByteArray& bytes);

} // namespace vitrine::ui
