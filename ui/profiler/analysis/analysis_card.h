// SPDX-License-Identifier: GPL-3.0-or-later
// A card with a heading: title, what there is to say beside it, a legend; below it what it shows.
// Thread: UI; the theme outlives it.
#pragma once

#include <QFrame>

#include "ui/theme/theme.h"

class QLabel;

namespace vitrine::ui {

class ElidedLabel;
/// Width of one beside others, at 100 %.
inline constexpr int kLeastCard = 340;

class Heading;
class LegendRow;

class AnalysisCard : public QFrame
{
    Q_OBJECT

public:
    /// Takes `content` over.
    AnalysisCard(QWidget* content, const Theme& theme, QWidget* parent = nullptr);

    void setTitle(const QString& title, const QString& explanation = {});
    void setNote(const QString& note);
    QString title() const;
    QString note() const;
    LegendRow& legend() const;

private:
    QLabel* m_title;
    ElidedLabel* m_note;
    Heading* m_heading;
};

} // namespace vitrine::ui
