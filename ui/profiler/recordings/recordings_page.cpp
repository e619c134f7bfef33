// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recordings_page.h"

#include <algorithm>

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/profiler/recordings/nsight_systems.h"
#include "ui/profiler/recordings/recording_delegate.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr int kListWidth = 420;

} // namespace

RecordingsPage::RecordingsPage(RecordingShelf& shelf, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_shelf(shelf), m_theme(theme), m_files(shelf)
{
    m_row = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    m_column = buildList();
    m_row->addWidget(m_column);
    m_row->addWidget(buildDetails(), 1);
    theme.follow(this, [this] { arrange(); });
    connectParts();
    retranslate();
    choose({});
}

QWidget* RecordingsPage::buildList()
{
    auto* list = new QWidget;
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, kSpace3, 1, kSpace3);
    column->setSpacing(kSpace2);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(kSpace4, 0, kSpace4, 0);
    m_heading = new QLabel;
    m_heading->setProperty("role", "heading");
    m_open = new QPushButton;
    m_open->setProperty("small", true);
    m_open->setIcon(m_theme.icon(QStringLiteral("doc")));
    head->addWidget(m_heading, 1);
    head->addWidget(m_open);
    column->addLayout(head);
    m_view = new QListView;
    m_view->setModel(&m_files);
    m_view->setItemDelegate(new RecordingDelegate(m_theme, m_view));
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QListView::NoEditTriggers);
    m_view->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setProperty("surface", "window");
    m_view->installEventFilter(this);
    column->addWidget(m_view, 1);
    return list;
}

QWidget* RecordingsPage::buildDetails()
{
    auto* card = new QFrame;
    card->setProperty("role", "card");
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace3);
    m_name = new QLabel;
    m_name->setProperty("role", "heading");
    m_name->setWordWrap(true);
    m_details = new QLabel;
    m_details->setWordWrap(true);
    m_details->setTextFormat(Qt::PlainText);
    m_details->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_name);
    m_path = new QLabel;
    m_path->setProperty("role", "small");
    m_path->setWordWrap(true);
    m_path->setTextFormat(Qt::PlainText);
    m_path->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(m_details);
    column->addWidget(m_path);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kSpace2);
    m_show = new QPushButton;
    m_show->setProperty("kind", "primary");
    m_export = new QPushButton;
    m_remove = new QPushButton;
    for (QPushButton* button : {m_show, m_export, m_remove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_side = new QWidget;
    auto* outer = new QVBoxLayout(m_side);
    outer->setContentsMargins(kSpace2, kSpace4, kSpace4, kSpace4);
    outer->addWidget(card);
    outer->addStretch(1);
    return m_side;
}

/// In a narrow window what is chosen is described below the list.
void RecordingsPage::arrange()
{
    const int list = m_theme.scaledColumn(kListWidth);
    const bool narrow = width() < list * 2;
    m_row->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_column->setMinimumWidth(narrow ? 0 : list);
    m_column->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : list);
    m_row->setStretch(0, narrow ? 1 : 0);
    m_side->layout()->setContentsMargins(narrow ? kSpace4 : kSpace2, narrow ? 0 : kSpace4, kSpace4, kSpace4);
}

void RecordingsPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void RecordingsPage::connectParts()
{
    connect(m_open, &QPushButton::clicked, this, &RecordingsPage::openRequested);
    connect(m_show, &QPushButton::clicked, this, &RecordingsPage::showChosen);
    connect(m_export, &QPushButton::clicked, this, [this] { emit exportRequested(chosen()); });
    connect(m_remove, &QPushButton::clicked, this, &RecordingsPage::removeChosen);
    connect(m_view, &QListView::doubleClicked, this, &RecordingsPage::showChosen);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &RecordingsPage::showDetails);
    connect(&m_files, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { m_view->setProperty("chosen", chosen()); });
    connect(&m_files, &QAbstractItemModel::modelReset, this,
            [this] { choose(m_view->property("chosen").toString()); });
    connect(&m_files, &QAbstractItemModel::dataChanged, this, &RecordingsPage::showDetails);
}

