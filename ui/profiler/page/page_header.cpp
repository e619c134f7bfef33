// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/page_header.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"

namespace vitrine::ui {
namespace {

constexpr int kSearchWidth = 220, kNarrowSearch = 140, kLeastSearch = 90;
constexpr int kRoomy = 1180; // below: a narrower search

} // namespace

PageHeader::PageHeader(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_first(new QHBoxLayout), m_second(new QHBoxLayout),
      m_tabs(new QTabBar), m_selection(new ElidedLabel), m_search(new QLineEdit), m_panels(new QToolButton),
      m_live(new QPushButton), m_record(new QPushButton), m_recordMore(new QToolButton),
      m_export(new QPushButton)
{
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setFocusPolicy(Qt::TabFocus);
    m_tabs->setContextMenuPolicy(Qt::CustomContextMenu);
    m_selection->setProperty("role", "small");
    m_selection->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_search->setMaxLength(200);
    m_search->setProperty("small", true);
    m_search->setFont(theme.font(TextSize::Small));
    m_search->addAction(theme.icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_panels->setIcon(theme.icon(QStringLiteral("side")));
    for (QPushButton* button : {m_live, m_record, m_export})
        button->setProperty("small", true);
    m_record->setIcon(theme.icon(QStringLiteral("rec"), IconTone::Danger));
    m_recordMore->setIcon(theme.icon(QStringLiteral("down")));
    m_export->setIcon(theme.icon(QStringLiteral("export"), IconTone::Text));
    buildRows();
    connectParts();
    theme.follow(this, [this] { arrange(); });
    setLive(false, false);
    retranslate();
}

void PageHeader::buildRows()
{
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(kSpace4 - kSpace2, 0, kSpace4, 0);
    lines->setSpacing(0);
    lines->addLayout(m_first, 1);
    lines->addLayout(m_second);
    for (QHBoxLayout* row : {m_first, m_second})
        row->setSpacing(kSpace2);
    m_first->addWidget(m_tabs);
    m_first->addWidget(m_selection, 1);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_search, m_panels, m_live, m_record, m_recordMore, m_export})
        m_first->addWidget(widget);
}

void PageHeader::connectParts()
{
    connect(m_tabs, &QTabBar::currentChanged, this, &PageHeader::tabChanged);
    connect(m_tabs, &QWidget::customContextMenuRequested, this, &PageHeader::openTabMenu);
    connect(m_live, &QPushButton::clicked, this, [this] { emit liveToggled(!m_following); });
    connect(m_record, &QPushButton::clicked, this, [this] { emit recordToggled(!m_recording); });
    connect(m_export, &QPushButton::clicked, this, &PageHeader::exportRequested);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { emit searchRequested(m_search->text()); });
    connect(m_panels, &QToolButton::clicked, this,
            [this] { popUp(*m_panels, &PageHeader::panelMenuWanted); });
    connect(m_recordMore, &QToolButton::clicked, this,
            [this] { popUp(*m_recordMore, &PageHeader::recordMenuWanted); });
}

/// Of the tab under the pointer; where the key asked for it, of the current one.
void PageHeader::openTabMenu(const QPoint& position)
{
    const int under = m_tabs->tabAt(position);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    emit tabMenuWanted(*menu, under >= 0 ? under : m_tabs->currentIndex());
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(m_tabs->mapToGlobal(position));
}

void PageHeader::popUp(QToolButton& button, void (PageHeader::*wanted)(QMenu&))
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    emit(this->*wanted)(*menu);
    menu->popup(button.mapToGlobal(QPoint(0, button.height())));
}

int PageHeader::addTab(const QString& title)
{
    return m_tabs->addTab(title);
}

void PageHeader::setTabTitle(int index, const QString& title)
{
    m_tabs->setTabText(index, title);
}

int PageHeader::currentTab() const
{
    return m_tabs->currentIndex();
}

