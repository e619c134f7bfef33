// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_load_card.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/profiler/lab/lab_field.h"
#include "ui/profiler/lab/lab_texts.h"
#include "ui/profiler/recordings/recording_dialogs.h"
#include "ui/profiler/recordings/recording_shelf.h"
#include "ui/shell/combo_box.h"

namespace vitrine::ui {
namespace {

constexpr int kWhatWidth = 200, kNumberWidth = 88, kSpeedWidth = 180;
constexpr int kMakeMs = 200;
const QString kAnother = QStringLiteral("another");

/// As fast as possible is 0.
constexpr double kSpeeds[] = {1, 2, 4, 0.5, 0};

QSpinBox* numberBox(int least, int most)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setGroupSeparatorShown(true);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setKeyboardTracking(false); // half a number is none
    box->setAlignment(Qt::AlignRight);
    return box;
}

} // namespace

LabLoadCard::LabLoadCard(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_heading(new QLabel), m_summary(new QLabel),
      m_what(new ComboBox(theme)), m_requests(numberBox(1, kMostRequests)), m_rate(new QDoubleSpinBox),
      m_least(numberBox(1, kMostTokens)), m_most(numberBox(1, kMostTokens)),
      m_reply(numberBox(0, kMostTokens)), m_shared(numberBox(0, kMostTokens)),
      m_seed(numberBox(0, kMostSeed)), m_speed(new ComboBox(theme))
{
    setProperty("role", "card");
    m_soon.setSingleShot(true);
    m_soon.setInterval(kMakeMs);
    build();
    fillKinds();
    showUsual(engine::workloadKinds().front());
    m_seed->setValue(1);
    connectParts();
    retranslate();
    makeSoon();
}

void LabLoadCard::build()
{
    m_heading->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_summary->setProperty("role", "small");
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_rate->setRange(0, kMostRate);
    m_rate->setDecimals(1);
    m_rate->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_rate->setKeyboardTracking(false);
    m_rate->setAlignment(Qt::AlignRight);
    m_what->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (std::size_t i = 0; i < std::size(kSpeeds); ++i)
        m_speed->addItem(QString(), kSpeeds[i]);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace3);
    column->setSpacing(kSpace2);
    column->addWidget(m_heading);
    column->addWidget(m_fields = buildFields());
    column->addWidget(m_summary);
}

QWidget* LabLoadCard::buildFields()
{
    auto* fields = new QWidget;
    auto* row = new QHBoxLayout(fields);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace3);
    const auto add = [row](QWidget* control) {
        auto* field = new LabField(control);
        row->addWidget(field);
        return field;
    };
    m_whatField = add(m_what);
    m_requestsField = add(m_requests);
    m_rateField = add(m_rate);
    m_leastField = add(m_least);
    m_mostField = add(m_most);
    m_replyField = add(m_reply);
    m_sharedField = add(m_shared);
    m_seedField = add(m_seed);
    m_speedField = add(m_speed);
    row->addStretch(1);
    m_theme.follow(this, [this] {
        m_what->setFixedWidth(m_theme.scaledColumn(kWhatWidth));
        m_speed->setFixedWidth(m_theme.scaledColumn(kSpeedWidth));
        for (QWidget* box :
             std::initializer_list<QWidget*>{m_requests, m_rate, m_least, m_most, m_reply, m_shared, m_seed})
            box->setFixedWidth(m_theme.scaledColumn(kNumberWidth));
    });
    return fields;
}

void LabLoadCard::connectParts()
{
    connect(&m_soon, &QTimer::timeout, this, &LabLoadCard::make);
    connect(m_what, &QComboBox::activated, this, &LabLoadCard::chosen);
    connect(m_speed, &QComboBox::activated, this, &LabLoadCard::changed);
    for (QSpinBox* box : {m_requests, m_reply, m_shared, m_seed})
        connect(box, &QSpinBox::valueChanged, this, &LabLoadCard::makeSoon);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, &LabLoadCard::makeSoon);
    connect(m_least, &QSpinBox::valueChanged, this, [this](int least) {
        m_most->setValue(std::max(m_most->value(), least));
        makeSoon();
    });
    connect(m_most, &QSpinBox::valueChanged, this, [this](int most) {
        m_least->setValue(std::min(m_least->value(), most));
        makeSoon();
    });
    connect(&m_maker, &LabLoadMaker::ready, this, &LabLoadCard::take);
    connect(&m_maker, &LabLoadMaker::failed, this, [this](const QString& why) {
        m_problem = why;
        showSummary();
        emit changed();
    });
}

