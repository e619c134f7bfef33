// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ledger_card.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/chat/elided_label.h"
#include "ui/models/memory_bar.h"
#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr int kRowOfLedger = 36;
constexpr int kSwatch = 10;
constexpr int kNameWidth = 116;

constexpr std::array kColours{&Tokens::accent, &Tokens::accentMuted, &Tokens::sampling,
                              &Tokens::borderStrong};

QPixmap swatch(const QColor& colour, int side, qreal ratio)
{
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, side, side), 2, 2);
    return pixmap;
}

QString iconOf(Verdict verdict)
{
    return verdict == Verdict::FitsInInt8 || verdict == Verdict::DoesNotFit ? QStringLiteral("warn")
                                                                            : QStringLiteral("check");
}

} // namespace

LedgerCard::LedgerCard(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    setProperty("role", "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace2);
    column->setSpacing(kSpace3);
    column->addLayout(makeHead());
    m_bar = new MemoryBar(theme);
    column->addWidget(m_bar);
    column->addLayout(makeRows());
    theme.follow(this, [this] {
        for (const Row& row : m_rows) {
            row.name->setFixedWidth(m_theme.scaled(kNameWidth));
            row.name->setMinimumHeight(m_theme.scaled(kRowOfLedger));
        }
        showVerdict();
    });
    retranslate();
}

QLayout* LedgerCard::makeHead()
{
    m_icon = new QLabel;
    m_word = new QLabel;
    m_word->setProperty("role", "heading");
    m_sentence = new QLabel;
    m_sentence->setProperty("role", "secondary");
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace3);
    head->addWidget(m_icon);
    head->addWidget(m_word);
    head->addWidget(m_sentence, 1);
    return head;
}

QLayout* LedgerCard::makeRows()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    for (Row& row : m_rows) {
        if (&row != m_rows.data()) {
            auto* rule = new QFrame;
            rule->setProperty("role", "line");
            column->addWidget(rule);
        }
        row = {new QLabel, new QLabel, new ElidedLabel, new QLabel};
        row.note->setProperty("role", "secondary");
        row.size->setFont(m_theme.font(TextSize::Body, QFont::Medium));
        auto* line = new QHBoxLayout;
        line->setSpacing(kSpace3);
        line->addWidget(row.swatch);
        line->addWidget(row.name);
        line->addWidget(row.note, 1);
        line->addWidget(row.size);
        column->addLayout(line);
    }
    return column;
}

void LedgerCard::setLedger(const Ledger& ledger)
{
    m_ledger = ledger;
    m_bar->setParts({{kColours[0], ledger.weights},
                     {kColours[1], ledger.kv},
                     {kColours[2], ledger.workspace},
                     {kColours[3], ledger.other}},
                    ledger.room, ledger.measured);
    retranslate();
}

QString LedgerCard::sentence() const
{
    return m_sentence->text();
}

QString LedgerCard::verdictWord() const
{
    return m_word->text();
}

void LedgerCard::showVerdict()
{
    const Tokens& tokens = m_theme.tokens();
    m_icon->setPixmap(iconPixmap(iconOf(m_ledger.verdict), VerdictText::colour(m_ledger.verdict, tokens),
                                 m_theme.scaled(kRailIconSize), devicePixelRatioF()));
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i].swatch->setPixmap(
            swatch(tokens.*kColours[i], m_theme.scaled(kSwatch), devicePixelRatioF()));
}

void LedgerCard::retranslate()
{
    const QString names[] = {tr("Weights"), tr("KV cache"), tr("Workspace"), tr("Other")};
    const QString notes[] = {m_ledger.weightsNote, m_ledger.kvNote, tr("activations and logits"),
                             m_ledger.otherNote.isEmpty() ? tr("tokeniser and the file's description")
                                                          : m_ledger.otherNote};
    const quint64 sizes[] = {m_ledger.weights, m_ledger.kv, m_ledger.workspace, m_ledger.other};
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].name->setText(names[i]);
        m_rows[i].note->setFullText(notes[i]);
        m_rows[i].size->setText(sizeText(sizes[i]));
    }
    m_word->setText(VerdictText::word(m_ledger.verdict));
    m_sentence->setText(m_ledger.sentence);
    showVerdict();
}

void LedgerCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
