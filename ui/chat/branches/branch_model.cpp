// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/branches/branch_model.h"

#include <algorithm>

#include <QLocale>

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/markdown/message_document.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kExcerpt = 160;

/// As a reply is shown: without the marks of Markdown.
QString withoutMarks(const QString& source)
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(source);
    document.finish();
    QString text;
    for (const Block& block : document.blocks()) {
        for (const PieceText& piece : pieceTexts(block))
            text += piece.before + piece.text;
        text += QChar::Space;
    }
    return text;
}

QString excerptOf(const Message& message)
{
    QString text = message.text.left(4 * kExcerpt);
    if (message.role == Role::Assistant)
        text = withoutMarks(text);
    const QString line = text.simplified();
    return line.size() <= kExcerpt ? line : line.left(kExcerpt) + QChar(0x2026);
}

} // namespace

BranchModel::BranchModel(Conversation& conversation, QObject* parent)
    : QAbstractListModel(parent), m_conversation(&conversation), m_rows(branchRows(conversation.tree()))
{
    for (const auto signal : {&Conversation::messageAdded, &Conversation::pathChanged})
        connect(&conversation, signal, this, &BranchModel::take);
    connect(&conversation, &Conversation::messagesRemoved, this, &BranchModel::take);
    connect(&conversation, &QObject::destroyed, this, [this] {
        beginResetModel();
        m_rows.clear();
        endResetModel();
    });
}

void BranchModel::take()
{
    beginResetModel();
    m_rows = branchRows(m_conversation->tree());
    endResetModel();
}

int BranchModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

const Message* BranchModel::message(int row) const
{
    return m_conversation == nullptr ? nullptr : m_conversation->tree().find(m_rows[std::size_t(row)].id);
}

QVariant BranchModel::data(const QModelIndex& index, int role) const
{
    const Message* turn = checkIndex(index, CheckIndexOption::IndexIsValid) ? message(index.row()) : nullptr;
    if (turn == nullptr)
        return {};
    const bool user = turn->role == Role::User;
    switch (role) {
    case Qt::DisplayRole:
        return turn->isOpen() && turn->text.isEmpty() ? tr("A reply is being written") : excerptOf(*turn);
    case Qt::AccessibleTextRole:
        return tr("%1: %2").arg(user ? tr("You") : tr("Reply"), excerptOf(*turn));
    case IdRole:
        return QVariant::fromValue(turn->id);
    case IsUserRole:
        return user;
    case SharedRole:
        return user || turn->start.cachedTokens == 0
                   ? QString()
                   : tr("%1 cached").arg(QLocale().toString(turn->start.cachedTokens));
    default:
        return {};
    }
}

QModelIndex BranchModel::shownLeaf() const
{
    const auto last = std::ranges::find_if(m_rows.rbegin(), m_rows.rend(), &BranchRow::shown);
    return last == m_rows.rend() ? QModelIndex() : index(int(m_rows.rend() - last) - 1);
}

QString BranchModel::summary() const
{
    if (m_conversation == nullptr)
        return {};
    int branches = 0;
    quint64 cached = 0;
    for (const BranchRow& row : m_rows) {
        branches += row.continues ? 0 : 1;
        cached += m_conversation->tree().find(row.id)->start.cachedTokens;
    }
    const QLocale locale;
    const QString sizes =
        (branches == 1 ? tr("1 branch") : tr("%1 branches").arg(locale.toString(branches))) +
        QStringLiteral(" · ") +
        (m_rows.size() == 1 ? tr("1 turn") : tr("%1 turns").arg(locale.toString(qulonglong(m_rows.size()))));
    if (cached == 0)
        return sizes;
    return sizes + QStringLiteral(" · ") +
           tr("%1 prompt tokens shared with other branches and turns, not computed again")
               .arg(locale.toString(cached));
}

} // namespace vitrine::ui
