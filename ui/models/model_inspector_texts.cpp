// SPDX-License-Identifier: GPL-3.0-or-later
// What the inspector says.
#include <QAction>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>

#include "ui/bridge/engine_text.h"
#include "ui/chat/elided_label.h"
#include "ui/models/context_card.h"
#include "ui/models/fact_grid.h"
#include "ui/models/habits_card.h"
#include "ui/models/kv_format_card.h"
#include "ui/models/ledger_card.h"
#include "ui/models/memory_text.h"
#include "ui/models/model_inspector.h"
#include "ui/models/short_path.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

constexpr quint32 kBlock = 16; // tokens
constexpr qsizetype kTypesNamed = 2;

QString titled(const QString& text)
{
    return text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

} // namespace

void ModelInspector::retranslate()
{
    m_details->setText(tr("Details…"));
    m_details->setToolTip(tr("What the model file says about itself"));
    m_settings->setText(tr("Engine settings…"));
    m_reveal->setAccessibleName(tr("Show in its folder"));
    m_reveal->setToolTip(tr("Show in its folder"));
    m_more->setAccessibleName(tr("More"));
    m_more->setToolTip(tr("More"));
    const QString actions[] = {tr("Details…"), tr("Copy the path"), tr("Remove from the recent ones"),
                               tr("Unload")};
    for (int i = 0; i < 4; ++i)
        m_menu->actions()[i]->setText(actions[i]);
    m_empty->setText(tr("Choose a model to see what it is and what it takes."));
    m_facts->setNames({tr("Architecture"), tr("Parameters"), tr("Quantisation"), tr("Attention"),
                       tr("Context"), tr("Vocabulary"), tr("Template"), tr("File")});
    showEntry();
}

void ModelInspector::showEntry()
{
    const bool there = m_entry.has_value();
    m_content->parentWidget()->parentWidget()->setVisible(there); // its scroll area
    m_empty->setVisible(!there);
    placeLoadCard();
    m_reveal->setVisible(there);
    m_more->setVisible(there);
    m_path->setFullText(there ? shortPath(m_entry->path) : QString());
    if (!there)
        return;
    m_name->setFullText(m_entry->name);
    m_quantisation->setText(m_entry->quantisation);
    m_licence->setText(titled(m_entry->licence));
    arrange();
    const bool known = m_entry->plan.has_value();
    for (QWidget* card : std::initializer_list<QWidget*>{m_ledger, m_context, m_formats, m_habits})
        card->setVisible(known);
    m_facts->setVisible(m_entry->readable);
    m_details->setEnabled(m_entry->readable);
    showFacts();
    showProblem();
    if (known) {
        m_habits->setChoice(m_records.choiceOf(m_entry->identity), m_preferences.idleMinutes());
        showLedger();
    }
    showButton();
}

void ModelInspector::showFacts()
{
    const QLocale locale;
    const auto& plan = m_entry->plan;
    const double bits =
        m_entry->parameters > 0 ? 8.0 * double(m_entry->fileBytes) / double(m_entry->parameters) : 0;
    const QString chat = !m_entry->hasTemplate ? tr("none")
                         : m_entry->thinks     ? tr("its own, with thinking")
                                               : tr("its own");
    m_facts->setValues({plan ? tr("%1, %n layers", nullptr, int(plan->layers)).arg(m_entry->architecture)
                             : m_entry->architecture,
                        parametersShortly(m_entry->parameters, m_entry->activeParameters, m_entry->experts),
                        bits > 0 ? tr("%1, %2 bits").arg(m_entry->quantisation, locale.toString(bits, 'f', 1))
                                 : m_entry->quantisation,
                        plan ? tr("%1 heads, %2 KV, %3 wide")
                                   .arg(locale.toString(plan->heads), locale.toString(plan->kvHeads),
                                        locale.toString(plan->headDim))
                             : QString(),
                        plan ? tr("%1 tokens").arg(tokensText(plan->contextLength)) : QString(),
                        plan ? locale.toString(plan->vocab) : QString(), chat,
                        m_entry->parts > 1
                            ? tr("%n files, %1", nullptr, m_entry->parts).arg(sizeText(m_entry->fileBytes))
                        : m_entry->readable && m_entry->version == 0
                            ? tr("safetensors, %1").arg(sizeText(m_entry->fileBytes))
                            : tr("GGUF v%1, %2").arg(m_entry->version).arg(sizeText(m_entry->fileBytes))});
}

