// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/value_pane.h"

#include <QHBoxLayout>
#include <QModelIndex>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/models/detail_roles.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

ValuePane::ValuePane(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_key(new ElidedLabel), m_type(new ElidedLabel), m_text(new QPlainTextEdit)
{
    setProperty("role", "card");
    m_key->setFont(theme.font(TextSize::Small, QFont::DemiBold));
    m_type->setProperty("role", "small");
    auto* caption = new QHBoxLayout;
    caption->setSpacing(kSpace2);
    caption->addWidget(m_key);
    caption->addWidget(m_type);
    caption->addStretch(1);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(theme.fixedFont(TextSize::Small));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setMinimumHeight(kRowHeight);
    m_text->document()->setDocumentMargin(0);
    m_text->setAccessibleName(tr("Whole value"));
    // A caret in a text that cannot be edited still says where the keyboard is.
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace3, kSpace2, kSpace1, kSpace2);
    column->setSpacing(kSpace1);
    column->addLayout(caption);
    column->addWidget(m_text, 1);
}

void ValuePane::showRow(const QModelIndex& row)
{
    m_key->setFullText(row.siblingAtColumn(0).data().toString());
    m_type->setFullText(row.data(TypeRole).toString());
    m_text->setPlainText(row.data(WholeRole).toString());
}

QString ValuePane::text() const
{
    return m_text->toPlainText();
}

} // namespace vitrine::ui
