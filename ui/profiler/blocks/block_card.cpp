// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/blocks/block_card.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/chat/hue_dot.h"
#include "ui/profiler/blocks/block_look.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kMostLetters = 36;
constexpr qsizetype kMostHolders = 6;

QString shortened(const QString& title)
{
    return title.size() > kMostLetters ? title.left(kMostLetters - 1).trimmed() + QChar(0x2026) : title;
}

} // namespace

BlockCard::BlockCard(const Theme& theme, QWidget* window)
    : QFrame(window), m_dot(new HueDot(theme)), m_title(new QLabel), m_tier(new QLabel), m_owner(new QLabel),
      m_state(new QLabel), m_holders(new QLabel)
{
    setProperty("role", "overlay");
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    m_title->setFont(theme.font(TextSize::Body, QFont::Medium));
    for (QLabel* label : {m_tier, m_owner, m_state, m_holders}) {
        label->setProperty("role", "small");
        label->setTextFormat(Qt::PlainText);
    }
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace2);
    head->addWidget(m_dot);
    head->addWidget(m_title);
    head->addSpacing(kSpace5);
    head->addStretch(1);
    head->addWidget(m_tier);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace3, kSpace2, kSpace3, kSpace2);
    column->setSpacing(kSpace1);
    column->addLayout(head);
    column->addWidget(m_owner);
    column->addWidget(m_state);
    column->addWidget(m_holders);
    hide();
}

void BlockCard::showBlock(quint32 block, const BlockMap& map, const QRect& cell)
{
    if (block >= map.cells.size())
        return;
    const BlockCell& about = map.cells[block];
    const bool owned = about.state != CellState::Free && about.owner < map.owners.size();
    m_block = block;
    m_cell = cell;
    m_title->setText(tr("Block %1").arg(countText(block)));
    m_tier->setText(about.window ? tr("device, with window") : tr("device"));
    m_dot->setVisible(owned);
    m_owner->setVisible(owned);
    if (owned) {
        m_dot->setNumber(map.owners[about.owner].name.hue);
        m_owner->setText(shortened(map.owners[about.owner].name.title));
    }
    const QString since = durationText(double(about.ageSeconds) * 1e9);
    m_state->setText(about.state == CellState::Free
                         ? blockStateText(about)
                         : tr("%1, taken %2 ago").arg(blockStateText(about), since));
    QStringList titles;
    if (about.holders > 0 && qsizetype(about.holders) <= map.holders.size())
        for (const quint32 owner : map.holders[about.holders - 1])
            titles << map.owners[owner].name.title;
    showHolders(titles, about.references);
    place(cell);
    show();
    raise();
}

/// A block that one holds says so above.
void BlockCard::showHolders(const QStringList& titles, qsizetype all)
{
    const bool shared = titles.size() > 1;
    m_holders->setVisible(shared);
    if (!shared)
        return;
    QStringList lines{tr("Held by")};
    for (const QString& title : titles.first(std::min(titles.size(), kMostHolders)))
        lines << QChar(0x2022) + QLatin1Char(' ') + shortened(title);
    if (const qsizetype more = all - (lines.size() - 1); more > 0)
        lines << tr("and %1 more").arg(countText(quint64(more)));
    m_holders->setText(lines.join(QLatin1Char('\n')));
}

void BlockCard::addDetails(const BlockDetails& details)
{
    if (details.block != m_block || isHidden())
        return;
    if (details.tokens > 0) {
        const QString title = shortened(details.writer.title);
        m_owner->setText(tr("%1, tokens %2 to %3")
                             .arg(title, countText(details.firstToken),
                                  countText(details.firstToken + details.tokens - 1)));
    }
    if (details.cell.state == CellState::Cached && details.releasedNs > 0)
        m_state->setText(
            tr("%1, freed %2 ago")
                .arg(blockStateText(details.cell),
                     durationText(double(std::max<qint64>(details.ns - details.releasedNs, 0)))));
    if (details.holders.size() > 1) {
        QStringList titles;
        for (const RequestName& holder : details.holders)
            titles << holder.title;
        showHolders(titles, details.holderCount);
    }
    place(m_cell);
}

QString BlockCard::text() const
{
    QStringList all{m_title->text(), m_tier->text(), m_owner->text(), m_state->text()};
    if (!m_holders->isHidden())
        all << m_holders->text();
    return all.join(QLatin1Char('\n'));
}

void BlockCard::place(const QRect& cell)
{
    ensurePolished();
    layout()->activate();
    const QSize size = sizeHint();
    const QWidget& window = *parentWidget();
    int x = cell.right() + kSpace2, y = cell.top() - kSpace2;
    if (x + size.width() > window.width() - kSpace2)
        x = cell.left() - kSpace2 - size.width();
    y = std::clamp(y, kSpace2, std::max(kSpace2, window.height() - size.height() - kSpace2));
    setGeometry(QRect(QPoint(std::max(x, kSpace2), y), size));
}

} // namespace vitrine::ui
