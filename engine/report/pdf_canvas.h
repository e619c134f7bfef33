// SPDX-License-Identifier: GPL-3.0-or-later
// Paper to draw on: pages of A4, text by Pango, shapes by cairo; points, from the upper left corner. Built
// only where Pango is there. Any thread, one owner.
#pragma once

#include <memory>
#include <string>

#include <pango/pangocairo.h>

#include "engine/report/report_document.h"

namespace vitrine::engine {

inline constexpr double kPageWidth = 595.28, kPageHeight = 841.89;

struct PdfText
{
    double size = 9.0;
    bool bold = false;
    ReportColour colour = ReportColour::Text;
    ReportAnchor anchor = ReportAnchor::Start; ///< within the width
    int mostLines = 0;                         ///< then "…"; 0: all of them
};

class PdfCanvas
{
public:
    /// What is drawn is appended to `bytes`; null: it is only measured.
    PdfCanvas(std::string* bytes, const std::string& title);

    void endPage();
    bool finish(); ///< false when cairo failed

    struct Unref
    {
        void operator()(PangoLayout* layout) const { g_object_unref(layout); }
        void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
        void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    };
    using Layout = std::unique_ptr<PangoLayout, Unref>;

    Layout layout(const std::string& text, double width, const PdfText& style) const;
    static double heightOf(const Layout& layout);
    static double widthOf(const Layout& layout);
    void draw(const Layout& layout, double x, double y, ReportColour colour);
    /// One line whose baseline and anchor are at the point.
    void label(const std::string& text, double x, double y, const PdfText& style);

    void rule(double x0, double x1, double y);
    void card(double x, double y, double width, double height);
    void rect(double x, double y, double width, double height, ReportColour colour, bool hatched);
    /// A chart's shapes, its left upper corner here.
    void shapes(const std::vector<ReportShape>& shapes, double x, double y, double scale);

private:
    void ink(ReportColour colour, double opacity = 1.0);
    void draw(const ReportLine& line);
    void draw(const ReportArea& area);
    void draw(const ReportRect& rect);
    void draw(const ReportLabel& label);
    void path(const std::vector<ReportPoint>& points);

    std::unique_ptr<cairo_surface_t, Unref> m_surface;
    std::unique_ptr<cairo_t, Unref> m_cairo;
};

} // namespace vitrine::engine
