// SPDX-License-Identifier: GPL-3.0-or-later
// Images in the text of list items. Pure; any thread.
#pragma once

#include <QString>

namespace vitrine::ui {

/// The text of a list item with each whole image on a line of its own, so that it becomes one. What stands in
/// code is none.
QString imagesApart(const QString& text);

} // namespace vitrine::ui
