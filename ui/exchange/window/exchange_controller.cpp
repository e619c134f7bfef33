// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/exchange_controller.h"

#include <QDate>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QTimerEvent>
#include <QWidget>

#include "ui/exchange/turn_text.h"
#include "ui/exchange/window/conversation_loader.h"
#include "ui/exchange/window/exchange_dialogs.h"
#include "ui/exchange/window/import_notice.h"
#include "ui/exchange/window/import_undo.h"
#include "ui/exchange/window/pdf_writer.h"
#include "ui/shell/notice_bar.h"

namespace vitrine::ui {
namespace {

constexpr int kTellEvery = 400;  // ms; what is done sooner shows no progress
constexpr int kPassing = 12'000; // ms that a notice of a success stands
constexpr int kStep = 5;         // per cent

} // namespace

struct ExchangeController::ImportRun
{
    QStringList paths;
    qsizetype next = 0;
    ImportSummary summary;
    QList<ImportOutcome> outcomes;
};

ExchangeController::ExchangeController(ConversationStore& store, const Theme& theme, NoticeBar& notices,
                                       QWidget& window)
    : m_store(store), m_theme(theme), m_notices(notices), m_window(window),
      m_folder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
{
    m_pool.setMaxThreadCount(1);
}

ExchangeController::~ExchangeController()
{
    if (m_progress)
        m_progress->cancelled = true;
    m_pool.waitForDone();
}

void ExchangeController::enqueue(std::function<void()> job)
{
    if (m_busy)
        m_waiting.push_back(std::move(job));
    else
        job();
}

void ExchangeController::begin(const QString& what, int parts)
{
    m_part = 0;
    m_parts = parts;
    m_busy = true;
    m_what = what;
    m_shown = -1;
    m_progress = std::make_shared<ExchangeProgress>();
    m_timer.start(kTellEvery, this);
}

void ExchangeController::end()
{
    m_busy = false;
    m_timer.stop();
    if (m_waiting.empty())
        return;
    const auto job = std::move(m_waiting.front());
    m_waiting.pop_front();
    job();
}

void ExchangeController::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_timer.timerId())
        showProgress();
    else
        QObject::timerEvent(event);
}

void ExchangeController::showProgress()
{
    const qint64 total = m_progress->total;
    const int ofPart = total > 0 ? int(std::min<qint64>(100 * m_progress->done / total, 100)) : 0;
    int percent = (100 * m_part + ofPart) / m_parts;
    percent -= percent % kStep;
    if (percent == m_shown || m_progress->cancelled)
        return;
    m_shown = percent;
    m_notices.show({Notice::Tone::Plain, m_what, tr("%1 % done").arg(percent), tr("Cancel"),
                    [progress = m_progress] { progress->cancelled = true; }});
}

QString ExchangeController::suggestedName(const QList<ConversationId>& ids) const
{
    const Conversation* only = ids.size() == 1 ? m_store.find(ids.front()) : nullptr;
    return fileNameFor(only ? only->displayTitle()
                            : tr("Vitrine chats %1").arg(QDate::currentDate().toString(Qt::ISODate)));
}

void ExchangeController::exportChats(const QList<ConversationId>& ids)
{
    if (ids.isEmpty())
        return;
    QFileDialog* dialog = makeExportDialog(suggestedName(ids), m_folder, &m_window);
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog, ids](QString path) {
        const ChatFormat format = chosenFormat(*dialog, path);
        m_folder = QFileInfo(path).path();
        exportTo(ids, format, path);
    });
    dialog->open();
}

void ExchangeController::importChats()
{
    QFileDialog* dialog = makeImportDialog(m_folder, &m_window);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& paths) {
        m_folder = QFileInfo(paths.front()).path();
        importFiles(paths);
    });
    dialog->open();
}

void ExchangeController::exportTo(const QList<ConversationId>& ids, ChatFormat format, const QString& path)
{
    enqueue([this, ids, format, path] {
        begin(tr("Exporting chats"));
        auto* loader = new ConversationLoader(m_store, m_saver, this);
        connect(loader, &ConversationLoader::finished, this, [this, loader, ids, format, path] {
            loader->deleteLater();
            write(ids, format, path);
        });
        loader->load(ids);
    });
}

/// Cheap: the texts are shared.
ExchangedChats ExchangeController::collect(const QList<ConversationId>& ids) const
{
    ExchangedChats chats;
    QSet<qint64> folders;
    for (const ConversationId id : ids) {
        const Conversation* conversation = m_store.find(id);
        if (conversation == nullptr || !conversation->isLoaded() || conversation->isEmpty())
            continue;
        ExchangedChat chat{conversation->record(), {}};
        for (const Message* message : conversation->tree().all())
            chat.messages.append(recordOf(*message, id));
        folders.insert(chat.conversation.folder);
        chats.chats.append(std::move(chat));
    }
    for (const Folder& folder : m_store.folders()) {
        if (folders.contains(folder.id.value))
            chats.folders.append({folder.id.value, folder.name, folder.position, folder.collapsed});
    }
    return chats;
}

