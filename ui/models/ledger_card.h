// SPDX-License-Identifier: GPL-3.0-or-later
// What a model takes of the memory: the verdict, the bar and a row for each part. Thread: UI.
#pragma once

#include <array>

#include <QFrame>

#include "ui/models/model_verdict.h"
#include "ui/theme/theme.h"

class QLabel;

namespace vitrine::ui {

class ElidedLabel;
class MemoryBar;

struct Ledger
{
    Verdict verdict = Verdict::Fits;
    QString sentence;
    quint64 weights = 0, kv = 0, workspace = 0, other = 0; ///< bytes
    QString weightsNote, kvNote, otherNote;                ///< otherNote: empty for what a file needs
    QString deviceSentence; ///< where a GPU's memory is meant: the sentence about it
    MemoryRoom room;
    bool measured = false;
};

class LedgerCard : public QFrame
{
    Q_OBJECT

public:
    explicit LedgerCard(const Theme& theme, QWidget* parent = nullptr);

    void setLedger(const Ledger& ledger);
    QString sentence() const;
    QString verdictWord() const;
    const MemoryBar& bar() const { return *m_bar; }

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row
    {
        QLabel* swatch = nullptr;
        QLabel* name = nullptr;
        ElidedLabel* note = nullptr;
        QLabel* size = nullptr;
    };

    QLayout* makeHead();
    QLayout* makeRows();
    void retranslate();
    void showVerdict();

    const Theme& m_theme;
    Ledger m_ledger;
    QLabel* m_icon = nullptr;
    QLabel* m_word = nullptr;
    QLabel* m_sentence = nullptr;
    MemoryBar* m_bar = nullptr;
    std::array<Row, 4> m_rows;
};

} // namespace vitrine::ui
