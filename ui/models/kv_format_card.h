// SPDX-License-Identifier: GPL-3.0-or-later
// The form in which keys and values are kept, with what each takes and how many tokens of it fit.
// Thread: UI.
#pragma once

#include <array>

#include <QAbstractButton>
#include <QFrame>

#include "ui/models/model_verdict.h"
#include "ui/theme/theme.h"

class QLabel;

namespace vitrine::ui {

/// A radio button with two more columns.
class FormatRow : public QAbstractButton
{
    Q_OBJECT

public:
    FormatRow(engine::KvFormat format, const Theme& theme, QWidget* parent = nullptr);

    engine::KvFormat format() const { return m_format; }
    void setTexts(const QString& perThousand, const QString& fitting);
    const QString& fittingText() const { return m_fitting; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    engine::KvFormat m_format;
    QString m_perThousand, m_fitting;
};

class KvFormatCard : public QFrame
{
    Q_OBJECT

public:
    static constexpr int kFittingWidth = 116; ///< of the last column
    static constexpr int kPerThousandWidth = 96;

    explicit KvFormatCard(const Theme& theme, QWidget* parent = nullptr);

    void setPlan(const engine::MemoryPlan& plan, const MemoryRoom& room);
    void setFormat(engine::KvFormat format); ///< without a signal
    engine::KvFormat format() const;
    FormatRow& row(engine::KvFormat format) const;

signals:
    void formatChosen(vitrine::engine::KvFormat format);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    const Theme& m_theme;
    QLabel* m_title = nullptr;
    QLabel* m_perThousand = nullptr;
    QLabel* m_fitting = nullptr;
    std::array<FormatRow*, 3> m_rows{};
    engine::MemoryPlan m_plan;
    MemoryRoom m_room;
};

} // namespace vitrine::ui
