// SPDX-License-Identifier: GPL-3.0-or-later
// Asks which GPUs there are, off the window's thread: the first question loads NVIDIA's libraries and may
// wake a GPU, which takes a second. Thread: UI. The destructor waits for a question under way.
#pragma once

#include <functional>
#include <thread>

#include <QObject>

#include "engine/execution/cuda_plugin.h"

namespace vitrine::ui {

class GpuProbe : public QObject
{
    Q_OBJECT

public:
    explicit GpuProbe(QObject* parent = nullptr);
    ~GpuProbe() override;

    /// One answered() follows; a question under way answers this one too.
    void ask();
    /// Instead of this machine; for tests. Called on the probe's thread.
    void setSource(std::function<engine::GpuList()> source) { m_source = std::move(source); }

signals:
    void answered(const vitrine::engine::GpuList& list);

private:
    std::function<engine::GpuList()> m_source;
    std::thread m_thread;
    bool m_asking = false;
};

} // namespace vitrine::ui
