// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/panel_section.h"

#include <algorithm>

#include <QApplication>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/profiler/page/legend_row.h"

namespace vitrine::ui {
namespace {

constexpr int kChevron = 10;

} // namespace

PanelSection::PanelSection(const QString& key, QWidget* content, Height height, const Theme& theme,
                           QWidget* parent)
    : QWidget(parent), m_theme(theme), m_key(key), m_content(content), m_height(height)
{
    buildHeader();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(content, 1);
    theme.follow(this, [this] { arrange(); });
    retranslate();
}

void PanelSection::buildHeader()
{
    m_header = new QWidget(this);
    m_header->installEventFilter(this);
    m_chevron = new QToolButton;
    m_chevron->setProperty("kind", "chip");
    m_chevron->setFocusPolicy(Qt::TabFocus);
    connect(m_chevron, &QToolButton::clicked, this, [this] { setFolded(!m_folded); });
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_note = new QLabel;
    m_note->setProperty("role", "small");
    m_note->setTextFormat(Qt::PlainText);
    m_legend = new LegendRow(m_theme);
    m_more = new QToolButton;
    m_more->setProperty("kind", "chip");
    m_more->setIcon(m_theme.icon(QStringLiteral("more")));
    m_more->setFocusPolicy(Qt::TabFocus);
    connect(m_more, &QToolButton::clicked, this,
            [this] { openMenu(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    m_row = new QHBoxLayout(m_header);
    m_row->setContentsMargins(0, 0, kSpace3, 0);
    m_row->setSpacing(kSpace2);
    m_row->addWidget(m_chevron);
    m_row->addWidget(m_title);
    m_row->addWidget(m_note);
    m_row->addStretch(1);
    m_row->addWidget(m_legend, 100);
    m_row->addWidget(m_more);
}

void PanelSection::addControl(QWidget* control)
{
    m_row->insertWidget(m_row->count() - 1, control);
}

QString PanelSection::title() const
{
    return m_title->text();
}

QString PanelSection::note() const
{
    return m_note->text();
}

void PanelSection::setTitle(const QString& title)
{
    m_title->setText(title);
    retranslate();
}

void PanelSection::setNote(const QString& note)
{
    if (m_note->text() != note)
        m_note->setText(note);
}

void PanelSection::setClosed(bool closed)
{
    m_closed = closed;
    setVisible(!closed);
}

void PanelSection::setFolded(bool folded)
{
    if (folded == m_folded)
        return;
    m_folded = folded;
    m_content->setVisible(!folded);
    m_legend->setVisible(!folded);
    arrange();
    retranslate();
    emit changed();
}

void PanelSection::arrange()
{
    m_header->setFixedHeight(m_theme.scaled(kHeader));
    const int side = m_theme.scaled(kChevron);
    m_chevron->setIconSize(QSize(side, side));
    m_chevron->setIcon(m_theme.icon(m_folded ? QStringLiteral("rightc") : QStringLiteral("down")));
    m_more->setIconSize(QSize(m_theme.scaled(kIconSize), m_theme.scaled(kIconSize)));
    const int header = m_header->height();
    const int most = m_height == Height::Fixed ? m_content->sizeHint().height() : m_content->maximumHeight();
    setMaximumHeight(m_folded ? header : std::min(header + most, QWIDGETSIZE_MAX));
    updateGeometry();
}

void PanelSection::retranslate()
{
    m_chevron->setAccessibleName(m_folded ? tr("Unfold %1").arg(title()) : tr("Fold %1").arg(title()));
    m_chevron->setToolTip(m_folded ? tr("Unfold") : tr("Fold"));
    m_more->setAccessibleName(tr("Panel %1").arg(title()));
    m_more->setToolTip(tr("Move or close the panel"));
}

void PanelSection::openMenu(const QPoint& global)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_folded ? tr("Unfold") : tr("Fold"), this, [this] { setFolded(!m_folded); });
    menu->addAction(tr("Move up"), this, [this] { emit moveRequested(-1); });
    menu->addAction(tr("Move down"), this, [this] { emit moveRequested(1); });
    menu->addSeparator();
    menu->addAction(tr("Close"), this, &PanelSection::closeRequested);
    menu->popup(global);
}

void PanelSection::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_header->geometry().contains(event->pos()))
        openMenu(event->globalPos());
    else
        QWidget::contextMenuEvent(event);
}

bool PanelSection::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_header)
        return QWidget::eventFilter(watched, event);
    auto* mouse = static_cast<QMouseEvent*>(event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        m_pressed = mouse->button() == Qt::LeftButton;
        m_dragging = false;
        m_pressedAt = mouse->pos();
        return m_pressed;
    case QEvent::MouseMove:
        m_dragging = m_dragging || (m_pressed && (mouse->pos() - m_pressedAt).manhattanLength() >=
                                                     QApplication::startDragDistance());
        if (m_dragging) {
            m_header->setCursor(Qt::ClosedHandCursor);
            emit dragged(mouse->globalPosition().toPoint());
        }
        return m_dragging;
    case QEvent::MouseButtonRelease:
        m_header->unsetCursor();
        m_pressed = m_dragging = false;
        return false;
    case QEvent::MouseButtonDblClick:
        setFolded(!m_folded);
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void PanelSection::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().panel);
}

void PanelSection::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
