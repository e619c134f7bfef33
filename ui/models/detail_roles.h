// SPDX-License-Identifier: GPL-3.0-or-later
// What the tables of a model file offer to whoever sorts, searches and copies them.
#pragma once

#include <Qt>

namespace vitrine::ui {

enum DetailRole {
    SortRole = Qt::UserRole + 1, ///< of a cell: a number where it shows one
    SearchRole,                  ///< of a row: everything it says
    CopyRole,                    ///< of a row: tab-separated, values whole
    WholeRole,                   ///< of a row: the value with its lines
    TypeRole,                    ///< of a row: "string[49152]"
};

} // namespace vitrine::ui
