// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/scrolled_form.h"

#include <algorithm>

#include <QEvent>
#include <QLayout>
#include <QScreen>
#include <QScrollBar>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

namespace {

constexpr int kBeside = 200; // of the screen's height: heading, buttons, the desktop's own bars
constexpr int kLeast = 160;

} // namespace

ScrolledForm::ScrolledForm(QLayout* form, QWidget* parent) : QScrollArea(parent)
{
    auto* content = new QWidget;
    form->setContentsMargins(0, 0, 0, 0);
    content->setLayout(form);
    setFrameShape(QFrame::NoFrame);
    setWidget(content);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
}

QSize ScrolledForm::sizeHint() const
{
    const QSize wanted = widget()->sizeHint();
    const int most = std::max(kLeast, screen()->availableGeometry().height() - kBeside);
    if (wanted.height() <= most)
        return wanted;
    return {wanted.width() + verticalScrollBar()->sizeHint().width() + kSpace2, most};
}

bool ScrolledForm::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

QSize ScrolledForm::minimumSizeHint() const
{
    return {sizeHint().width(), std::min(kLeast, sizeHint().height())};
}

} // namespace vitrine::ui