void ExchangeController::write(const QList<ConversationId>& ids, ChatFormat format, const QString& path)
{
    const ExchangedChats chats = collect(ids);
    const qsizetype missing = ids.size() - chats.chats.size();
    if (chats.chats.isEmpty()) {
        wrote(0, path, tr("There is no turn in it yet."), missing);
        return;
    }
    m_pool.start([this, chats, format, path, missing, progress = m_progress, style = PdfStyle(m_theme)] {
        const QString error = format == ChatFormat::Pdf ? writePdf(chats.chats, style, path, *progress).error
                                                        : writeChats(chats, format, path, *progress);
        QMetaObject::invokeMethod(this, [this, count = chats.chats.size(), path, error, missing] {
            wrote(count, path, error, missing);
        });
    });
}

void ExchangeController::wrote(qsizetype chats, const QString& path, const QString& error, qsizetype missing)
{
    const bool cancelled = m_progress->cancelled;
    const QString file = QDir::toNativeSeparators(path);
    if (cancelled) {
        m_notices.show({Notice::Tone::Plain,
                        tr("The export was cancelled"),
                        tr("No file was written."),
                        {},
                        {},
                        kPassing});
    } else if (!error.isEmpty()) {
        m_notices.show({Notice::Tone::Warning,
                        tr("The chats could not be exported"),
                        tr("%1: %2 Nothing was changed; try another place.").arg(file, error),
                        {}});
    } else {
        QString detail = file;
        if (missing > 0)
            detail += '\n' + counted(missing, tr("1 chat that is empty or cannot be read was left out."),
                                     tr("%1 chats that are empty or cannot be read were left out."));
        m_notices.show({Notice::Tone::Plain,
                        counted(chats, tr("1 chat exported"), tr("%1 chats exported")),
                        detail,
                        {},
                        {},
                        missing > 0 ? 0 : kPassing});
    }
    if (cancelled || !error.isEmpty())
        emit failed();
    else
        emit exported(path);
    end();
}

void ExchangeController::importFiles(const QStringList& paths)
{
    if (paths.isEmpty())
        return;
    enqueue([this, paths] {
        begin(tr("Importing chats"), 2 * int(paths.size())); // each is read, then added
        auto run = std::make_shared<ImportRun>();
        run->paths = paths;
        readNext(run);
    });
}

void ExchangeController::readNext(const std::shared_ptr<ImportRun>& run)
{
    if (run->next == run->paths.size() || m_progress->cancelled) {
        run->summary.cancelled = m_progress->cancelled;
        tellImport(*run);
        return;
    }
    const QString path = run->paths[run->next++];
    m_part = 2 * int(run->next - 1);
    m_progress->done = 0;
    m_pool.start([this, run, path, progress = m_progress] {
        auto result = std::make_shared<ImportResult>(readChats(path, *progress));
        QMetaObject::invokeMethod(this, [this, run, path, result] { insert(run, path, std::move(*result)); });
    });
}

void ExchangeController::insert(const std::shared_ptr<ImportRun>& run, const QString& path,
                                ImportResult result)
{
    if (result.cancelled)
        result = {};
    run->summary.add(QFileInfo(path).fileName(), result);
    ++m_part;
    auto* import = new ChatImport(m_store, m_saver, m_list, this);
    connect(import, &ChatImport::finished, this, [this, import, run] {
        import->deleteLater();
        run->outcomes.append(import->outcome());
        run->summary.imported += import->outcome().added.size();
        run->summary.known += import->outcome().known;
        readNext(run);
    });
    import->start(std::move(result.contents), m_progress);
}

void ExchangeController::tellImport(const ImportRun& run)
{
    Notice notice = noticeOf(run.summary);
    QList<ConversationId> ids;
    for (const ImportOutcome& outcome : run.outcomes) {
        for (const ImportOutcome::Added& added : outcome.added)
            ids.append(added.id);
    }
    if (!ids.isEmpty()) {
        notice.action = tr("Undo");
        notice.act = [this, outcomes = run.outcomes] { undo(outcomes); };
    }
    if (notice.tone == Notice::Tone::Plain)
        notice.milliseconds = kPassing;
    m_notices.show(notice);
    if (ids.isEmpty())
        emit failed();
    else
        emit imported(ids);
    end();
}

void ExchangeController::undo(const QList<ImportOutcome>& outcomes)
{
    enqueue([this, outcomes] {
        begin(tr("Removing imported chats"));
        auto* undo = new ImportUndo(m_store, m_list, this);
        connect(undo, &ImportUndo::leaving, this, &ExchangeController::leaving);
        connect(undo, &ImportUndo::finished, this, [this, undo] {
            undo->deleteLater();
            const QString rest = m_progress->cancelled ? tr("The others stay.") : QString();
            m_notices.show(
                {Notice::Tone::Plain,
                 counted(undo->removed(), tr("1 imported chat removed"), tr("%1 imported chats removed")),
                 rest,
                 {},
                 {},
                 kPassing});
            end();
        });
        undo->start(outcomes, m_progress);
    });
}

} // namespace vitrine::ui