/// Why the file cannot be used, or what does not work as the file has it.
void ModelInspector::showProblem()
{
    QString text = m_entry->wholeProblem;
    if (isInUse() && !m_bridge.model()->templateError.empty())
        text =
            tr("The chat template in this file does not work (%1). Chats use a plain format instead; answers "
               "may be worse.")
                .arg(EngineText::translated(m_bridge.model()->templateError));
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

/// What is chosen; where nobody chose, what is in force or usual.
LoadOptions ModelInspector::options() const
{
    if (!m_entry || !m_entry->plan)
        return {};
    const ModelChoice choice = m_records.choiceOf(m_entry->identity);
    LoadOptions options = resolved(choice, *m_entry->plan);
    if (choice.load.contextTokens == 0 && isInUse())
        options.contextTokens = m_bridge.model()->kv.blocks * m_bridge.model()->kv.blockSize;
    return options;
}

Ledger ModelInspector::ledgerOf() const
{
    const engine::MemoryPlan& plan = *m_entry->plan;
    const LoadOptions chosen = options();
    Ledger ledger;
    ledger.room = m_room;
    ledger.verdict = verdictOf(*m_entry, chosen, m_room);
    ledger.weights = plan.weights;
    ledger.workspace = plan.workspace;
    ledger.other = plan.other;
    ledger.kv = plan.kvFor(chosen.kvFormat, chosen.contextTokens);
    QStringList types;
    for (const std::string& type : plan.types)
        types << QString::fromStdString(type);
    ledger.weightsNote = tr("%n tensors, %1", nullptr, int(plan.tensors))
                             .arg(QLocale().createSeparatedList(types.mid(0, kTypesNamed)));
    quint32 tokens = chosen.contextTokens;
    engine::KvFormat format = chosen.kvFormat;
    if (isInUse()) {
        const engine::ModelSummary& model = *m_bridge.model();
        const quint32 blocks = std::max(m_bridge.status().blocksTotal, 1U);
        const quint64 eachBlock = model.executor.kvBytes / std::max(model.kv.blocks, 1U);
        ledger.verdict = Verdict::InUse;
        ledger.measured = true;
        ledger.weights = model.executor.weightBytes;
        ledger.workspace = std::max<quint64>(model.executor.workspaceBytes, plan.workspace);
        ledger.kv = eachBlock * blocks;
        ledger.room.free += ledger.weights + ledger.other; // of what it has taken; KV comes as it is used
        if (model.executor.memory.total > 0)
            showDeviceMemory(ledger, model.executor);
        tokens = blocks * model.kv.blockSize;
        format = model.kvFormat;
    }
    ledger.kvNote = tr("%1 blocks × %2 tokens, %3")
                        .arg(QLocale().toString((tokens + kBlock - 1) / kBlock), QLocale().toString(kBlock),
                             formatName(format));
    ledger.sentence = sentence(ledger);
    return ledger;
}

/// A GPU's memory: all of what is taken of it is taken at once.
void ModelInspector::showDeviceMemory(Ledger& ledger, const engine::ExecutorInfo& executor)
{
    const engine::DeviceMemory& memory = executor.memory;
    ledger.workspace = executor.workspaceBytes;
    ledger.other = memory.graphBudget;
    ledger.otherNote = tr("recorded steps, at most");
    const quint64 taken = ledger.weights + ledger.kv + ledger.workspace + ledger.other;
    ledger.room.free = memory.free + taken - ledger.other + memory.graphs;
    ledger.room.margin = memory.kept;
    ledger.deviceSentence = tr("On %1 it takes %2 of %3; %4 stay free.")
                                .arg(QString::fromStdString(executor.device), sizeText(taken),
                                     sizeText(memory.total), sizeText(memory.kept));
}

QString ModelInspector::sentence(const Ledger& ledger) const
{
    const engine::MemoryPlan& plan = *m_entry->plan;
    const LoadOptions chosen = options();
    const quint64 total = ledger.weights + ledger.kv + ledger.workspace + ledger.other;
    if (!ledger.deviceSentence.isEmpty())
        return ledger.deviceSentence;
    if (ledger.measured)
        return tr("It takes %1; chats fill the KV cache as they go.").arg(sizeText(total));
    if (!m_room.known())
        return tr("This system does not tell how much memory is free.");
    const auto left = [this](quint64 taken) {
        return sizeText(m_room.free > taken ? m_room.free - taken : 0);
    };
    const QString other = answering();
    if (ledger.verdict == Verdict::Fits)
        return other.isEmpty() ? tr("%1 stay free.").arg(left(total))
                               : tr("%1 stay free, with %2 loaded until the switch.").arg(left(total), other);
    if (ledger.verdict == Verdict::FitsInInt8)
        return tr("With int8 KV %1 stay free; as chosen it is too much.")
            .arg(left(plan.total(engine::KvFormat::Int8, chosen.contextTokens)));
    const quint64 fitting = plan.tokensIn(chosen.kvFormat, m_room.usable());
    if (fitting >= ContextCard::kLeast)
        return tr("Too much by %1. A context of %2 tokens fits.")
            .arg(sizeText(total - m_room.usable()),
                 tokensText(fitting / ContextCard::kStep * ContextCard::kStep));
    return tr("Too much by %1, whatever the context. Close other programs, or take a smaller model.")
        .arg(sizeText(plan.total(chosen.kvFormat, ContextCard::kLeast) - m_room.usable()));
}

void ModelInspector::showLedger()
{
    const engine::MemoryPlan& plan = *m_entry->plan;
    const LoadOptions chosen = options();
    const quint64 fitting =
        m_room.known() ? plan.tokensIn(chosen.kvFormat, m_room.usable()) : mostContext(plan);
    m_context->setRange(std::max(mostContext(plan), chosen.contextTokens), fitting);
    m_context->setTokens(chosen.contextTokens);
    m_formats->setPlan(plan, m_room);
    m_formats->setFormat(chosen.kvFormat);
    m_ledger->setLedger(ledgerOf());
}

/// "Load", or "Load again" where other choices than those in force are made.
void ModelInspector::showButton()
{
    const LoadOptions chosen = options();
    bool same = isInUse();
    if (same) {
        const engine::ModelSummary& model = *m_bridge.model();
        same = model.kvFormat == chosen.kvFormat &&
               model.kv.blocks == (chosen.contextTokens + kBlock - 1) / kBlock;
    }
    const bool possible = m_entry->plan.has_value();
    const Verdict verdict = verdictOf(*m_entry, chosen, m_room);
    m_button->setText(isInUse() ? tr("Load again") : tr("Load"));
    m_button->setEnabled(possible && !m_bridge.isLoading() && !same);
    m_button->setToolTip(m_bridge.isLoading()             ? tr("A model is being loaded.")
                         : !possible                      ? m_entry->wholeProblem
                         : same                           ? tr("It is in use as chosen here.")
                         : isInUse()                      ? tr("With the context and KV format chosen here")
                         : verdict == Verdict::DoesNotFit ? tr("It will probably not fit.")
                                                          : tr("Load this model (Enter in the list)"));
}

} // namespace vitrine::ui