void LabLoadCard::setShelf(RecordingShelf* shelf)
{
    m_shelf = shelf;
    connect(shelf, &RecordingShelf::filesChanged, this, &LabLoadCard::fillKinds);
    fillKinds();
}

/// What is chosen stays so.
void LabLoadCard::fillKinds()
{
    const QSignalBlocker quiet(m_what);
    const QString now = m_what->currentData().toString();
    m_what->clear();
    for (const engine::WorkloadKind& each : engine::workloadKinds()) {
        m_what->addItem(LabTexts::kind(each), QString::fromLatin1(each.name));
        m_what->setItemData(m_what->count() - 1, LabTexts::explanation(each), Qt::ToolTipRole);
    }
    addRecordings();
    if (!now.isEmpty() && m_what->findData(now) < 0)
        m_what->insertItem(m_what->count() - 1, QFileInfo(now).completeBaseName(), now);
    m_what->setCurrentIndex(std::max(0, m_what->findData(now)));
    m_last = m_what->currentData().toString();
}

void LabLoadCard::addRecordings()
{
    if (m_shelf == nullptr)
        return;
    m_what->insertSeparator(m_what->count());
    m_what->addItem(tr("What was asked so far"), kLive);
    for (const RecordingFile& file : m_shelf->files())
        if (file.problem.isEmpty())
            m_what->addItem(file.name, file.path);
    m_what->addItem(tr("Another recording…"), kAnother);
}

void LabLoadCard::choose(const QString& what)
{
    if (m_what->findData(what) < 0)
        m_what->insertItem(m_what->count() - 1, QFileInfo(what).completeBaseName(), what);
    m_what->setCurrentIndex(m_what->findData(what));
    chosen();
}

LabLoadChoice LabLoadCard::choice() const
{
    LabLoadChoice choice;
    choice.what = m_what->currentData().toString();
    choice.requests = m_requests->value();
    choice.least = m_least->value();
    choice.most = m_most->value();
    choice.reply = m_reply->value();
    choice.shared = m_shared->value();
    choice.seed = m_seed->value();
    choice.rate = m_rate->value();
    choice.speed = m_speed->currentData().toDouble();
    return choice;
}

void LabLoadCard::setChoice(const LabLoadChoice& choice)
{
    choose(choice.what);
    m_requests->setValue(choice.requests);
    m_rate->setValue(choice.rate);
    m_most->setValue(std::max(choice.most, m_most->value())); // so that neither moves the other one
    m_least->setValue(choice.least);
    m_most->setValue(choice.most);
    m_reply->setValue(choice.reply);
    m_shared->setValue(choice.shared);
    m_seed->setValue(choice.seed);
    m_speed->setCurrentIndex(std::max(0, m_speed->findData(choice.speed)));
    makeSoon();
}

void LabLoadCard::chosen()
{
    if (m_what->currentData().toString() == kAnother) {
        m_what->setCurrentIndex(std::max(0, m_what->findData(m_last)));
        openAnother();
        return;
    }
    if (std::exchange(m_last, m_what->currentData().toString()) == m_what->currentData().toString())
        return;
    if (const engine::WorkloadKind* known = kind())
        showUsual(*known);
    showFields();
    m_load.reset();
    makeSoon();
}

void LabLoadCard::openAnother()
{
    QFileDialog* dialog = makeOpenRecordingDialog(m_shelf->folder(), window());
    connect(dialog, &QFileDialog::fileSelected, this, &LabLoadCard::choose);
    dialog->open();
}

const engine::WorkloadKind* LabLoadCard::kind() const
{
    return engine::findWorkloadKind(m_what->currentData().toString().toStdString());
}

QString LabLoadCard::path() const
{
    return kind() == nullptr ? m_what->currentData().toString() : QString();
}

void LabLoadCard::showUsual(const engine::WorkloadKind& kind)
{
    const QSignalBlocker quiet[] = {QSignalBlocker(m_requests), QSignalBlocker(m_rate),
                                    QSignalBlocker(m_least), QSignalBlocker(m_most)};
    m_requests->setValue(int(kind.usual.count));
    m_rate->setValue(kind.usual.rate);
    m_least->setValue(int(kind.usual.least));
    m_most->setValue(int(kind.usual.most));
}

