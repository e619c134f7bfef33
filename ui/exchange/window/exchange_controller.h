// SPDX-License-Identifier: GPL-3.0-or-later
// Brings chats into files and out of them: asks where, works beside the window, tells how it went, takes an
// import back. One after the other: what is asked for meanwhile waits. Thread: UI. Files are read and written
// on a thread of its own; the destructor cancels and waits for that.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include <QBasicTimer>
#include <QObject>
#include <QThreadPool>

#include "ui/exchange/chat_files.h"
#include "ui/exchange/window/chat_import.h"

class QFileDialog;

namespace vitrine::ui {

class ConversationSaver;
class NoticeBar;
class Theme;

class ExchangeController : public QObject
{
    Q_OBJECT

public:
    /// All outlive it. `window` is the parent of dialogs.
    ExchangeController(ConversationStore& store, const Theme& theme, NoticeBar& notices, QWidget& window);
    ~ExchangeController() override;

    /// Where chats that are not loaded come from; outlives it. nullptr: all are.
    void setSaver(const ConversationSaver* saver) { m_saver = saver; }
    /// What shows the store; outlives it. Many chats cost it one rearrangement.
    void setList(ConversationList& list) { m_list = &list; }
    bool isBusy() const { return m_busy; }

public slots:
    void exportChats(const QList<vitrine::ui::ConversationId>& ids); ///< asks where
    void importChats();                                              ///< asks which files
    void importFiles(const QStringList& paths);
    /// Several chats become one file: lists in JSON, one behind the other in Markdown, each on a new page in
    /// PDF.
    void exportTo(const QList<vitrine::ui::ConversationId>& ids, vitrine::ui::ChatFormat format,
                  const QString& path);

signals:
    void exported(const QString& path);
    void imported(const QList<vitrine::ui::ConversationId>& ids);
    void failed();
    /// They are about to be removed: whoever shows them goes elsewhere before this returns.
    void leaving(const QList<vitrine::ui::ConversationId>& ids);

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    struct ImportRun;

    void enqueue(std::function<void()> job);
    void begin(const QString& what, int parts = 1);
    void end();
    void write(const QList<ConversationId>& ids, ChatFormat format, const QString& path);
    void wrote(qsizetype chats, const QString& path, const QString& error, qsizetype missing);
    void readNext(const std::shared_ptr<ImportRun>& run);
    void insert(const std::shared_ptr<ImportRun>& run, const QString& path, ImportResult result);
    void tellImport(const ImportRun& run);
    void undo(const QList<ImportOutcome>& outcomes);
    ExchangedChats collect(const QList<ConversationId>& ids) const;
    QString suggestedName(const QList<ConversationId>& ids) const;
    void showProgress();

    ConversationStore& m_store;
    const Theme& m_theme;
    NoticeBar& m_notices;
    QWidget& m_window;
    const ConversationSaver* m_saver = nullptr;
    ConversationList* m_list = nullptr;
    std::deque<std::function<void()>> m_waiting;
    std::shared_ptr<ExchangeProgress> m_progress;
    QString m_what; // what the notice says meanwhile
    QBasicTimer m_timer;
    int m_shown = -1; // per cent
    int m_part = 0;   // of the m_parts that are done one after another
    int m_parts = 1;
    bool m_busy = false;
    QString m_folder; // of the last file
    QThreadPool m_pool;
};

} // namespace vitrine::ui
