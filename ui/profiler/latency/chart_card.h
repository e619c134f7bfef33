// SPDX-License-Identifier: GPL-3.0-or-later
// A card with a heading: title, notes beside it, a legend at the right end, and below it what it is about.
// Thread: UI.
#pragma once

#include <QFrame>

#include "ui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace vitrine::ui {

class Heading;
class LegendRow;

class ChartCard : public QFrame
{
    Q_OBJECT

public:
    /// Takes `content` over.
    ChartCard(QWidget* content, const Theme& theme, QWidget* parent = nullptr);

    /// `meaning`: its tooltip.
    void setTitle(const QString& title, const QString& meaning);
    QString title() const;
    /// After the title.
    void addNote(QWidget* note);
    /// At the right end.
    void addControl(QWidget* control);
    LegendRow& legend() const;

private:
    QLabel* m_title;
    QHBoxLayout* m_notes;
    Heading* m_heading;
};

} // namespace vitrine::ui
