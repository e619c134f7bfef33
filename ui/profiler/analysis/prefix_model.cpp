// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/prefix_model.h"

#include <algorithm>

#include <QLocale>

#include "ui/profiler/analysis/cell_delegate.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {

QString onOneLine(const std::string& text)
{
    QString line = QString::fromUtf8(text.data(), qsizetype(text.size()));
    line.replace(QLatin1String("\\n"), QStringLiteral("↵"));
    line.replace(QLatin1Char('\n'), QStringLiteral("↵"));
    line.replace(QLatin1Char('\t'), QStringLiteral("→"));
    for (QChar& sign : line)
        if (sign.category() == QChar::Other_Control)
            sign = QLatin1Char(' ');
    return line;
}

namespace {

constexpr quint32 kFewTokens = 3;

/// What siblings have in common within a block tells nothing about them.
QString beginningOf(const engine::PrefixNode& node)
{
    const engine::PrefixDivergence& parts = node.divergence;
    if (!node.hasDivergence || node.firstToken == 0 || parts.own.empty() ||
        parts.position < node.firstToken + kFewTokens)
        return onOneLine(node.text);
    return QStringLiteral("…") + onOneLine(parts.own);
}

} // namespace

void PrefixModel::setPicture(SharedPrefixes picture)
{
    beginResetModel();
    m_picture = std::move(picture);
    m_rows.clear();
    if (m_picture) {
        m_rows.resize(qsizetype(m_picture->tree.nodes.size()));
        for (const engine::PrefixNode& node : m_picture->tree.nodes)
            for (std::size_t row = 0; row < node.children.size(); ++row)
                m_rows[node.children[row]] = int(row);
    }
    endResetModel();
}

const engine::PrefixNode* PrefixModel::nodeOf(const QModelIndex& index) const
{
    if (!index.isValid() || !m_picture || index.internalId() >= m_picture->tree.nodes.size())
        return nullptr;
    return &m_picture->tree.nodes[index.internalId()];
}

QModelIndex PrefixModel::indexOf(quint32 node, int column) const
{
    if (!m_picture || node == 0 || node >= m_picture->tree.nodes.size())
        return {};
    return createIndex(m_rows[node], column, quintptr(node));
}

QModelIndex PrefixModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!m_picture || m_picture->tree.nodes.empty() || row < 0 || column < 0 || column >= kColumns)
        return {};
    const engine::PrefixNode* above = parent.isValid() ? nodeOf(parent) : &m_picture->tree.nodes.front();
    if (above == nullptr || std::size_t(row) >= above->children.size())
        return {};
    return createIndex(row, column, quintptr(above->children[std::size_t(row)]));
}

QModelIndex PrefixModel::parent(const QModelIndex& child) const
{
    const engine::PrefixNode* node = nodeOf(child);
    return node == nullptr ? QModelIndex() : indexOf(node->parent);
}

int PrefixModel::rowCount(const QModelIndex& parent) const
{
    if (!m_picture || m_picture->tree.nodes.empty() || parent.column() > 0)
        return 0;
    const engine::PrefixNode* node = parent.isValid() ? nodeOf(parent) : &m_picture->tree.nodes.front();
    return node == nullptr ? 0 : int(node->children.size());
}

QString PrefixModel::textOf(const engine::PrefixNode& node, int column) const
{
    switch (column) {
    case Text:
        return beginningOf(node);
    case Tokens:
        return countText(node.tokens);
    case Requests:
        if (node.requests == 1 && !node.named.empty())
            return m_picture->names.value(node.named.front().value).title;
        return tr("%1 requests").arg(countText(node.requests));
    case Hits:
        return countText(node.hits);
    default:
        return countText(node.savedTokens);
    }
}

QString PrefixModel::tipOf(const engine::PrefixNode& node, int column) const
{
    switch (column) {
    case Text:
        return QString::fromUtf8(node.text.data(), qsizetype(node.text.size()));
    case Tokens:
        return tr("Tokens %1 to %2 of the text")
            .arg(countText(quint64(node.firstToken) + 1), countText(quint64(node.firstToken) + node.tokens));
    case Hits:
        return tr("Requests that found some of it in the prefix cache instead of computing it");
    case Saved:
        return tr("%1 of %2 tokens that would have been computed without sharing")
            .arg(countText(node.savedTokens), countText(node.passedTokens));
    default:
        return {};
    }
}

QVariant PrefixModel::data(const QModelIndex& index, int role) const
{
    const engine::PrefixNode* node = nodeOf(index);
    if (node == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*node, index.column());
    case Qt::ToolTipRole:
        return tipOf(*node, index.column());
    case Qt::TextAlignmentRole:
        if (index.column() == Text || index.column() == Requests)
            return int(Qt::AlignLeft | Qt::AlignVCenter);
        return int(Qt::AlignRight | Qt::AlignVCenter);
    case NodeRole:
        return quint32(index.internalId());
    case CellDelegate::FixedRole:
        return index.column() == Text;
    case CellDelegate::ReservedRole:
        return index.column() == Saved;
    case CellDelegate::ShareRole:
        if (index.column() != Saved || node->requests < 2 || node->passedTokens == 0)
            return {};
        return std::min(double(node->savedTokens) / double(node->passedTokens), 1.0);
    case CellDelegate::HueRole:
        if (index.column() == Requests && node->requests == 1 && !node->named.empty())
            return qulonglong(m_picture->names.value(node->named.front().value).hue);
        return {};
    default:
        return {};
    }
}

QVariant PrefixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Text || section == Requests ? Qt::AlignLeft : Qt::AlignRight) |
                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Text:
        return tr("Common beginning");
    case Tokens:
        return tr("Tokens");
    case Requests:
        return tr("Requests");
    case Hits:
        return tr("Hits");
    default:
        return tr("Tokens saved");
    }
}

void PrefixModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, kColumns - 1);
}

} // namespace vitrine::ui
