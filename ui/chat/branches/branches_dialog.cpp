// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/branches/branches_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/chat/branches/branch_delegate.h"
#include "ui/chat/branches/branch_model.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr QSize kSize(640, 560);

} // namespace

BranchesDialog::BranchesDialog(Conversation& conversation, const Theme& theme, QWidget* parent)
    : QDialog(parent), m_conversation(&conversation), m_model(new BranchModel(conversation, this))
{
    setWindowTitle(tr("Branches of “%1”").arg(conversation.displayTitle()));
    build(theme);
    resize(kSize);
    connect(m_list, &QListView::activated, this, &BranchesDialog::showChosen);
    connect(m_show, &QPushButton::clicked, this, &BranchesDialog::showChosen);
    connect(m_model, &QAbstractItemModel::modelReset, this, &BranchesDialog::refresh);
    connect(&conversation, &QObject::destroyed, this, &QDialog::reject);
    refresh();
}

void BranchesDialog::build(const Theme& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kSpace2, 0, kSpace4);
    column->setSpacing(kSpace3);
    m_list = new QListView;
    m_list->setModel(m_model);
    m_list->setItemDelegate(new BranchDelegate(theme, m_conversation->number(), m_list));
    m_list->setAccessibleName(tr("Branches"));
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QListView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list, 1);
    m_summary = new QLabel;
    m_summary->setProperty("role", "small");
    m_summary->setWordWrap(true);
    auto* close = new QPushButton(tr("Close"));
    close->setAutoDefault(false);
    m_show = new QPushButton(tr("Show this branch"));
    m_show->setProperty("kind", "primary");
    m_show->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kSpace4, 0, kSpace4, 0);
    row->setSpacing(kSpace2);
    row->addWidget(m_summary, 1);
    row->addWidget(close);
    row->addWidget(m_show);
    column->addLayout(row);
}

void BranchesDialog::refresh()
{
    m_summary->setText(m_model->summary());
    m_list->setCurrentIndex(m_model->shownLeaf());
    m_show->setEnabled(m_model->rowCount() > 0);
}

void BranchesDialog::showEvent(QShowEvent* event)
{
    QDialog::showEvent(event);
    m_list->scrollTo(m_list->currentIndex(), QListView::PositionAtCenter);
    m_list->setFocus();
}

void BranchesDialog::showChosen()
{
    const QModelIndex chosen = m_list->currentIndex();
    if (m_conversation == nullptr || !chosen.isValid())
        return;
    const auto id = chosen.data(BranchModel::IdRole).value<MessageId>();
    accept();
    m_conversation->choose(id);
}

} // namespace vitrine::ui
