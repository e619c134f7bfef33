// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/command_palette.h"

#include <algorithm>

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QLocale>

#include "ui/shell/commands/keycaps.h"
#include "ui/shell/overlay/icon_label.h"
#include "ui/shell/palette/palette_delegate.h"
#include "ui/theme/padded_label.h"

namespace vitrine::ui {
namespace {

constexpr int kWidth = 640;
constexpr int kTop = 96;
constexpr int kFooterHeight = 36;
constexpr int kMargin = 24;           // to the window's edges, where it is small
constexpr qsizetype kMostAtFirst = 5; // of a group, while nothing is typed
constexpr int kLongestQuery = 200;

std::optional<PaletteGroup> groupOfPrefix(const QString& text)
{
    if (text.startsWith(QLatin1Char('>')))
        return PaletteGroup::Commands;
    if (text.startsWith(QLatin1Char('#')))
        return PaletteGroup::Conversations;
    if (text.startsWith(QLatin1Char('@')))
        return PaletteGroup::ModelsAndSettings;
    return std::nullopt;
}

QWidget* line(QWidget* parent)
{
    auto* rule = new QFrame(parent);
    rule->setProperty("role", "line");
    return rule;
}

QLabel* small(const QString& text, QWidget* parent, const QMargins& room = {})
{
    auto* label = new PaddedLabel(room, text, parent);
    label->setProperty("role", "small");
    return label;
}

} // namespace

CommandPalette::CommandPalette(const Theme& theme, std::vector<PaletteSource*> sources, QWidget& window)
    : Overlay(theme, window)
{
    for (PaletteSource* source : sources) {
        m_answers.push_back({source, {}});
        connect(source, &PaletteSource::answered, this,
                [this, source](const QString& query, const QList<PaletteEntry>& entries) {
                    take(source, query, entries);
                });
    }
    build();
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::ask);
    connect(m_view, &QListView::clicked, this, [this](const QModelIndex& index) {
        const bool ctrl = QApplication::keyboardModifiers() & Qt::ControlModifier;
        openRow(index.row(), ctrl ? OpenWhere::NewPane : OpenWhere::Here);
    });
    ask();
}

void CommandPalette::build()
{
    m_frame = new QFrame(&panel());
    m_frame->setProperty("role", "overlay");
    auto* outside = new QVBoxLayout(&panel());
    outside->setContentsMargins(0, 0, 0, 0);
    outside->addWidget(m_frame);
    auto* column = new QVBoxLayout(m_frame);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    m_top = makeTop();
    column->addWidget(m_top);
    column->addWidget(line(m_frame));
    m_view = new QListView(m_frame);
    m_view->setModel(&m_list);
    m_view->setItemDelegate(new PaletteDelegate(m_list, theme(), m_view));
    m_view->setFocusPolicy(Qt::NoFocus); // the field keeps it; keys go through
    m_view->setMouseTracking(true);
    m_view->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setAccessibleName(tr("Results"));
    m_nothing = small(tr("Nothing found."), m_frame, {kSpace5, kSpace4, kSpace5, kSpace4});
    auto* lists = new QVBoxLayout;
    lists->setContentsMargins(kSpace2, kSpace2, kSpace2, kSpace2);
    lists->addWidget(m_view);
    lists->addWidget(m_nothing);
    column->addLayout(lists, 1);
    column->addWidget(line(m_frame));
    m_footer = makeFooter();
    column->addWidget(m_footer);
}

QWidget* CommandPalette::makeTop()
{
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(kSpace4, 0, kSpace4, 0);
    row->setSpacing(kSpace3);
    m_field = new QLineEdit;
    m_field->setProperty("kind", "bare");
    m_field->setMaxLength(kLongestQuery);
    m_field->setPlaceholderText(tr("Search commands, chats, models and settings"));
    m_field->setAccessibleName(tr("Search commands, chats, models and settings"));
    m_field->installEventFilter(this);
    m_count = small({}, nullptr);
    row->addWidget(new IconLabel(theme(), QStringLiteral("search")));
    row->addWidget(m_field, 1);
    row->addWidget(m_count);
    return top;
}

QWidget* CommandPalette::makeFooter()
{
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kSpace4, 0, kSpace4, 0);
    row->setSpacing(kSpace1);
    const std::pair<QStringList, QString> hints[] = {
        {{QStringLiteral("↑"), QStringLiteral("↓")}, tr("choose")},
        {{QStringLiteral("Enter")}, tr("open")},
        {{QStringLiteral("Ctrl"), QStringLiteral("Enter")}, tr("open in a new pane")}};
    for (const auto& [caps, text] : hints) {
        row->addWidget(new KeycapRow(theme(), caps));
        row->addWidget(small(text, nullptr));
        row->addSpacing(kSpace3);
    }
    row->addStretch(1);
    //: Prefixes of the palette, the signs stay as they are
    row->addWidget(small(tr("> commands  # chats  @ models"), nullptr));
    return footer;
}

