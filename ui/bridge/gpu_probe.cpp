// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/gpu_probe.h"

namespace vitrine::ui {

GpuProbe::GpuProbe(QObject* parent) : QObject(parent), m_source(&engine::listGpus) {}

GpuProbe::~GpuProbe()
{
    if (m_thread.joinable())
        m_thread.join();
}

void GpuProbe::ask()
{
    if (m_asking)
        return;
    m_asking = true;
    if (m_thread.joinable())
        m_thread.join(); // has answered
    m_thread = std::thread([this, source = m_source] {
        QMetaObject::invokeMethod(
            this,
            [this, list = source()] {
                m_asking = false;
                emit answered(list);
            },
            Qt::QueuedConnection);
    });
}

} // namespace vitrine::ui
