// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcuts_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/theme/tokens.h"

namespace vitrine::ui {
namespace {

/// "Ctrl+N" as two keycaps.
QWidget* keycaps(const QString& keys)
{
    auto* caps = new QWidget;
    auto* row = new QHBoxLayout(caps);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace1);
    row->addStretch(1);
    for (const QString& key : keys.split(QLatin1Char('+'))) {
        auto* cap = new QLabel(key);
        cap->setProperty("role", "key");
        row->addWidget(cap);
    }
    return caps;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace5, kSpace5, kSpace5, kSpace4);
    column->setSpacing(kSpace4);
    auto* heading = new QLabel(tr("Keyboard shortcuts"));
    heading->setProperty("role", "title");
    column->addWidget(heading);

    const std::pair<QString, QString> rows[] = {
        {tr("Send the message"), QStringLiteral("Enter")},
        {tr("New line"), QStringLiteral("Shift+Enter")},
        {tr("Stop the reply and keep its text"), QStringLiteral("Esc")},
        {tr("Last message again, in an empty input"), QStringLiteral("↑")},
        {tr("Chats"), QStringLiteral("Ctrl+1")},
        {tr("Models"), QStringLiteral("Ctrl+2")},
        {tr("New chat"), QStringLiteral("Ctrl+N")},
        {tr("Second pane"), QStringLiteral("Ctrl+\\")},
        {tr("Sidebar"), QStringLiteral("Ctrl+B")},
        {tr("Live view of the engine"), QStringLiteral("Ctrl+J")},
        {tr("Open a model"), QStringLiteral("Ctrl+O")},
        {tr("Model details"), QStringLiteral("Ctrl+I")},
        {tr("Settings"), QStringLiteral("Ctrl+,")},
        {tr("This list"), QStringLiteral("Ctrl+/")},
        {tr("Quit"), QStringLiteral("Ctrl+Q")},
    };
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(kSpace2);
    grid->setHorizontalSpacing(kSpace5 * 2);
    int line = 0;
    for (const auto& [what, keys] : rows) {
        grid->addWidget(new QLabel(what), line, 0);
        grid->addWidget(keycaps(keys), line, 1);
        ++line;
    }
    column->addLayout(grid);
    auto* close = new QPushButton(tr("Done"));
    close->setProperty("kind", "primary");
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    column->addWidget(close, 0, Qt::AlignRight);
}

} // namespace vitrine::ui
