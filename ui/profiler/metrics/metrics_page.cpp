// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/metrics/metrics_page.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/profiler/metrics/metric_delegate.h"
#include "ui/profiler/recordings/recording_dialogs.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

constexpr int kSearchWidth = 260;
constexpr int kFigureWidth = 96, kCourseWidth = 300, kNarrowCourse = 180;
constexpr int kNarrow = 1000; // of the tab
constexpr int kCopiedMs = 1'500;

} // namespace

void MetricFilter::setText(const QString& text)
{
    m_text = text;
    invalidateFilter();
}

bool MetricFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex name = sourceModel()->index(row, MetricModel::Name, parent);
    return name.data().toString().contains(m_text, Qt::CaseInsensitive) ||
           name.data(MetricModel::MeaningRole).toString().contains(m_text, Qt::CaseInsensitive);
}

MetricsPage::MetricsPage(TimeView& view, const Theme& theme, QWidget* parent)
    : AnalysisTab(view, theme, parent), m_search(new QLineEdit), m_found(new QLabel), m_copy(new QPushButton),
      m_save(new QPushButton), m_table(new QTreeView)
{
    m_filter.setSourceModel(&m_model);
    build();
    m_copied.setSingleShot(true);
    m_copied.setInterval(kCopiedMs);
    connect(&m_copied, &QTimer::timeout, this, &MetricsPage::retranslate);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter.setText(text.trimmed());
        showCount();
    });
    connect(m_copy, &QPushButton::clicked, this, &MetricsPage::copy);
    connect(m_save, &QPushButton::clicked, this, [this] {
        QFileDialog* dialog = makeMetricsDialog(QDir::homePath(), window());
        connect(dialog, &QFileDialog::fileSelected, this, &MetricsPage::save);
        dialog->open();
    });
    clear();
    retranslate();
}

void MetricsPage::build()
{
    m_search->setMaxLength(100);
    m_search->setClearButtonEnabled(true);
    m_found->setProperty("role", "small");
    m_copy->setIcon(theme().icon(QStringLiteral("copy")));
    m_save->setIcon(theme().icon(QStringLiteral("export")));
    m_table->setModel(&m_filter);
    m_table->setItemDelegate(new MetricDelegate(theme(), m_table));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setEditTriggers(QTreeView::NoEditTriggers);
    m_table->setAllColumnsShowFocus(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setVerticalScrollMode(QTreeView::ScrollPerPixel);
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setSectionsMovable(false);
    m_table->header()->setSectionResizeMode(MetricModel::Name, QHeaderView::Stretch);
    theme().follow(this, [this] { arrange(); });
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace3);
    row->addWidget(m_search);
    row->addWidget(m_found);
    row->addStretch(1);
    row->addWidget(m_copy);
    row->addWidget(m_save);
    column().addLayout(row);
    column().addWidget(m_table, 1);
}

void MetricsPage::arrange()
{
    const bool narrow = width() < theme().scaled(kNarrow);
    m_search->setFixedWidth(theme().scaledColumn(kSearchWidth));
    m_table->setMinimumHeight(theme().scaled(200));
    m_table->header()->resizeSection(MetricModel::Course,
                                     theme().scaled(narrow ? kNarrowCourse : kCourseWidth));
    for (const int figure : {MetricModel::Value, MetricModel::Median, MetricModel::High})
        m_table->header()->resizeSection(figure, theme().scaled(kFigureWidth));
}

void MetricsPage::resizeEvent(QResizeEvent* event)
{
    AnalysisTab::resizeEvent(event);
    arrange();
}

void MetricsPage::listen(RecordingSession& session)
{
    m_source = &session;
    connect(&session, &RecordingSession::metricsReady, this, [this](const SharedMetrics& picture) {
        if (take(picture->query, true))
            setPicture(picture);
    });
}

void MetricsPage::ask(RecordingSession& session, const AnalysisQuery& query)
{
    session.askMetrics(query);
}

void MetricsPage::clear()
{
    m_source = nullptr;
    setPicture({});
}

void MetricsPage::setPicture(const SharedMetrics& picture)
{
    m_picture = picture;
    m_model.setPicture(picture);
    m_copy->setEnabled(picture != nullptr);
    m_save->setEnabled(picture != nullptr);
    showCount();
}

void MetricsPage::showCount()
{
    m_found->setText(m_search->text().isEmpty() ? QString()
                                                : tr("%1 of %2")
                                                      .arg(countText(quint64(m_filter.rowCount())),
                                                           countText(quint64(m_model.rowCount()))));
}

void MetricsPage::copy()
{
    if (!m_picture)
        return;
    QGuiApplication::clipboard()->setText(m_picture->text);
    m_copy->setText(tr("Copied"));
    m_copied.start();
}

void MetricsPage::save(const QString& path)
{
    if (m_picture && m_source != nullptr)
        m_source->saveText(path, m_picture->text);
}

void MetricsPage::retranslate()
{
    m_search->setPlaceholderText(tr("Search metrics"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_table->setAccessibleName(tr("Metrics"));
    m_copy->setText(tr("Copy as text"));
    m_copy->setToolTip(tr("All of them, as Prometheus reads them"));
    m_save->setText(tr("Save .prom…"));
    m_save->setToolTip(tr("All of them as a file that Prometheus reads"));
    m_model.retranslate();
    showCount();
}

} // namespace vitrine::ui
