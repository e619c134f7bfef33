// SPDX-License-Identifier: GPL-3.0-or-later
// What a person is told about the file of conversations.
#pragma once

#include "ui/shell/notice_bar.h"
#include "ui/store/records.h"

namespace vitrine::ui {

/// Without a title when there is nothing to tell.
Notice noticeOf(const ArchiveNotice& notice);
Notice saveFailedNotice(const QString& reason);
Notice readFailedNotice(const QString& reason);

} // namespace vitrine::ui