QString RecordingsPage::chosen() const
{
    return m_view->currentIndex().data(RecordingList::PathRole).toString();
}

void RecordingsPage::choose(const QString& path)
{
    const QModelIndex row = m_files.indexOf(path);
    m_view->setCurrentIndex(row.isValid() ? row : m_files.index(0));
    showDetails();
}

void RecordingsPage::showChosen()
{
    const QString path = chosen();
    if (!m_show->isEnabled())
        return;
    if (isReport(path)) {
        emit reportRequested(path);
        return;
    }
    if (path.isEmpty())
        m_shelf.showLive();
    else
        m_shelf.show(path);
    emit shown();
}

void RecordingsPage::removeChosen()
{
    if (const QString path = chosen(); !path.isEmpty())
        m_shelf.remove(path);
}

QString RecordingsPage::detailsOf(const QString& path) const
{
    if (path.isEmpty()) {
        const RecordingSummary& live = m_shelf.live().summary();
        if (live.steps == 0)
            return tr("Everything the engine does is kept here, as far as memory goes. Record writes it to a "
                      "file from then on.");
        return QStringList{live.model, live.device, tr("requests: %1").arg(QLocale().toString(live.requests))}
            .join(QLatin1Char('\n'));
    }
    const RecordingFile* const file = fileOf(path);
    if (file == nullptr)
        return {};
    if (!file->problem.isEmpty())
        return file->problem;
    if (file->isNsightReport)
        return QStringList{tr("A report of NVIDIA Nsight Systems, which alone can read it."),
                           QLocale().toString(file->made.toLocalTime(), QLocale::LongFormat),
                           sizeText(file->bytes)}
            .join(QLatin1Char('\n'));
    return QStringList{file->model, file->device,
                       QLocale().toString(file->made.toLocalTime(), QLocale::LongFormat),
                       sizeText(file->bytes)}
        .join(QLatin1Char('\n'));
}

const RecordingFile* RecordingsPage::fileOf(const QString& path) const
{
    const auto& files = m_shelf.files();
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const RecordingFile& known) { return known.path == path; });
    return file == files.end() ? nullptr : &*file;
}

bool RecordingsPage::isReport(const QString& path) const
{
    const RecordingFile* const file = fileOf(path);
    return file != nullptr && file->isNsightReport;
}

void RecordingsPage::showDetails()
{
    const QModelIndex row = m_view->currentIndex();
    const QString path = chosen();
    const bool broken = !row.data(RecordingList::ProblemRole).toString().isEmpty();
    const FileRecording& written = m_shelf.live().fileRecording();
    m_name->setText(row.data().toString());
    m_details->setText(detailsOf(path));
    m_path->setText(path);
    m_path->setVisible(!path.isEmpty());
    const bool report = isReport(path);
    m_show->setEnabled(!broken);
    m_show->setText(!report                                   ? tr("Show")
                    : NsightSystems::found().viewer.isEmpty() ? tr("Show in its folder")
                                                              : tr("Open in Nsight Systems"));
    m_show->setToolTip(report ? QString() : tr("See it on the timeline"));
    m_export->setEnabled(!broken && !report);
    m_remove->setEnabled(!path.isEmpty() && !(written.active && written.path == path));
}

void RecordingsPage::retranslate()
{
    m_heading->setText(tr("Recordings"));
    m_open->setText(tr("Open…"));
    m_export->setText(tr("Export…"));
    m_remove->setText(tr("Move to trash"));
    m_view->setAccessibleName(tr("Recordings"));
    m_files.retranslate();
    showDetails();
}

void RecordingsPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void RecordingsPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(m_column->geometry(), m_theme.tokens().window);
    painter.fillRect(m_column->geometry().right(), 0, 1, height(), m_theme.tokens().border);
}

void RecordingsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_shelf.rescan();
}

bool RecordingsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            showChosen();
        else if (key == Qt::Key_Delete)
            removeChosen();
        else
            return false;
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace vitrine::ui
