// SPDX-License-Identifier: GPL-3.0-or-later
// The prefix tree of a recording as a model for views. Thread: UI.
#pragma once

#include <QAbstractItemModel>

#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

class PrefixModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Text, Tokens, Requests, Hits, Saved, kColumns };
    enum Role { NodeRole = Qt::UserRole + 100 };

    using QAbstractItemModel::QAbstractItemModel;

    void setPicture(SharedPrefixes picture);
    const SharedPrefixes& picture() const { return m_picture; }
    /// nullptr for the root and for what is no place of the tree.
    const engine::PrefixNode* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOf(quint32 node, int column = 0) const;
    void retranslate();

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(const engine::PrefixNode& node, int column) const;
    QString tipOf(const engine::PrefixNode& node, int column) const;

    SharedPrefixes m_picture;
    QList<int> m_rows; ///< [node] among its siblings
};

/// On one line: what breaks lines is shown as signs.
QString onOneLine(const std::string& text);

} // namespace vitrine::ui
