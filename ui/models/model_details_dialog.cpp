// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_details_dialog.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyle>
#include <QTabBar>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/models/details_table.h"
#include "ui/models/fact_strip.h"
#include "ui/models/memory_text.h"
#include "ui/models/short_path.h"
#include "ui/models/value_pane.h"
#include "ui/theme/size_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr QSize kWantedSize(880, 680);
constexpr QSize kLeastSize(480, 320);
constexpr int kSearchWidth = 240;
constexpr int kKeyWidth = 300;

enum Tab { MetadataTab, TensorTab };
enum Page { MetadataPage, TensorPage, StatePage };

/// "134.5 M", as people call the size of a model.
QString shortCount(quint64 count)
{
    const QLocale locale;
    if (count >= 1'000'000'000)
        return locale.toString(double(count) / 1e9, 'f', 2) + QStringLiteral(" B");
    if (count >= 100'000)
        return locale.toString(double(count) / 1e6, 'f', 1) + QStringLiteral(" M");
    return count == 0 ? QString() : locale.toString(count);
}

bool isTyped(const QKeyEvent& key)
{
    const Qt::KeyboardModifiers others = key.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier);
    return !others && !key.text().isEmpty() && key.text().at(0).isPrint() && !key.text().at(0).isSpace();
}

} // namespace

ModelDetailsDialog::ModelDetailsDialog(const QString& path, const Theme& theme, QWidget* parent)
    : QDialog(parent), m_theme(theme), m_path(path)
{
    setWindowTitle(tr("Model details"));
    build();
    addShortcuts();
    fitTo(parent);
    connect(&m_reader, &ModelDetailsReader::finished, this, &ModelDetailsDialog::fill);
    connect(&m_reader, &ModelDetailsReader::failed, this, &ModelDetailsDialog::showFailure);
    m_reader.read(path);
}

void ModelDetailsDialog::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace5, kSpace4, kSpace5, kSpace4);
    column->setSpacing(kSpace3);
    column->addLayout(makeHeader());
    m_facts = new FactStrip(
        {tr("Architecture"), tr("Quantisation"), tr("Context"), tr("Parameters"), tr("File")}, m_theme);
    column->addWidget(m_facts);
    m_report = new QLabel;
    m_report->setProperty("role", "small");
    m_report->setTextFormat(Qt::PlainText);
    m_report->setWordWrap(true);
    m_report->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_report->hide();
    column->addWidget(m_report);
    column->addLayout(makeBar());
    column->addWidget(makePages(), 1);
    column->addLayout(makeButtons());
    nameTabs();
    m_search->setFocus();
}

QLayout* ModelDetailsDialog::makeHeader()
{
    m_name = new ElidedLabel;
    m_name->setProperty("role", "title");
    m_name->setFont(
        m_theme.font(TextSize::Title, QFont::DemiBold)); // elided at the size the style sheet gives
    m_name->setFullText(QFileInfo(m_path).completeBaseName());
    m_file = new ElidedLabel;
    m_file->setProperty("role", "small");
    m_file->setFont(m_theme.font(TextSize::Small));
    m_file->setElideMode(Qt::ElideMiddle);
    m_file->setFullText(shortPath(m_path));
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_name);
    texts->addWidget(m_file);
    return texts;
}

QLayout* ModelDetailsDialog::makeBar()
{
    m_tabs = new QTabBar;
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("What to show"));
    m_tabs->addTab(QString());
    m_tabs->addTab(QString());
    connect(m_tabs, &QTabBar::currentChanged, this, &ModelDetailsDialog::showPage);
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Filter"));
    m_search->setToolTip(tr("Shows only rows that contain this text (Ctrl+F)"));
    m_search->setAccessibleName(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(m_theme.icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setFixedWidth(m_theme.scaledColumn(kSearchWidth));
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &ModelDetailsDialog::applyFilter);
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace4);
    row->addWidget(m_tabs, 0, Qt::AlignBottom);
    row->addStretch(1);
    row->addWidget(m_search);
    return row;
}

