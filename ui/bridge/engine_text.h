// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says, in the language of the window. The engine knows no languages: its sentences are
// English, in logs and on the command line as well. Here is the list of those that a person may see in the
// window, with places for names and numbers; whatever is not in it stays English. What stands in a place is
// translated by the same list, as far as it is in it.
//
// Thread: any; an application has to be there.
#pragma once

#include <cstddef>
#include <string>

#include <QString>

namespace vitrine::ui {

class EngineText
{
public:
    static QString translated(const QString& english);
    static QString translated(const std::string& english);
    static std::size_t sentences(); ///< in the list
};

} // namespace vitrine::ui
