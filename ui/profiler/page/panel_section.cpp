// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/panel_section.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/profiler/page/heading.h"

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
    column->addStretch(0); // where it is lower than a window of its own
    theme.follow(this, [this] { arrange(); });
    retranslate();
}

void PanelSection::buildHeader()
{
    m_header = new Heading(m_theme, this);
    m_header->installEventFilter(this);
    m_header->layout()->setContentsMargins(0, 0, kSpace3, 0);
    m_header->setIndent(kSpace4);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_note = new ElidedLabel;
    m_note->setProperty("role", "small");
    m_note->setTextFormat(Qt::PlainText);
    buildButtons();
    QHBoxLayout& row = m_header->row();
    row.setSpacing(kSpace2);
    row.addWidget(m_chevron);
    row.addWidget(m_title);
    row.addWidget(m_note);
    m_header->placeLegendHere();
    row.addWidget(m_float);
    row.addWidget(m_more);
    connect(m_header, &Heading::rearranged, this, &PanelSection::arrange);
}

LegendRow& PanelSection::legend() const
{
    return m_header->legend();
}

void PanelSection::buildButtons()
{
    m_chevron = new QToolButton;
    m_float = new QToolButton;
    m_more = new QToolButton;
    for (QToolButton* button : {m_chevron, m_float, m_more}) {
        button->setProperty("kind", "chip");
        button->setFocusPolicy(Qt::TabFocus);
    }
    m_more->setIcon(m_theme.icon(QStringLiteral("more")));
    connect(m_chevron, &QToolButton::clicked, this, [this] { setFolded(!m_folded); });
    connect(m_float, &QToolButton::clicked, this, [this] { emit floatRequested(!m_floating); });
    connect(m_more, &QToolButton::clicked, this,
            [this] { openMenu(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
}

void PanelSection::addControl(QWidget* control)
{
    QHBoxLayout& row = m_header->row();
    row.insertWidget(row.count() - 2, control);
}

QString PanelSection::title() const
{
    return m_title->text();
}

QString PanelSection::note() const
{
    return m_note->fullText();
}

void PanelSection::setTitle(const QString& title, const QString& meaning)
{
    m_title->setText(title);
    m_title->setToolTip(meaning);
    setWindowTitle(title);
    retranslate();
}

void PanelSection::setNote(const QString& note)
{
    if (m_note->fullText() != note)
        m_note->setFullText(note);
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
    m_header->setLegendShown(!folded);
    arrange();
    retranslate();
    emit changed();
}

void PanelSection::setFloating(bool floating)
{
    if (floating)
        setFolded(false);
    m_floating = floating;
    m_chevron->setVisible(!floating);
    m_header->row().setContentsMargins(floating ? kSpace4 : 0, 0, 0, 0);
    arrange();
    retranslate();
}

void PanelSection::arrange()
{
    const int header = m_header->heightWith(m_theme.scaled(kHeader));
    m_header->setFixedHeight(header);
    const int side = m_theme.scaled(kChevron);
    m_chevron->setIconSize(QSize(side, side));
    m_chevron->setIcon(m_theme.icon(m_folded ? QStringLiteral("rightc") : QStringLiteral("down")));
    m_float->setIcon(m_theme.icon(m_floating ? QStringLiteral("popin") : QStringLiteral("popout")));
    for (QToolButton* button : {m_float, m_more})
        button->setIconSize(QSize(m_theme.scaled(kIconSize), m_theme.scaled(kIconSize)));
    const int most = m_height == Height::Fixed ? m_content->sizeHint().height() : m_content->maximumHeight();
    const int all = m_folded ? header : std::min(header + most, QWIDGETSIZE_MAX);
    setMaximumHeight(m_floating ? QWIDGETSIZE_MAX : all);
    updateGeometry();
}

void PanelSection::retranslate()
{
    m_chevron->setAccessibleName(m_folded ? tr("Unfold %1").arg(title()) : tr("Fold %1").arg(title()));
    m_chevron->setToolTip(m_folded ? tr("Unfold") : tr("Fold"));
    m_float->setAccessibleName(m_floating ? tr("Put %1 back into the page").arg(title())
                                          : tr("%1 in its own window").arg(title()));
    m_float->setToolTip(m_floating ? tr("Put back into the page") : tr("Open in its own window"));
    m_more->setAccessibleName(tr("Panel %1").arg(title()));
    m_more->setToolTip(tr("Move or close the panel"));
}

void PanelSection::openMenu(const QPoint& global)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!m_floating) {
        menu->addAction(m_folded ? tr("Unfold") : tr("Fold"), this, [this] { setFolded(!m_folded); });
        menu->addAction(tr("Move up"), this, [this] { emit moveRequested(-1); });
        menu->addAction(tr("Move down"), this, [this] { emit moveRequested(1); });
        menu->addSeparator();
    }
    menu->addAction(m_floating ? tr("Put back into the page") : tr("Open in its own window"), this,
                    [this] { emit floatRequested(!m_floating); });
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
        m_dragging = m_dragging ||
                     (m_pressed && !m_floating &&
                      (mouse->pos() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance());
        if (m_dragging) {
            m_header->setCursor(Qt::ClosedHandCursor);
            emit dragged(mouse->globalPosition().toPoint());
        }
        return m_dragging;
    case QEvent::MouseButtonRelease:
        m_header->unsetCursor();
        m_pressed = false;
        if (std::exchange(m_dragging, false))
            emit dropped(mouse->globalPosition().toPoint());
        return false;
    case QEvent::MouseButtonDblClick:
        if (m_floating)
            emit floatRequested(false);
        else
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
