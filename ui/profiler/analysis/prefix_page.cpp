// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/prefix_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/cell_delegate.h"
#include "ui/profiler/analysis/figure_strip.h"
#include "ui/profiler/analysis/prefix_details.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

constexpr int kDetailsWidth = 320;
constexpr int kNumberWidth = 64;
constexpr int kRequestsWidth = 168;
constexpr int kNarrowRequestsWidth = 112;
constexpr int kNarrow = 1100; // of the tab
constexpr int kSavedWidth = 140;

} // namespace

PrefixPage::PrefixPage(TimeView& view, const Theme& theme, QWidget* parent)
    : AnalysisTab(view, theme, parent), m_figures(new FigureStrip(theme)), m_tree(new QTreeView),
      m_card(new AnalysisCard(m_tree, theme)), m_details(new PrefixDetails(theme))
{
    build();
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                m_details->show(m_model.picture(), index.data(PrefixModel::NodeRole).toUInt());
            });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const engine::PrefixNode* node = m_model.nodeOf(index);
        if (node != nullptr && !node->named.empty())
            emit requestPicked(node->named.front());
    });
    connect(m_details, &PrefixDetails::requestPicked, this, &PrefixPage::requestPicked);
    connect(m_details, &PrefixDetails::nodePicked, this, &PrefixPage::choose);
    retranslate();
}

void PrefixPage::build()
{
    m_tree->setModel(&m_model);
    m_tree->setItemDelegate(new CellDelegate(theme(), m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setEditTriggers(QTreeView::NoEditTriggers);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QTreeView::ScrollPerPixel);
    QHeaderView* header = m_tree->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setSectionResizeMode(PrefixModel::Text, QHeaderView::Stretch);
    theme().follow(this, [this] {
        if (m_side != nullptr)
            arrange();
        m_tree->setIndentation(theme().scaled(kSpace4));
        m_tree->setMinimumHeight(theme().scaled(200));
    });
    auto* side = new QFrame;
    side->setProperty("role", "card");
    auto* inner = new QVBoxLayout(side);
    inner->setContentsMargins(1, 1, 1, 1);
    inner->addWidget(m_details);
    m_side = side;
    column().addWidget(m_figures);
    addRow({m_card, m_side}, kLeastCard, 1);
    arrange();
}

/// In a narrow window the text keeps what room there is.
void PrefixPage::arrange()
{
    const bool narrow = width() < theme().scaled(kNarrow);
    const int side = isStacked(0) ? QWIDGETSIZE_MAX : theme().scaledColumn(kDetailsWidth);
    m_side->setMaximumWidth(side);
    m_side->setMinimumWidth(isStacked(0) ? 0 : side);
    QHeaderView* header = m_tree->header();
    for (const int column : {PrefixModel::Tokens, PrefixModel::Hits})
        header->resizeSection(column, theme().scaled(kNumberWidth));
    header->resizeSection(PrefixModel::Requests,
                          theme().scaled(narrow ? kNarrowRequestsWidth : kRequestsWidth));
    header->resizeSection(PrefixModel::Saved, theme().scaled(kSavedWidth));
    header->setSectionHidden(PrefixModel::Hits, narrow);
}

void PrefixPage::resizeEvent(QResizeEvent* event)
{
    AnalysisTab::resizeEvent(event);
    arrange();
}

void PrefixPage::listen(RecordingSession& session)
{
    connect(&session, &RecordingSession::prefixesReady, this, [this](const SharedPrefixes& picture) {
        if (take(picture->query, true))
            setPicture(picture);
    });
}

void PrefixPage::ask(RecordingSession& session, const AnalysisQuery& query)
{
    session.askPrefixes(query);
}

void PrefixPage::clear()
{
    setPicture({});
}

void PrefixPage::setPicture(const SharedPrefixes& picture)
{
    // Of a recording that grows, the beginning that was looked at is looked for again.
    const engine::PrefixNode* chosen = m_model.nodeOf(m_tree->currentIndex());
    const std::string text = chosen != nullptr ? chosen->text : std::string();
    const quint32 first = chosen != nullptr ? chosen->firstToken : 0;
    m_model.setPicture(picture);
    showShared();
    showFigures();
    quint32 wanted = 1;
    if (picture && chosen != nullptr)
        for (quint32 node = 1; node < picture->tree.nodes.size(); ++node)
            if (picture->tree.nodes[node].text == text && picture->tree.nodes[node].firstToken == first)
                wanted = node;
    choose(wanted);
}

void PrefixPage::choose(quint32 node)
{
    const QModelIndex index = m_model.indexOf(node);
    m_tree->setCurrentIndex(index);
    if (index.isValid())
        m_tree->scrollTo(index);
    m_details->show(m_model.picture(), index.isValid() ? node : 0);
}

/// What several requests share is open; a request's own rest is a leaf.
void PrefixPage::showShared()
{
    if (!m_model.picture())
        return;
    const auto& nodes = m_model.picture()->tree.nodes;
    for (quint32 node = 1; node < nodes.size(); ++node)
        if (nodes[node].requests > 1 && nodes[node].depth < 12)
            m_tree->setExpanded(m_model.indexOf(node), true);
}

void PrefixPage::showFigures()
{
    const SharedPrefixes& picture = m_model.picture();
    const engine::PrefixTree tree = picture ? picture->tree : engine::PrefixTree();
    const double rate =
        tree.promptTokens > 0 ? std::min(double(tree.savedTokens) / double(tree.promptTokens), 1.0) : 0;
    quint32 shared = 0;
    for (std::size_t node = 1; node < tree.nodes.size(); ++node)
        shared += tree.nodes[node].requests > 1 ? 1 : 0;
    m_figures->setFigures(
        {{countText(tree.requests), {}, tr("requests"), tr("Whose prompt is in the recording.")},
         {countText(shared), {}, tr("common beginnings"), tr("Stretches that two requests or more share.")},
         {countText(tree.promptTokens),
          {},
          tr("prompt tokens looked up"),
          tr("Of requests that were admitted.")},
         {countText(tree.savedTokens),
          {},
          tr("tokens saved"),
          tr("Found in the prefix cache, and so not computed again.")},
         {QLocale().toString(100 * rate, 'f', 0), QStringLiteral("%"), tr("hit rate"),
          tr("Tokens saved, of those looked up.")}});
    QStringList notes;
    if (picture && picture->blockSize > 0)
        notes << tr("blocks of %1 tokens").arg(picture->blockSize);
    if (tree.cutNodes > 0)
        notes << tr("%1 smaller beginnings are left out").arg(countText(tree.cutNodes));
    if (tree.unknown > 0)
        notes << tr("%1 requests began before").arg(countText(tree.unknown));
    if (picture && tree.requests == 0)
        notes = {tr("No prompt came in this stretch.")};
    m_card->setNote(notes.join(QStringLiteral(" · ")));
}

void PrefixPage::retranslate()
{
    m_card->setTitle(tr("Common beginnings"),
                     tr("Prompts that begin alike share KV blocks: what one request computed, the next one "
                        "finds in the cache. Where they part, the next block is each one's own."));
    m_tree->setAccessibleName(tr("Common beginnings"));
    m_model.retranslate();
    showFigures();
}

} // namespace vitrine::ui