void LabLoadCard::showFields()
{
    const engine::WorkloadKind* known = kind();
    for (LabField* field :
         {m_requestsField, m_rateField, m_leastField, m_mostField, m_replyField, m_sharedField, m_seedField})
        field->setVisible(known != nullptr);
    m_speedField->setVisible(known == nullptr);
    if (known == nullptr)
        return;
    const QString length = LabTexts::length(known->length);
    m_leastField->setName(tr("%1, from").arg(length));
    m_mostField->setName(tr("to"));
    m_most->setAccessibleName(tr("%1, to").arg(length));
    m_what->setToolTip(LabTexts::explanation(*known));
}

engine::WorkloadPace LabLoadCard::pace() const
{
    engine::WorkloadPace pace;
    if (kind() != nullptr)
        return pace;
    const double speed = m_speed->currentData().toDouble();
    pace.atOnce = speed <= 0;
    pace.speed = speed > 0 ? speed : 1;
    return pace;
}

void LabLoadCard::setModel(const QString& name)
{
    m_model = name;
    showSummary();
}

void LabLoadCard::setEditable(bool editable)
{
    m_fields->setEnabled(editable);
}

void LabLoadCard::makeSoon()
{
    m_maker.cancel();
    m_load.reset();
    m_problem.clear();
    m_soon.start();
    showSummary();
    emit changed();
}

void LabLoadCard::make()
{
    if (const engine::WorkloadKind* known = kind()) {
        engine::WorkloadShape shape;
        shape.count = quint64(m_requests->value());
        shape.least = quint64(m_least->value());
        shape.most = quint64(m_most->value());
        shape.rate = m_rate->value();
        shape.replyTokens = quint32(m_reply->value());
        shape.sharedTokens = quint32(m_shared->value());
        m_maker.invent(*known, shape, quint64(m_seed->value()));
    } else if (m_shelf != nullptr) {
        m_maker.read(path() == kLive ? m_shelf->live() : m_shelf->open(path()));
    }
}

void LabLoadCard::take(const LabLoad& load)
{
    if (load.items->empty()) {
        const bool held = load.left.leftOut() > 0;
        m_problem = held ? tr("None of the recording's requests can be run again.")
                         : tr("Nothing was asked in this recording.");
        for (const QString& why : held ? LabTexts::missing(load) : QStringList())
            m_problem += QLatin1Char(' ') + why;
    } else {
        m_load = load;
    }
    showSummary();
    emit changed();
}

QString LabLoadCard::summary() const
{
    return m_summary->text();
}

void LabLoadCard::showSummary()
{
    QStringList said;
    if (!m_problem.isEmpty())
        said << m_problem;
    else if (!m_load)
        said << tr("Working out the load…");
    else {
        said << LabTexts::load(*m_load) << LabTexts::missing(*m_load);
        if (!m_load->model.isEmpty() && !m_model.isEmpty() && m_load->model != m_model)
            said << tr("It was recorded with %1, whose tokens may mean something else here.")
                        .arg(m_load->model);
        else if (kind() == nullptr)
            said << tr("Prompts and lengths of replies are those of the recording.");
    }
    m_summary->setText(said.join(QLatin1Char(' ')));
}

void LabLoadCard::retranslate()
{
    m_heading->setText(tr("Load"));
    m_whatField->setName(tr("What is asked"));
    m_requestsField->setName(tr("Requests"));
    m_rateField->setName(tr("Arrivals a second"), tr("On average; 0: all at once."));
    m_replyField->setName(tr("Fixed reply length"),
                          tr("Tokens of every reply; 0: as the kind of load has it."));
    m_sharedField->setName(tr("Shared beginning"),
                           tr("Tokens, or words of a text, that every prompt begins with."));
    m_seedField->setName(tr("Seed"), tr("The same numbers with the same seed give the same requests."));
    m_speedField->setName(tr("Arrivals"));
    m_rate->setSpecialValueText(tr("all at once"));
    m_reply->setSpecialValueText(tr("none"));
    m_shared->setSpecialValueText(tr("none"));
    const QString speeds[] = {tr("As they came"), tr("Twice as fast"), tr("Four times as fast"),
                              tr("Half as fast"), tr("As fast as possible")};
    static_assert(std::size(speeds) == std::size(kSpeeds));
    for (std::size_t i = 0; i < std::size(kSpeeds); ++i)
        m_speed->setItemText(int(i), speeds[i]);
    fillKinds();
    showFields();
    showSummary();
}

/// Files may have come since.
void LabLoadCard::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    if (m_shelf != nullptr)
        m_shelf->rescan();
}

void LabLoadCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
