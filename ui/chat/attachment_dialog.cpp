// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/chat/message_chips.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr QSize kSize(720, 560);
constexpr qsizetype kLongestLine = 4000;

} // namespace

QString withShortLines(const QString& text, qsizetype longest)
{
    QString result;
    qsizetype from = 0;
    while (from < text.size()) {
        const qsizetype at = text.indexOf(QLatin1Char('\n'), from);
        const qsizetype end = at < 0 ? text.size() : at + 1;
        for (; end - from > longest + 1; from += longest)
            result += QStringView(text).mid(from, longest).toString() + QLatin1Char('\n');
        result += QStringView(text).mid(from, end - from);
        from = end;
    }
    return result;
}

AttachmentDialog::AttachmentDialog(Attachment attachment, const Theme& theme, QWidget* parent)
    : QDialog(parent), m_attachment(std::move(attachment))
{
    setWindowTitle(m_attachment.name);
    build(theme);
    resize(kSize);
    m_text->setFocus();
}

void AttachmentDialog::build(const Theme& theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    column->setSpacing(kSpace3);
    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setTabChangesFocus(true);
    m_text->setFont(theme.fixedFont(TextSize::Small));
    m_text->setAccessibleName(tr("Text of %1").arg(m_attachment.name));
    m_text->setPlainText(withShortLines(m_attachment.text, kLongestLine));
    column->addWidget(m_text, 1);
    auto* facts = new QLabel(attachmentFacts(m_attachment));
    facts->setProperty("role", "small");
    m_copy = new QPushButton(tr("Copy all"));
    m_copy->setAutoDefault(false);
    m_copy->setObjectName("copyAttachment");
    connect(m_copy, &QPushButton::clicked, this, &AttachmentDialog::copyAll);
    auto* close = new QPushButton(tr("Close"));
    close->setProperty("kind", "primary");
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace2);
    row->addWidget(facts, 1);
    row->addWidget(m_copy);
    row->addWidget(close);
    column->addLayout(row);
}

void AttachmentDialog::copyAll()
{
    QApplication::clipboard()->setText(m_attachment.text);
    m_copy->setText(tr("Copied"));
}

} // namespace vitrine::ui