QWidget* ModelDetailsDialog::makePages()
{
    m_tensorTable = makeTable(m_tensors, QStringLiteral("tensorTable"), tr("Tensors"));
    m_pages = new QStackedWidget;
    m_pages->addWidget(makeMetadataPage());
    m_pages->addWidget(m_tensorTable);
    m_pages->addWidget(makeStatePage());
    m_pages->setCurrentIndex(StatePage);
    sizeColumns();
    return m_pages;
}

DetailsTable* ModelDetailsDialog::makeTable(QAbstractItemModel& model, const QString& id, const QString& name)
{
    auto* table = new DetailsTable(model, m_theme);
    table->setObjectName(id);
    table->setAccessibleName(name);
    table->installEventFilter(this);
    return table;
}

QWidget* ModelDetailsDialog::makeMetadataPage()
{
    m_metadataTable = makeTable(m_metadata, QStringLiteral("metadataTable"), tr("Metadata"));
    m_value = new ValuePane(m_theme);
    connect(m_metadataTable, &DetailsTable::rowChanged, m_value, &ValuePane::showRow);
    auto* split = new QSplitter(Qt::Vertical);
    split->setProperty("kind", "gap");
    split->setHandleWidth(kSpace2);
    split->setChildrenCollapsible(false);
    split->addWidget(m_metadataTable);
    split->addWidget(m_value);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    return split;
}

QWidget* ModelDetailsDialog::makeStatePage()
{
    m_state = new QLabel(tr("Reading the file…"));
    m_state->setProperty("role", "secondary");
    m_why = new QLabel;
    m_why->setProperty("role", "secondary");
    m_why->setTextFormat(Qt::PlainText);
    m_why->setWordWrap(true);
    m_why->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, kSpace2, 0, 0);
    column->addWidget(m_state);
    column->addWidget(m_why);
    column->addStretch(1);
    return page;
}

void ModelDetailsDialog::sizeColumns()
{
    m_metadataTable->header()->resizeSection(MetadataModel::Key, kKeyWidth);
    QHeaderView* tensors = m_tensorTable->header();
    tensors->setStretchLastSection(false);
    tensors->setSectionResizeMode(TensorModel::Name, QHeaderView::Stretch);
    tensors->resizeSection(TensorModel::Type, 96);
    tensors->resizeSection(TensorModel::Shape, 152);
    tensors->resizeSection(TensorModel::Bytes, 136);
}

QLayout* ModelDetailsDialog::makeButtons()
{
    auto* open = new QPushButton(tr("Open another model…"));
    open->setIcon(m_theme.icon(QStringLiteral("folder"), IconTone::Text));
    m_close = new QPushButton(tr("Done"));
    m_close->setProperty("kind", "primary");
    for (QPushButton* button : {open, m_close})
        button->setAutoDefault(false); // Enter in the filter shall not press it
    connect(open, &QPushButton::clicked, this, [this] {
        accept();
        emit openModelRequested();
    });
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    auto* row = new QHBoxLayout;
    row->addWidget(open);
    row->addStretch(1);
    row->addWidget(m_close);
    return row;
}

void ModelDetailsDialog::addShortcuts()
{
    const auto on = [this](const QKeySequence& keys, auto action) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
    };
    on(QKeySequence::Find, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    const auto otherTab = [this] { m_tabs->setCurrentIndex(1 - m_tabs->currentIndex()); };
    on(QKeySequence(Qt::CTRL | Qt::Key_Tab), otherTab);
    on(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab), otherTab);
}

/// As large as is useful and as the window it belongs to has room for.
void ModelDetailsDialog::fitTo(const QWidget* parent)
{
    setMinimumSize(kLeastSize);
    const QSize room = parent ? parent->window()->size() - QSize(2 * kSpace5, 2 * kSpace5) : kWantedSize;
    resize((kWantedSize * m_theme.factor()).boundedTo(room).expandedTo(kLeastSize));
}

