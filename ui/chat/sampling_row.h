// SPDX-License-Identifier: GPL-3.0-or-later
// One sampling value: its name, a slider for the usual part of its range, a number box for all of it, and a
// way back to the default. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/chat/sampling_settings.h"

class QDoubleSpinBox;
class QSlider;
class QToolButton;

namespace vitrine::ui {

class Theme;

class SamplingRow : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kNameWidth = 104;

    SamplingRow(SamplingField field, const Theme& theme, QWidget* parent = nullptr);

    SamplingField field() const { return m_field; }
    double value() const;
    /// Without a signal.
    void setValue(double value);

signals:
    void edited(vitrine::ui::SamplingField field, double value);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void takeFromBox(double value);
    void display(double value);

    SamplingField m_field;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_box = nullptr;
    QToolButton* m_reset = nullptr;
};

QString nameOf(SamplingField field); ///< "Temperature"
QString helpOf(SamplingField field); ///< what it does, in plain words

} // namespace vitrine::ui
