// SPDX-License-Identifier: GPL-3.0-or-later
// What a line of Markdown begins. Pure functions; any thread.
#pragma once

#include <optional>

#include <QChar>
#include <QString>
#include <QStringView>

namespace vitrine::ui {

struct FenceStart
{
    QChar mark;
    int length = 0;
    QString language;
};

struct ListStart
{
    qsizetype indent = 0;  ///< of the mark
    qsizetype content = 0; ///< where its text begins
    QString marker;        ///< "3." or empty for a bullet
};

struct ImageStart
{
    QString label;
    QString target; ///< empty while it is still being written
};

qsizetype indentOf(QStringView line); ///< a tab counts as one column
bool isBlank(QStringView line);
bool isRule(QStringView line);
int headingLevel(QStringView line); ///< 0: none
std::optional<FenceStart> fenceStart(QStringView line);
bool closesFence(QStringView line, QChar mark, int length);
std::optional<ListStart> listStart(QStringView line);
bool isQuote(QStringView line);
bool isTableRule(QStringView line); ///< | --- | :-: |
/// A line that is one image: ![label](target). `growing`: its end may still come.
std::optional<ImageStart> imageStart(QStringView line, bool growing);
/// Something other than a paragraph.
bool startsBlock(QStringView line);
/// Too little of a line to know what it will be: "-", "##", "``".
bool isUndecided(QStringView line);

} // namespace vitrine::ui
