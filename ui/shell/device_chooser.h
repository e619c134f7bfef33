// SPDX-License-Identifier: GPL-3.0-or-later
// Where models compute: the processor or a GPU of this machine. Where there is no GPU, one line that says
// why, and nothing to choose. What is chosen is kept at once; a model in use moves when a person asks for it
// here. Thread: UI; preferences and theme outlive it.
#pragma once

#include <optional>

#include <QWidget>

#include "engine/execution/cuda_plugin.h"
#include "ui/shell/preferences.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class DeviceChooser : public QWidget
{
    Q_OBJECT

public:
    DeviceChooser(Preferences& preferences, const Theme& theme, QWidget* parent = nullptr);

    /// What is in use, and where it computes; an empty name: nothing is.
    void setModel(const QString& name, qint32 gpu);
    /// Another model, or the same one anew, is being loaded.
    void setLoading(bool loading);
    void setGpus(const engine::GpuList& list);
    /// Why the GPU could not be used by the model in use; gone with the next setModel().
    void setProblem(const QString& why);

    QComboBox& box() const { return *m_box; }
    QPushButton& reloadButton() const { return *m_reload; }
    QString note() const;

signals:
    void reloadRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showState();
    void showBox();
    QString nameOf(qint32 gpu) const;
    QString noteText() const;
    bool canChoose() const { return m_list && !m_list->gpus.empty(); }
    bool isElsewhere() const { return !m_model.isEmpty() && m_gpu != m_preferences.gpu(); }
    void choose(int entry);

    Preferences& m_preferences;
    std::optional<engine::GpuList> m_list; // none: not known yet
    QString m_model;
    qint32 m_gpu = engine::kNoGpu; // that m_model computes on
    bool m_loading = false;
    QString m_problem;
    QComboBox* m_box = nullptr;
    QLabel* m_note = nullptr;
    QPushButton* m_reload = nullptr;
};

} // namespace vitrine::ui
