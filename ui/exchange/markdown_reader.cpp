// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/markdown_reader.h"

#include "ui/exchange/marked_markdown.h"
#include "ui/exchange/transcript.h"

namespace vitrine::ui {

void readMarkdown(const QString& text, const QString& name, qint64 time, ImportLog& log)
{
    if (!readMarkedMarkdown(text, log))
        readTranscript(text, name, time, log);
}

} // namespace vitrine::ui
