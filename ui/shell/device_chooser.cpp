// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/device_chooser.h"

#include <algorithm>

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/engine_text.h"
#include "ui/shell/combo_box.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr int kWidth = 320; // of its lines

} // namespace

DeviceChooser::DeviceChooser(Preferences& preferences, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_preferences(preferences)
{
    m_box = new ComboBox(theme);
    m_note = new QLabel;
    m_note->setProperty("role", "small");
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setMaximumWidth(theme.scaledColumn(kWidth));
    m_reload = new QPushButton;
    m_reload->setProperty("small", true);
    m_reload->setAutoDefault(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace2);
    column->addWidget(m_box);
    column->addWidget(m_note);
    column->addWidget(m_reload, 0, Qt::AlignLeft);
    setMinimumWidth(theme.scaledColumn(kWidth));
    connect(m_box, &QComboBox::activated, this, &DeviceChooser::choose);
    connect(m_reload, &QPushButton::clicked, this, &DeviceChooser::reloadRequested);
    showState();
}

void DeviceChooser::setModel(const QString& name, qint32 gpu)
{
    m_model = name;
    m_gpu = gpu;
    m_problem.clear();
    showState();
}

void DeviceChooser::setLoading(bool loading)
{
    m_loading = loading;
    showState();
}

void DeviceChooser::setGpus(const engine::GpuList& list)
{
    m_list = list;
    showState();
}

void DeviceChooser::setProblem(const QString& why)
{
    m_problem = why;
    showState();
}

void DeviceChooser::choose(int entry)
{
    m_preferences.setGpu(m_box->itemData(entry).toInt());
    m_problem.clear();
    showState();
}

QString DeviceChooser::nameOf(qint32 gpu) const
{
    if (gpu == engine::kNoGpu)
        return tr("Processor");
    for (const engine::Gpu& known : m_list ? m_list->gpus : std::vector<engine::Gpu>())
        if (known.index == gpu)
            return QString::fromStdString(known.name);
    return tr("GPU %1").arg(gpu);
}

void DeviceChooser::showBox()
{
    const qint32 chosen = m_preferences.gpu();
    m_box->clear();
    m_box->addItem(nameOf(engine::kNoGpu), engine::kNoGpu);
    for (const engine::Gpu& gpu : m_list->gpus)
        m_box->addItem(
            gpu.freeBytes > 0
                ? tr("%1 (%2 free)").arg(QString::fromStdString(gpu.name), sizeText(gpu.freeBytes))
                : QStringLiteral("%1 (%2)").arg(QString::fromStdString(gpu.name), sizeText(gpu.totalBytes)),
            gpu.index);
    if (m_box->findData(chosen) < 0)
        m_box->addItem(tr("GPU %1 (not there now)").arg(chosen), chosen);
    m_box->setCurrentIndex(m_box->findData(chosen));
}

QString DeviceChooser::noteText() const
{
    if (!m_list)
        return tr("Processor. Looking for GPUs…");
    if (m_list->gpus.empty())
        return tr("Processor. No GPU can be used: %1.").arg(EngineText::translated(m_list->reason));
    if (m_loading)
        return tr("Being loaded…");
    if (!m_problem.isEmpty())
        return tr("%1 computes on the processor, since the GPU could not be used: %2.")
            .arg(m_model, m_problem);
    if (isElsewhere())
        return tr("%1 stays where it is (%2) until it is loaded again. Replies under way end then; chats "
                  "stay.")
            .arg(m_model, nameOf(m_gpu));
    return m_model.isEmpty() ? tr("For the next model that is loaded.") : QString();
}

void DeviceChooser::showState()
{
    if (canChoose())
        showBox();
    m_box->setVisible(canChoose());
    m_box->setAccessibleName(tr("Compute on"));
    const QString text = noteText();
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
    m_box->setAccessibleDescription(canChoose() ? text : QString());
    m_reload->setText(m_problem.isEmpty() ? tr("Load it again now") : tr("Try again"));
    m_reload->setAccessibleDescription(text);
    m_reload->setVisible(canChoose() && isElsewhere() && !m_loading);
}

QString DeviceChooser::note() const
{
    return m_note->isHidden() ? QString() : m_note->text();
}

void DeviceChooser::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        showState();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
