// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/pdf_writer.h"

#include <memory>

#include <QAbstractTextDocumentLayout>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include "ui/exchange/turn_text.h"
#include "ui/exchange/window/pdf_text.h"
#include "ui/theme/tokens.h"

namespace vitrine::ui {
namespace {

constexpr int kResolution = 300;              // dots an inch
constexpr QMarginsF kMargins(20, 18, 20, 14); // mm
constexpr qreal kFooterLines = 2.5;           // of the footer's font, with the room above it

QPageSize pageSize()
{
    return QPageSize(QLocale().measurementSystem() == QLocale::ImperialUSSystem ? QPageSize::Letter
                                                                                : QPageSize::A4);
}

class Printer
{
public:
    Printer(QPdfWriter& writer, const PdfStyle& style, ExchangeProgress& progress)
        : m_writer(writer), m_style(style), m_progress(progress)
    {
        writer.setResolution(kResolution);
        writer.setPageSize(pageSize());
        writer.setPageMargins(kMargins, QPageLayout::Millimeter);
        m_begun = m_painter.begin(&writer);
        const QRectF page(0, 0, writer.width(), writer.height());
        m_footer = page.adjusted(
            0, page.height() - kFooterLines * QFontMetricsF(style.small, &writer).height(), 0, 0);
        m_body = page.adjusted(0, 0, 0, -m_footer.height());
    }

    bool hasBegun() const { return m_begun; }
    int pages() const { return m_pages; }

    void print(const ExchangedChat& chat)
    {
        m_title = chatTitle(chat.conversation);
        auto text = std::make_unique<PdfText>(m_style, m_writer, m_body.size());
        text->addTitle(chat.conversation);
        for (const MessageRecord* turn : shownTurns(chat)) {
            if (m_progress.cancelled)
                return;
            if (text->isLarge()) {
                print(text->finish());
                text = std::make_unique<PdfText>(m_style, m_writer, m_body.size());
            }
            text->addTurn(*turn);
        }
        print(text->finish());
        m_progress.done += chat.messages.size();
    }

private:
    void print(QTextDocument& document)
    {
        const int pages = document.pageCount();
        for (int page = 0; page < pages && !m_progress.cancelled; ++page) {
            if (m_pages > 0)
                m_writer.newPage();
            ++m_pages;
            m_painter.save();
            const qreal top = page * m_body.height();
            m_painter.translate(0, -top);
            const QRectF shown = m_body.translated(0, top);
            m_painter.setClipRect(shown);
            QAbstractTextDocumentLayout::PaintContext context;
            context.clip = shown;
            context.palette.setColor(QPalette::Text, lightTokens().text);
            document.documentLayout()->draw(&m_painter, context);
            m_painter.restore();
            printFooter();
        }
    }

    void printFooter()
    {
        m_painter.setFont(m_style.small);
        m_painter.setPen(lightTokens().secondary);
        const QString title = QFontMetricsF(m_style.small, &m_writer)
                                  .elidedText(m_title, Qt::ElideRight, m_footer.width() * 0.8);
        m_painter.drawText(m_footer, Qt::AlignLeft | Qt::AlignBottom | Qt::TextSingleLine, title);
        m_painter.drawText(m_footer, Qt::AlignRight | Qt::AlignBottom, QLocale().toString(m_pages));
    }

    QPdfWriter& m_writer;
    const PdfStyle& m_style;
    ExchangeProgress& m_progress;
    QPainter m_painter;
    QRectF m_body, m_footer;
    QString m_title;
    int m_pages = 0;
    bool m_begun = false;
};

} // namespace

PdfResult writePdf(const QList<ExchangedChat>& chats, const PdfStyle& style, const QString& path,
                   ExchangeProgress& progress)
{
    PdfResult result;
    for (const ExchangedChat& chat : chats)
        progress.total += chat.messages.size();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        result.error = file.errorString();
        return result;
    }
    {
        QPdfWriter writer(&file);
        writer.setTitle(chats.size() == 1 ? chatTitle(chats.front().conversation)
                                          : QStringLiteral("Vitrine"));
        writer.setCreator(QStringLiteral("Vitrine"));
        Printer printer(writer, style, progress);
        for (qsizetype i = 0; i < chats.size() && printer.hasBegun() && !progress.cancelled; ++i)
            printer.print(chats[i]);
        result.pages = printer.pages();
    }
    if (!progress.cancelled && (result.pages == 0 || !file.commit()))
        result.error = file.errorString();
    return result;
}

} // namespace vitrine::ui
