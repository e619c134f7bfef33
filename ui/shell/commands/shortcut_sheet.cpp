// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/shortcut_sheet.h"

#include <algorithm>

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/keycaps.h"
#include "ui/shell/commands/shortcut_row.h"
#include "ui/theme/padded_label.h"

namespace vitrine::ui {
namespace {

constexpr int kFooterHeight = 44;
constexpr int kLongestFilter = 100;

QFrame* line(QWidget* parent)
{
    auto* rule = new QFrame(parent);
    rule->setProperty("role", "line");
    return rule;
}

} // namespace

ShortcutSheet::ShortcutSheet(const Theme& theme, CommandSet& commands, const QString& ownCommand,
                             QWidget& window)
    : Overlay(theme, window), m_commands(commands), m_own(ownCommand)
{
    build();
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutSheet::applyFilter);
    connect(m_restore, &QPushButton::clicked, &commands, &CommandSet::restoreDefaults);
    connect(&commands, &CommandSet::keysChanged, this, &ShortcutSheet::refresh);
    refresh();
}

void ShortcutSheet::build()
{
    m_frame = new QFrame(&panel());
    m_frame->setProperty("role", "sheet");
    auto* outside = new QVBoxLayout(&panel());
    outside->setContentsMargins(0, 0, 0, 0);
    outside->addWidget(m_frame);
    auto* column = new QVBoxLayout(m_frame);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    m_header = makeHeader();
    column->addWidget(m_header);
    column->addWidget(line(m_frame));
    column->addWidget(makeFilter());
    column->addWidget(makeRows(), 1);
    column->addWidget(line(m_frame));
    column->addWidget(makeFooter());
}

QWidget* ShortcutSheet::makeHeader()
{
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, 0, kSpace2, 0);
    row->setSpacing(kSpace2);
    auto* title = new QLabel(tr("Keyboard shortcuts"));
    title->setFont(theme().font(TextSize::Body, QFont::DemiBold));
    auto* close = new QToolButton;
    close->setIcon(theme().icon(QStringLiteral("close")));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close (Esc)"));
    close->setFocusPolicy(Qt::TabFocus);
    connect(close, &QToolButton::clicked, this, &Overlay::dismiss);
    row->addWidget(title);
    row->addStretch(1);
    row->addWidget(new KeycapRow(theme(), keycapsOf(m_commands.keyOf(m_own))));
    row->addWidget(close);
    return header;
}

QWidget* ShortcutSheet::makeFilter()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace2);
    m_filter = new QLineEdit;
    m_filter->setMaxLength(kLongestFilter);
    m_filter->setPlaceholderText(tr("Filter, or press a key"));
    m_filter->setAccessibleName(tr("Filter, or press a key"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(theme().icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    for (QToolButton* inner : m_filter->findChildren<QToolButton*>())
        inner->setAccessibleName(tr("Clear the filter")); // the one that can be pressed
    m_filter->installEventFilter(this);
    row->addWidget(m_filter);
    return box;
}

QWidget* ShortcutSheet::makeRows()
{
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(kSpace4, 0, kSpace4, kSpace4);
    column->setSpacing(0);
    for (const CommandGroup group : kCommandGroups) {
        Group shown{new QLabel(commandGroupTitle(group)), {}};
        shown.heading->setProperty("role", "group");
        shown.heading->setIndent(0);
        column->addWidget(shown.heading);
        for (const Command& command : m_commands.all()) {
            if (command.group != group)
                continue;
            auto* row = new ShortcutRow(m_commands, command, theme());
            connect(row, &ShortcutRow::waitingChanged, this, [this](bool waiting) {
                m_hint->setText(waiting ? tr("Esc keeps the keys, Backspace removes them")
                                        : tr("Click a row to rebind it"));
            });
            column->addWidget(row);
            shown.rows.push_back(row);
        }
        m_groups.push_back(shown);
    }
    m_nothing = new PaddedLabel({0, kSpace3, 0, 0}, tr("No command has this name or these keys."));
    m_nothing->setProperty("role", "small");
    column->addWidget(m_nothing);
    column->addStretch(1);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(content);
    content->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);
    return m_scroll;
}

QWidget* ShortcutSheet::makeFooter()
{
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kSpace4, kSpace2, kSpace2, kSpace2);
    m_hint = new QLabel(tr("Click a row to rebind it"));
    m_hint->setProperty("role", "small");
    m_restore = new QPushButton(tr("Restore defaults"));
    m_restore->setProperty("kind", "ghost");
    m_restore->setProperty("small", true);
    row->addWidget(m_hint, 1);
    row->addWidget(m_restore);
    return footer;
}

QRect ShortcutSheet::panelIn(const QRect& room) const
{
    m_header->setFixedHeight(theme().scaled(kHeaderHeight) - 1);
    const int width = std::min(theme().scaled(kWidth), room.width());
    return {room.width() - width, 0, width, room.height()};
}

QWidget* ShortcutSheet::firstFocus() const
{
    return m_filter;
}

ShortcutRow* ShortcutSheet::row(const QString& id) const
{
    for (const Group& group : m_groups)
        for (ShortcutRow* row : group.rows)
            if (row->id() == id)
                return row;
    return nullptr;
}

QStringList ShortcutSheet::shownIds() const
{
    QStringList ids;
    for (const Group& group : m_groups)
        for (const ShortcutRow* row : group.rows)
            if (row->isVisibleTo(this))
                ids << row->id();
    return ids;
}

void ShortcutSheet::applyFilter()
{
    bool any = false;
    for (const Group& group : m_groups) {
        bool some = false;
        for (ShortcutRow* row : group.rows) {
            const bool meant = row->meansQuery(m_filter->text());
            row->setVisible(meant);
            some = some || meant;
        }
        group.heading->setVisible(some);
        any = any || some;
    }
    m_nothing->setVisible(!any);
}

void ShortcutSheet::refresh()
{
    m_restore->setEnabled(m_commands.hasChosenKeys());
    applyFilter();
}

bool ShortcutSheet::takesAsFilter(const QKeySequence& keys) const
{
    if (keys.isEmpty() || isEditing(keys) || m_commands.keysOf(m_own).contains(keys))
        return false;
    const Qt::Key key = keys[0].key();
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    return enter || (!isTyping(keys) && key != Qt::Key_Delete && key != Qt::Key_Backspace);
}

/// Keys that write nothing are what is looked for: "Ctrl+N" stands in the field then.
bool ShortcutSheet::eventFilter(QObject* watched, QEvent* event)
{
    const bool override = event->type() == QEvent::ShortcutOverride;
    if (watched == m_filter && (override || event->type() == QEvent::KeyPress)) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const QKeySequence keys = pressedKeys(key->key(), key->modifiers());
        if (takesAsFilter(keys)) {
            if (override) {
                event->accept();
                return true;
            }
            m_filter->setText(keyText(keys));
            m_filter->selectAll(); // the next one takes its place
            return true;
        }
    }
    return Overlay::eventFilter(watched, event);
}

} // namespace vitrine::ui
