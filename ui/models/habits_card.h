// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered for a model beside its memory: how new chats begin, and whether it stays when nobody
// uses it. Thread: UI.
#pragma once

#include <QFrame>

#include "ui/models/model_records.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace vitrine::ui {

class HabitsCard : public QFrame
{
    Q_OBJECT

public:
    explicit HabitsCard(const Theme& theme, QWidget* parent = nullptr);

    void setChoice(const ModelChoice& choice, int idleMinutes); ///< without signals

signals:
    void presetChosen(std::optional<vitrine::ui::SamplingPreset> preset);
    void keepLoadedChosen(bool keep);
    void idleMinutesChosen(int minutes);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void retranslate();

    const Theme& m_theme;
    QLabel* m_presetLabel = nullptr;
    QComboBox* m_preset = nullptr;
    QLabel* m_idleLabel = nullptr;
    QComboBox* m_idle = nullptr;
    QCheckBox* m_keep = nullptr;
};

} // namespace vitrine::ui