void ModelDetailsDialog::fill(const ModelDetails& details)
{
    const QLocale locale;
    m_filled = true;
    m_name->setFullText(details.name);
    m_file->setFullText(details.path);
    m_facts->setValues(
        {details.architecture, details.quantisation,
         details.contextLength ? tr("%1 tokens").arg(locale.toString(*details.contextLength)) : QString(),
         parametersText(shortCount(details.parameters), shortCount(details.activeParameters),
                        details.expertsPerToken, details.experts),
         details.version == 0 ? tr("safetensors, %1").arg(sizeText(details.fileBytes))
                              : tr("GGUF v%1, %2").arg(details.version).arg(sizeText(details.fileBytes))});
    m_metadata.setRows(details.metadata);
    m_tensors.setRows(details.tensors);
    for (DetailsTable* table : {m_metadataTable, m_tensorTable})
        table->selectFirstRow();
    nameTabs();
    showPage(m_tabs->currentIndex());
}

void ModelDetailsDialog::setLoadReport(const QString& report)
{
    m_report->setText(report);
    m_report->setVisible(!report.isEmpty());
}

void ModelDetailsDialog::showFailure(const QString& error)
{
    for (QWidget* about : std::initializer_list<QWidget*>{m_facts, m_tabs, m_search})
        about->hide(); // there is nothing to search
    m_state->setProperty("role", "heading");
    m_state->style()->polish(m_state);
    m_state->setText(tr("The file cannot be read"));
    m_why->setText(error);
    m_close->setFocus();
}

void ModelDetailsDialog::showPage(int tab)
{
    if (m_filled)
        m_pages->setCurrentIndex(tab == MetadataTab ? MetadataPage : TensorPage);
}

void ModelDetailsDialog::applyFilter(const QString& text)
{
    for (DetailsTable* table : {m_metadataTable, m_tensorTable})
        table->setFilter(text.trimmed());
    nameTabs();
}

void ModelDetailsDialog::nameTabs()
{
    const auto named = [this](const QString& name, const DetailsTable& table) {
        if (!m_filled)
            return name;
        const QLocale locale;
        const QString all = locale.toString(table.allRows());
        return table.filter().isEmpty()
                   ? QStringLiteral("%1 (%2)").arg(name, all)
                   : tr("%1 (%2 of %3)").arg(name, locale.toString(table.shownRows()), all);
    };
    m_tabs->setTabText(MetadataTab, named(tr("Metadata"), *m_metadataTable));
    m_tabs->setTabText(TensorTab, named(tr("Tensors"), *m_tensorTable));
}

DetailsTable* ModelDetailsDialog::shownTable() const
{
    return m_tabs->currentIndex() == MetadataTab ? m_metadataTable : m_tensorTable;
}

bool ModelDetailsDialog::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const auto& key = *static_cast<QKeyEvent*>(event);
    return watched == m_search ? searchKey(key) : tableKey(key);
}

/// The filter serves the table below it: Down and Enter go there, Ctrl+C copies its row.
bool ModelDetailsDialog::searchKey(const QKeyEvent& key)
{
    if (key.matches(QKeySequence::Copy) && !m_search->hasSelectedText()) {
        shownTable()->copySelection();
        return true;
    }
    if (key.key() != Qt::Key_Down && key.key() != Qt::Key_Return && key.key() != Qt::Key_Enter)
        return false;
    shownTable()->setFocus(Qt::OtherFocusReason);
    return true;
}

/// Typing in a table filters it.
bool ModelDetailsDialog::tableKey(const QKeyEvent& key)
{
    if (!isTyped(key))
        return false;
    m_search->setFocus(Qt::OtherFocusReason);
    m_search->insert(key.text());
    return true;
}

} // namespace vitrine::ui
