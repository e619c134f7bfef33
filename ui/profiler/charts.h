// SPDX-License-Identifier: GPL-3.0-or-later
// The four charts of the live dock. Each shows what its LiveView says and nothing else.
#pragma once

#include <array>

#include "ui/profiler/chart_plot.h"
#include "ui/profiler/live_series.h"

namespace vitrine::ui {

/// Blocks in use (one hue a conversation), cached, and what is free above them.
class KvChart : public ChartPlot
{
    Q_OBJECT

public:
    explicit KvChart(const Theme& theme, QWidget* parent = nullptr);
    void setView(const LiveView& view) override;
    QSize minimumSizeHint() const override { return {200, 104}; }

protected:
    void restyle() override;

private:
    std::array<QCPGraph*, kHues> m_used{}; // cumulative, the highest is painted first
    QCPGraph* m_cached = nullptr;          // on top of all used
    QCPGraph* m_total = nullptr;
    double m_top = 0;
};

/// Share of looked-up prompt tokens that the prefix cache had, second by second.
class PrefixChart : public ChartPlot
{
    Q_OBJECT

public:
    explicit PrefixChart(const Theme& theme, QWidget* parent = nullptr);
    void setView(const LiveView& view) override;
    QSize minimumSizeHint() const override { return {200, 76}; }

protected:
    void restyle() override;

private:
    QCPGraph* m_rate = nullptr;
    QCPItemTracer* m_newest = nullptr; // the dot at the end
};

/// Prefill tokens above, decode rows below, each of the fullest step of a second.
class BatchChart : public ChartPlot
{
    Q_OBJECT

public:
    explicit BatchChart(const Theme& theme, QWidget* parent = nullptr);
    void setView(const LiveView& view) override;
    QSize minimumSizeHint() const override { return {200, 120}; }

protected:
    void restyle() override;

private:
    QCPAxisRect* m_lower = nullptr;
    QCPBars* m_prefill = nullptr;
    QCPBars* m_decode = nullptr;
    QCPGraph* m_budget = nullptr;
};

/// Requests that had to give their blocks back.
class PreemptionChart : public ChartPlot
{
    Q_OBJECT

public:
    explicit PreemptionChart(const Theme& theme, QWidget* parent = nullptr);
    void setView(const LiveView& view) override;
    QSize minimumSizeHint() const override { return {200, 60}; }

protected:
    void restyle() override;

private:
    QCPBars* m_bars = nullptr;
};

} // namespace vitrine::ui
