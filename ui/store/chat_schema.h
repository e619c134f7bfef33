// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the file of conversations, by version of the schema.
#pragma once

#include <QStringList>

namespace vitrine::ui {

/// The statements that bring a file from schema `version` - 1 to `version`. 1: an empty file.
QStringList schemaStatements(int version);

} // namespace vitrine::ui
