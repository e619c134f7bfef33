// SPDX-License-Identifier: GPL-3.0-or-later
// The column at the right: what was picked last, a preemption, a request, a step or a block; before that, the
// recording as a whole. Beside the panels where there is room, else a drawer over them. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QPushButton;
class QScrollArea;
class QToolButton;

namespace vitrine::ui {

class InspectorForm;

class Inspector : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 320;
    enum class Subject { Recording, Preemption, Request, Step, Block };

    explicit Inspector(const Theme& theme, QWidget* parent = nullptr);

    void setRecording(const RecordingSummary& summary);
    void showRecording();
    void showPreemption(const PreemptionDetails& details);
    void showRequest(const RequestDetails& details);
    void showStep(const StepDetails& details);
    void showBlock(const BlockDetails& details);
    Subject subject() const { return m_subject; }
    InspectorForm& form() const { return *m_form; }
    /// A drawer can be closed.
    void setDrawer(bool drawer);

signals:
    void requestPicked(vitrine::engine::RequestId request);
    void preemptionWanted(const vitrine::ui::PreemptionQuery& query);
    void messageRequested(quint64 conversation, quint64 message);
    void closeRequested();
    /// To the step that was under way then.
    void momentPicked(qint64 ns);
    /// Which blocks it holds.
    void blocksWanted(vitrine::engine::RequestId request);
    /// Where its time went; 0: what advice there is.
    void latencyWanted(vitrine::engine::RequestId request);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void rebuild();
    void describeRecording();
    QWidget* makeWalker();
    void addRequestLinks();
    void addPreemptionLinks();
    void addStepLinks();
    /// Whose message the button leads to.
    const RequestName* named() const;
    void retranslate();

    const Theme& m_theme;
    Subject m_subject = Subject::Recording;
    RecordingSummary m_summary;
    PreemptionDetails m_preemption;
    RequestDetails m_request;
    StepDetails m_step;
    BlockDetails m_block;
    QScrollArea* m_scroll;
    InspectorForm* m_form;
    QWidget* m_footer;
    QPushButton* m_message;
    QPushButton* m_recording;
    QToolButton* m_close;
};

} // namespace vitrine::ui
