// SPDX-License-Identifier: GPL-3.0-or-later
// A tab of the Profiler that shows an analysis of the selection, or of the whole recording. Asks for it when
// it is seen; of a recording that grows again from time to time, the less often the longer it takes. Says
// what it is about, and that it computes. Thread: UI; view and theme outlive it.
#pragma once

#include <vector>

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/theme/theme.h"

class QBoxLayout;
class QLabel;
class QVBoxLayout;

namespace vitrine::ui {

class RecordingSession;

class AnalysisTab : public QWidget
{
    Q_OBJECT

public:
    AnalysisTab(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setSession(RecordingSession* session);
    /// An answer is awaited, or is not yet complete.
    bool isComputing() const { return m_computing; }
    /// What the figures are about.
    QString scope() const;

signals:
    void requestPicked(vitrine::engine::RequestId request);
    void stepPicked(quint64 step);
    void momentPicked(qint64 ns);

protected:
    virtual void listen(RecordingSession& session) = 0;
    virtual void ask(RecordingSession& session, const AnalysisQuery& query) = 0;
    /// Nothing is known (any more).
    virtual void clear() = 0;
    virtual void retranslate() = 0;

    const Theme& theme() const { return m_theme; }
    /// What it consists of goes here.
    QVBoxLayout& column() const { return *m_column; }
    /// Cards beside each other where each has `least` (at 100 %), else below each other.
    void addRow(const std::vector<QWidget*>& cards, int least, int stretch);
    bool isStacked(int row) const;
    /// False: nobody waits for this answer. `whole`: there is nothing more to come.
    bool take(const AnalysisQuery& query, bool whole);

    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Row
    {
        QBoxLayout* layout = nullptr;
        int least = 0;
    };

    void arrangeRows();
    void askNow();
    void askAgainLater();
    void showScope();

    TimeView& m_view;
    const Theme& m_theme;
    QPointer<RecordingSession> m_session;
    QVBoxLayout* m_column = nullptr;
    std::vector<Row> m_rows;
    QLabel* m_scope = nullptr;
    QLabel* m_state = nullptr;
    QTimer m_again;
    QElapsedTimer m_asked;
    qint64 m_took = 0; ///< ms
    quint64 m_serial = 0;
    TimeRange m_shown; ///< of the newest question
    bool m_old = true; ///< what is shown is not of what is there now
    bool m_computing = false;
};

} // namespace vitrine::ui
