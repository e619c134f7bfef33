// SPDX-License-Identifier: GPL-3.0-or-later
// A thin bar of parts that add up. Thread: UI.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/profiler/inspect/inspector_form.h"

namespace vitrine::ui {

class PartBar : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kHeight = 6;

    PartBar(std::vector<BarPart> parts, const Theme& theme, QWidget* parent = nullptr);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    double sum() const;

    const Theme& m_theme;
    std::vector<BarPart> m_parts;
};

} // namespace vitrine::ui