QRect CommandPalette::panelIn(const QRect& room) const
{
    m_top->setFixedHeight(theme().scaled(kHeaderHeight));
    m_footer->setFixedHeight(theme().scaled(kFooterHeight));
    const int width = std::min(theme().scaled(kWidth), room.width() - 2 * kMargin);
    const int top = std::min(kTop, room.height() / 8);
    const bool some = m_list.rowCount() > 0;
    const int wanted = m_frame->sizeHint().height() + (some ? rowsHeight() - m_view->sizeHint().height() : 0);
    // Centred between the window's edges, as the eye expects it.
    return {(room.width() - width) / 2, top, width, std::min(wanted, room.height() - top - kMargin)};
}

int CommandPalette::rowsHeight() const
{
    int height = 0;
    for (int row = 0; row < m_list.rowCount(); ++row)
        height += m_view->sizeHintForRow(row);
    return height;
}

QWidget* CommandPalette::firstFocus() const
{
    return m_field;
}

void CommandPalette::ask()
{
    const QString typed = m_field->text().trimmed();
    m_only = groupOfPrefix(typed);
    m_query = m_only ? typed.mid(1).trimmed() : typed;
    m_moved = false;
    for (Answers& answers : m_answers)
        if (wants(answers.source->group()))
            answers.source->ask(m_query);
    showAnswers();
}

bool CommandPalette::wants(PaletteGroup group) const
{
    const bool inMessages = group == PaletteGroup::Messages && m_only == PaletteGroup::Conversations;
    return !m_only || group == *m_only || inMessages;
}

void CommandPalette::take(PaletteSource* source, const QString& query, const QList<PaletteEntry>& entries)
{
    if (query != m_query)
        return; // the answer to an earlier question
    for (Answers& answers : m_answers)
        if (answers.source == source)
            answers.entries = entries;
    showAnswers();
}

QList<PaletteEntry> CommandPalette::entriesOf(PaletteGroup group) const
{
    QList<PaletteEntry> entries;
    for (const Answers& answers : m_answers)
        if (answers.source->group() == group)
            entries += answers.entries;
    std::ranges::stable_sort(entries, std::ranges::greater{}, &PaletteEntry::score);
    if (m_query.isEmpty() && !m_only && entries.size() > kMostAtFirst)
        entries.resize(kMostAtFirst);
    return entries;
}

void CommandPalette::showAnswers()
{
    const int before = currentRow();
    std::vector<std::pair<PaletteGroup, QList<PaletteEntry>>> groups;
    for (const PaletteGroup group : kPaletteGroups)
        if (wants(group))
            groups.emplace_back(group, entriesOf(group));
    m_list.setGroups(groups);
    const int found = m_list.entryCount();
    m_count->setText(found == 1 ? tr("1 result") : tr("%1 results").arg(QLocale().toString(found)));
    m_view->setVisible(found > 0);
    m_nothing->setVisible(found == 0);
    select(m_list.entryFrom(m_moved ? std::max(before, 0) : 0, 1));
    placePanel();
}

int CommandPalette::currentRow() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? current.row() : -1;
}

void CommandPalette::select(int row)
{
    m_view->setCurrentIndex(row < 0 ? QModelIndex() : m_list.index(row));
    // The group's heading comes into view with its first entry.
    if (row > 0 && !m_list.entryAt(row - 1))
        m_view->scrollTo(m_list.index(row - 1));
    // The field keeps the focus: it says what is chosen.
    m_field->setAccessibleDescription(
        row < 0 ? QString() : m_list.data(m_list.index(row), Qt::AccessibleTextRole).toString());
}

void CommandPalette::openRow(int row, OpenWhere where)
{
    const PaletteEntry* entry = m_list.entryAt(row);
    if (!entry || !entry->open)
        return;
    const auto open = entry->open;
    dismiss(); // first: what opens may want the focus
    open(where);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        return handleKey(key->key(), key->modifiers());
    }
    return Overlay::eventFilter(watched, event);
}

bool CommandPalette::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    constexpr int kPage = 8;
    const int row = std::max(currentRow(), 0);
    const int last = m_list.rowCount() - 1;
    switch (key) {
    case Qt::Key_Up:
        select(m_list.entryFrom(row - 1, -1));
        break;
    case Qt::Key_Down:
        select(m_list.entryFrom(row + 1, 1));
        break;
    case Qt::Key_PageUp:
        select(m_list.entryFrom(std::max(row - kPage, 0), 1));
        break;
    case Qt::Key_PageDown:
        select(m_list.entryFrom(std::min(row + kPage, last), -1));
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        openRow(currentRow(), modifiers & Qt::ControlModifier ? OpenWhere::NewPane : OpenWhere::Here);
        return true;
    default:
        return false;
    }
    m_moved = true;
    return true;
}

} // namespace vitrine::ui
