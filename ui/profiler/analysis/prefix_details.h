// SPDX-License-Identifier: GPL-3.0-or-later
// One node of the prefix tree: its text, who shares it, and side by side where it parts from the others.
// Thread: UI; the theme outlives it.
#pragma once

#include <QWidget>

#include "ui/recording/analysis_pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class InspectorForm;

class PrefixDetails : public QWidget
{
    Q_OBJECT

public:
    explicit PrefixDetails(const Theme& theme, QWidget* parent = nullptr);

    /// Nothing where the tree has no such node.
    void show(const SharedPrefixes& picture, quint32 node);
    QString text() const;

signals:
    void requestPicked(vitrine::engine::RequestId request);
    /// To the node from which it parts.
    void nodePicked(quint32 node);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void addShared(const engine::PrefixNode& node);
    void addDivergence(const engine::PrefixNode& node);
    void addRequests(const engine::PrefixNode& node);
    QWidget* makeText(const std::string& before, const std::string& own, QColor Tokens::*ink) const;

    const Theme& m_theme;
    SharedPrefixes m_picture;
    quint32 m_node = 0;
    InspectorForm* m_form;
};

} // namespace vitrine::ui
