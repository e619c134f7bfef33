// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_list_pane.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/drop_zone.h"
#include "ui/models/model_delegate.h"

namespace vitrine::ui {
namespace {

QPushButton* smallButton(const QIcon& icon)
{
    auto* button = new QPushButton;
    button->setProperty("small", true);
    button->setIcon(icon);
    return button;
}

} // namespace

ModelListPane::ModelListPane(ModelList& models, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_models(models), m_theme(theme)
{
    build();
    retranslate();
    connect(m_folder, &QPushButton::clicked, this, &ModelListPane::openFolderRequested);
    connect(m_file, &QPushButton::clicked, this, &ModelListPane::openFileRequested);
    connect(m_drop, &QAbstractButton::clicked, this, &ModelListPane::openFileRequested);
    connect(m_filter, &QLineEdit::textChanged, &m_models, &ModelList::setFilter);
    connect(m_view, &QListView::doubleClicked, this,
            [this](const QModelIndex& index) { emit activated(index.data(ModelList::PathRole).toString()); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                const QString path = index.data(ModelList::PathRole).toString();
                if (m_restoring || path.isEmpty() || path == m_selected)
                    return;
                m_selected = path;
                emit selectionChanged(path);
            });
    connect(&m_models, &QAbstractItemModel::modelReset, this, &ModelListPane::keepSelection);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    m_filter->installEventFilter(this);
    m_view->installEventFilter(this);
}

void ModelListPane::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, kSpace4);
    column->setSpacing(0);
    column->addLayout(makeHeader());
    auto* search = new QHBoxLayout;
    search->setContentsMargins(kSpace4, 0, kSpace4, kSpace2);
    m_filter = new QLineEdit;
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(m_theme.icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    search->addWidget(m_filter);
    column->addLayout(search);

    m_view = new QListView;
    m_view->setModel(&m_models);
    m_view->setItemDelegate(new ModelDelegate(m_theme, m_view));
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QListView::NoEditTriggers);
    m_view->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setProperty("surface", "window");
    column->addWidget(m_view, 1);
    m_empty = new QLabel(m_view);
    m_empty->setProperty("role", "secondary");
    m_empty->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_empty->setWordWrap(true);
    m_empty->hide();

    auto* drop = new QHBoxLayout;
    drop->setContentsMargins(kSpace4, kSpace3, kSpace4, 0);
    m_drop = new DropZone(m_theme);
    drop->addWidget(m_drop);
    column->addLayout(drop);
}

QLayout* ModelListPane::makeHeader()
{
    auto* header = new QHBoxLayout;
    header->setContentsMargins(kSpace4, 10, kSpace3, 10);
    header->setSpacing(kSpace2);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_folder = smallButton(m_theme.icon(QStringLiteral("folder"), IconTone::Text));
    m_file = smallButton(m_theme.icon(QStringLiteral("doc"), IconTone::Text));
    header->addWidget(m_title);
    header->addStretch(1);
    header->addWidget(m_folder);
    header->addWidget(m_file);
    return header;
}

void ModelListPane::retranslate()
{
    m_title->setText(tr("Models"));
    nameButtons();
    m_folder->setToolTip(tr("Look for models in a folder, now and after each start"));
    m_drop->setText(tr("Drop a .gguf file or a model folder"));
    m_drop->setAccessibleName(tr("Open a model file"));
    m_view->setAccessibleName(tr("Models"));
    m_filter->setAccessibleName(tr("Filter the models"));
    showEmptiness();
}

/// Only their icons where there is no room for more.
void ModelListPane::nameButtons()
{
    const bool roomy = width() >= m_theme.scaled(kWidth);
    m_folder->setAccessibleName(tr("Open folder…"));
    m_file->setAccessibleName(tr("Open file…"));
    m_folder->setText(roomy ? tr("Open folder…") : QString());
    m_file->setText(roomy ? tr("Open file…") : QString());
    m_file->setToolTip(tr("Open a model file"));
}

void ModelListPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    nameButtons();
}

void ModelListPane::showEmptiness()
{
    m_filter->setPlaceholderText(m_models.models() > 1 ? tr("Filter %n models", nullptr, m_models.models())
                                                       : tr("Filter the models"));
    bool none = true;
    for (int row = 0; row < m_models.rowCount() && none; ++row)
        none = m_models.index(row).data(ModelList::KindRole).toInt() != int(ModelList::Kind::Model);
    m_empty->setText(m_models.models() == 0
                         ? tr("No model was found yet. Open a .gguf file, or a folder that has some.")
                         : tr("No model has this in its name."));
    m_empty->setGeometry(kSpace5, 2 * kSpace5, m_view->viewport()->width() - 2 * kSpace5, 96);
    m_empty->setVisible(none);
}

void ModelListPane::keepSelection()
{
    m_restoring = true;
    m_view->setCurrentIndex(m_models.indexOf(m_selected));
    m_restoring = false;
    showEmptiness();
}

void ModelListPane::select(const QString& path)
{
    if (path != m_selected) {
        m_selected = path;
        emit selectionChanged(path);
    }
    keepSelection();
    m_view->scrollTo(m_models.indexOf(path));
}

void ModelListPane::focusList()
{
    m_view->setFocus(Qt::OtherFocusReason);
}

/// Down leads from the filter into the list; Enter loads; typing in the list filters.
bool ModelListPane::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == m_view)
        showEmptiness();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (watched == m_filter && key->key() == Qt::Key_Down) {
        if (!m_view->currentIndex().isValid())
            m_view->setCurrentIndex(m_models.index(1));
        m_view->setFocus(Qt::TabFocusReason);
        return true;
    }
    if (watched == m_view && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
        if (!m_selected.isEmpty())
            emit activated(m_selected);
        return true;
    }
    if (watched == m_view && !key->text().isEmpty() && key->text().at(0).isLetterOrNumber() &&
        !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier))) {
        m_filter->setFocus();
        m_filter->setText(m_filter->text() + key->text());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ModelListPane::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelListPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.fillRect(width() - 1, 0, 1, height(), m_theme.tokens().border);
}

} // namespace vitrine::ui