void PageHeader::setCurrentTab(int index)
{
    m_tabs->setCurrentIndex(index);
}

void PageHeader::setSelection(const QString& text)
{
    m_selection->setFullText(text);
}

QString PageHeader::selection() const
{
    return m_selection->fullText();
}

void PageHeader::setLive(bool live, bool following)
{
    m_following = following;
    m_live->setVisible(live);
    m_live->setIcon(
        m_theme.icon(following ? QStringLiteral("pause") : QStringLiteral("play"), IconTone::Text));
    retranslate();
}

void PageHeader::setRecording(bool recording)
{
    m_recording = recording;
    m_record->setIcon(
        m_theme.icon(recording ? QStringLiteral("stop") : QStringLiteral("rec"), IconTone::Danger));
    retranslate();
}

void PageHeader::setUsable(bool usable)
{
    for (QWidget* widget : std::initializer_list<QWidget*>{m_search, m_live, m_export})
        widget->setEnabled(usable);
}

void PageHeader::setPanelsAvailable(bool available)
{
    m_panels->setVisible(available);
}

void PageHeader::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void PageHeader::retranslate()
{
    m_tabs->setAccessibleName(tr("Views of the recording"));
    m_search->setPlaceholderText(tr("Request, chat or step"));
    m_search->setAccessibleName(tr("Search the recording"));
    m_search->setToolTip(tr("A chat's title, #17 for a request, 4163 for a step"));
    m_search->setProperty("command", QStringLiteral("chat.find"));
    m_panels->setAccessibleName(tr("Panels"));
    m_panels->setToolTip(tr("Which panels are shown, and where"));
    m_live->setText(m_following ? tr("Pause") : tr("Live"));
    m_live->setToolTip(m_following ? tr("Lets the picture stand still; recording goes on")
                                   : tr("Shows what happens now"));
    m_record->setText(m_recording ? tr("Stop") : tr("Record"));
    m_record->setToolTip(m_recording ? tr("Ends the file")
                                     : tr("Writes all that happens from now on into a file"));
    m_recordMore->setAccessibleName(tr("Other ways to record"));
    m_recordMore->setToolTip(tr("Other ways to record"));
    m_export->setText(tr("Export"));
    m_export->setToolTip(tr("Writes the recording, or what is selected of it, for other programs"));
    arrange();
}

bool PageHeader::isTooNarrow() const
{
    int wide = kSpace4 * 2 + m_tabs->sizeHint().width() + m_search->maximumWidth();
    for (const QWidget* button :
         std::initializer_list<QWidget*>{m_panels, m_live, m_record, m_recordMore, m_export})
        if (!button->isHidden())
            wide += button->sizeHint().width() + kSpace2;
    return wide > width();
}

void PageHeader::arrange()
{
    const bool roomy = width() >= m_theme.scaled(kRoomy);
    m_search->setMaximumWidth(m_theme.scaledColumn(roomy ? kSearchWidth : kNarrowSearch));
    m_search->setMinimumWidth(roomy ? m_search->maximumWidth() : m_theme.scaledColumn(kLeastSearch));
    const bool twoLines = isTooNarrow();
    if (twoLines != m_twoLines) {
        m_twoLines = twoLines;
        QHBoxLayout* from = twoLines ? m_first : m_second;
        QHBoxLayout* to = twoLines ? m_second : m_first;
        while (from->count() > (twoLines ? 1 : 0))
            to->addItem(from->takeAt(twoLines ? 1 : 0));
        to->setStretch(to->indexOf(m_selection), 1);
        static_cast<QVBoxLayout*>(layout())->setStretch(1, twoLines ? 1 : 0);
    }
    setFixedHeight(m_theme.scaled(kHeaderHeight) * (twoLines ? 2 : 1));
}

bool PageHeader::event(QEvent* event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return done;
}

void PageHeader::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void PageHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
    painter.fillRect(0, height() - 1, width(), 1, m_theme.tokens().border);
}

void PageHeader::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
