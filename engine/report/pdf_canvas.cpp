// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef VITRINE_PANGO

#include "engine/report/pdf_canvas.h"

#include <cairo-pdf.h>

#include "engine/report/report_palette.h"

namespace vitrine::engine {

namespace {

constexpr char kFonts[] = "Inter, Noto Sans, DejaVu Sans, Noto Sans CJK SC, sans-serif";
constexpr double kChartText = 12.0; // in a chart's units

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length)
{
    if (bytes != nullptr)
        static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

PdfCanvas::PdfCanvas(std::string* bytes, const std::string& title)
    : m_surface(cairo_pdf_surface_create_for_stream(append, bytes, kPageWidth, kPageHeight)),
      m_cairo(cairo_create(m_surface.get()))
{
    cairo_pdf_surface_set_metadata(m_surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(m_surface.get(), CAIRO_PDF_METADATA_CREATOR, "Vitrine");
    cairo_set_line_join(m_cairo.get(), CAIRO_LINE_JOIN_ROUND);
}

void PdfCanvas::endPage()
{
    cairo_show_page(m_cairo.get());
}

bool PdfCanvas::finish()
{
    cairo_surface_finish(m_surface.get());
    return cairo_surface_status(m_surface.get()) == CAIRO_STATUS_SUCCESS &&
           cairo_status(m_cairo.get()) == CAIRO_STATUS_SUCCESS;
}

PdfCanvas::Layout PdfCanvas::layout(const std::string& text, double width, const PdfText& style) const
{
    Layout layout(pango_cairo_create_layout(m_cairo.get()));
    PangoFontDescription* font = pango_font_description_from_string(kFonts);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
    const std::string clean = cleanReportText(text);
    pango_layout_set_text(layout.get(), clean.data(), static_cast<int>(clean.size()));
    pango_layout_set_auto_dir(layout.get(), FALSE);
    if (width > 0.0)
        pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    if (style.mostLines > 0) {
        pango_layout_set_height(layout.get(), -style.mostLines);
        pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    }
    pango_layout_set_alignment(layout.get(), style.anchor == ReportAnchor::End      ? PANGO_ALIGN_RIGHT
                                             : style.anchor == ReportAnchor::Middle ? PANGO_ALIGN_CENTER
                                                                                    : PANGO_ALIGN_LEFT);
    return layout;
}

double PdfCanvas::heightOf(const Layout& layout)
{
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
}

double PdfCanvas::widthOf(const Layout& layout)
{
    int width = 0;
    pango_layout_get_size(layout.get(), &width, nullptr);
    return static_cast<double>(width) / PANGO_SCALE;
}

void PdfCanvas::draw(const Layout& layout, double x, double y, ReportColour colour)
{
    ink(colour);
    cairo_move_to(m_cairo.get(), x, y);
    pango_cairo_show_layout(m_cairo.get(), layout.get());
}

void PdfCanvas::label(const std::string& text, double x, double y, const PdfText& style)
{
    const Layout line = layout(text, 0.0, {style.size, style.bold, style.colour, ReportAnchor::Start, 0});
    const double width = widthOf(line);
    const double shift = style.anchor == ReportAnchor::End      ? width
                         : style.anchor == ReportAnchor::Middle ? width / 2.0
                                                                : 0.0;
    const double base = static_cast<double>(pango_layout_get_baseline(line.get())) / PANGO_SCALE;
    draw(line, x - shift, y - base, style.colour);
}

void PdfCanvas::ink(ReportColour colour, double opacity)
{
    const std::uint32_t rgb = inkOf(colour).light;
    cairo_set_source_rgba(m_cairo.get(), ((rgb >> 16U) & 255U) / 255.0, ((rgb >> 8U) & 255U) / 255.0,
                          (rgb & 255U) / 255.0, opacity);
}

void PdfCanvas::rule(double x0, double x1, double y)
{
    ink(ReportColour::Grid);
    cairo_set_dash(m_cairo.get(), nullptr, 0, 0.0);
    cairo_set_line_width(m_cairo.get(), 0.6);
    cairo_new_path(m_cairo.get());
    cairo_move_to(m_cairo.get(), x0, y);
    cairo_line_to(m_cairo.get(), x1, y);
    cairo_stroke(m_cairo.get());
}

void PdfCanvas::card(double x, double y, double width, double height)
{
    constexpr double kRadius = 5.0, kQuarter = 1.5707963267948966;
    cairo_t* cairo = m_cairo.get();
    cairo_new_path(cairo);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - kRadius, y + kRadius, kRadius, -kQuarter, 0.0);
    cairo_arc(cairo, x + width - kRadius, y + height - kRadius, kRadius, 0.0, kQuarter);
    cairo_arc(cairo, x + kRadius, y + height - kRadius, kRadius, kQuarter, 2.0 * kQuarter);
    cairo_arc(cairo, x + kRadius, y + kRadius, kRadius, 2.0 * kQuarter, 3.0 * kQuarter);
    cairo_close_path(cairo);
    ink(ReportColour::Grid);
    cairo_set_dash(cairo, nullptr, 0, 0.0);
    cairo_set_line_width(cairo, 0.8);
    cairo_stroke(cairo);
}

void PdfCanvas::rect(double x, double y, double width, double height, ReportColour colour, bool hatched)
{
    cairo_t* cairo = m_cairo.get();
    cairo_new_path(cairo);
    cairo_rectangle(cairo, x, y, width, height);
    ink(colour, hatched ? 0.2 : 1.0);
    if (!hatched)
        return cairo_fill(cairo);
    cairo_fill_preserve(cairo);
    cairo_save(cairo);
    cairo_clip(cairo);
    ink(colour);
    cairo_set_dash(cairo, nullptr, 0, 0.0);
    cairo_set_line_width(cairo, 1.6);
    for (double from = x - height; from < x + width; from += 5.0) {
        cairo_move_to(cairo, from, y + height);
        cairo_line_to(cairo, from + height, y);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

void PdfCanvas::shapes(const std::vector<ReportShape>& shapes, double x, double y, double scale)
{
    cairo_save(m_cairo.get());
    cairo_translate(m_cairo.get(), x, y);
    cairo_scale(m_cairo.get(), scale, scale);
    for (const ReportShape& shape : shapes)
        std::visit([this](const auto& value) { draw(value); }, shape);
    cairo_restore(m_cairo.get());
}

void PdfCanvas::path(const std::vector<ReportPoint>& points)
{
    cairo_new_path(m_cairo.get()); // text leaves a point behind
    for (const ReportPoint& point : points)
        cairo_line_to(m_cairo.get(), point.x, point.y);
}

void PdfCanvas::draw(const ReportLine& line)
{
    constexpr double kDash[] = {4.0, 3.0};
    cairo_set_dash(m_cairo.get(), kDash, line.dashed ? 2 : 0, 0.0);
    cairo_set_line_width(m_cairo.get(), line.width);
    ink(line.colour);
    path(line.points);
    cairo_stroke(m_cairo.get());
}

void PdfCanvas::draw(const ReportArea& area)
{
    ink(area.colour, area.opacity);
    path(area.points);
    cairo_close_path(m_cairo.get());
    cairo_fill(m_cairo.get());
}

void PdfCanvas::draw(const ReportRect& shape)
{
    rect(shape.x, shape.y, shape.width, shape.height, shape.colour, shape.hatched);
}

void PdfCanvas::draw(const ReportLabel& shape)
{
    label(shape.text, shape.x, shape.y, {kChartText, false, shape.colour, shape.anchor, 0});
}

} // namespace vitrine::engine

#endif
