// SPDX-License-Identifier: GPL-3.0-or-later
// A/B: two of the recordings there are, chosen by name, beside each other. Thread: UI; the shelf outlives it.
#pragma once

#include <array>

#include <QFrame>

#include "ui/profiler/latency/comparison_texts.h"
#include "ui/recording/comparison.h"
#include "ui/theme/theme.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class ComboBox;
class ComparisonTable;
class RecordingShelf;

class ComparisonPanel : public QFrame
{
    Q_OBJECT

public:
    explicit ComparisonPanel(const Theme& theme, QWidget* parent = nullptr);

    void setShelf(RecordingShelf* shelf);
    /// A path, kLive, or empty for none.
    void choose(const QString& a, const QString& b);
    inline static const QString kLive = QStringLiteral("live");

    void setComparison(const SharedComparison& comparison);
    const SharedComparison& comparison() const { return m_comparison; }
    ComboBox& boxA() const { return *m_boxA; }
    ComboBox& boxB() const { return *m_boxB; }
    QPushButton& saveButton() const { return *m_save; }
    /// As the dialog does: a report of B that compares it with A.
    void saveReport(const QString& path);
    ComparisonTable& table() const { return *m_table; }
    const std::array<ComparisonChart*, ComparisonTexts::kCharts>& charts() const { return m_charts; }

signals:
    void reportSaved(const QString& path, const QString& error);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void arrange();
    void fillBoxes();
    void fill(ComboBox& box, const QString& chosen);
    void compare();
    void chooseReport();
    RecordingSession* sessionOf(const ComboBox& box);
    QString noteText() const;
    void refresh();
    void retranslate();

    const Theme& m_theme;
    RecordingShelf* m_shelf = nullptr;
    RunComparer m_comparer;
    SharedComparison m_comparison;
    QLabel* m_heading;
    QLabel* m_nameA;
    QLabel* m_nameB;
    ComboBox* m_boxA;
    ComboBox* m_boxB;
    QLabel* m_note;
    QPushButton* m_save;
    ComparisonReport m_report;
    QLabel* m_hint;
    QWidget* m_body;
    QGridLayout* m_grid = nullptr; ///< of the body
    ComparisonTable* m_table;
    std::array<ComparisonChart*, ComparisonTexts::kCharts> m_charts{};
};

} // namespace vitrine::ui
