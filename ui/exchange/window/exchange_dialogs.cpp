// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/exchange_dialogs.h"

#include <array>

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QSplitter>
#include <QUrl>

namespace vitrine::ui {
namespace {

constexpr qsizetype kLongestName = 80;
constexpr int kPlaces = 140; // width of the list of places

struct Kind
{
    ChatFormat format;
    const char* ending;
    const char* filter;
};

constexpr std::array kKinds{
    Kind{ChatFormat::Json, "json",
         QT_TRANSLATE_NOOP("ExchangeDialog", "Vitrine chats, with everything (*.json)")},
    Kind{ChatFormat::Markdown, "md", QT_TRANSLATE_NOOP("ExchangeDialog", "Markdown (*.md)")},
    Kind{ChatFormat::Pdf, "pdf", QT_TRANSLATE_NOOP("ExchangeDialog", "PDF (*.pdf)")}};

QString text(const char* source)
{
    return QCoreApplication::translate("ExchangeDialog", source);
}

/// Qt's own translation is not there on every system.
void labelInOurLanguage(QFileDialog& dialog, const QString& accept)
{
    dialog.setLabelText(QFileDialog::LookIn, text(QT_TRANSLATE_NOOP("ExchangeDialog", "Look in:")));
    dialog.setLabelText(QFileDialog::FileName, text(QT_TRANSLATE_NOOP("ExchangeDialog", "File name:")));
    dialog.setLabelText(QFileDialog::FileType, text(QT_TRANSLATE_NOOP("ExchangeDialog", "Files of type:")));
    dialog.setLabelText(QFileDialog::Accept, accept);
    dialog.setLabelText(QFileDialog::Reject, text(QT_TRANSLATE_NOOP("ExchangeDialog", "Cancel")));
}

const Kind& kindOf(const QString& filter)
{
    for (const Kind& kind : kKinds) {
        if (filter == text(kind.filter))
            return kind;
    }
    return kKinds.front();
}

QFileDialog* makeDialog(const QString& title, const QString& folder, QWidget* parent)
{
    auto* dialog = new QFileDialog(parent, title, QFileInfo(folder).isDir() ? folder : QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setViewMode(QFileDialog::Detail);
    dialog->setSidebarUrls({QUrl::fromLocalFile(QDir::homePath())});
    dialog->resize(760, 520);
    if (auto* splitter = dialog->findChild<QSplitter*>()) // not where the platform has a dialog of its own
        splitter->setSizes({kPlaces, dialog->width() - kPlaces});
    return dialog;
}

} // namespace

QString fileNameFor(const QString& title)
{
    static const QRegularExpression kUnsafe(QStringLiteral("[\\x00-\\x1f/\\\\:*?\"<>|]+"));
    QString name = QString(title).replace(kUnsafe, QStringLiteral(" ")).simplified().left(kLongestName);
    while (name.startsWith('.'))
        name.remove(0, 1);
    while (!name.isEmpty() && (name.back() == '.' || name.back() == ' ' || name.back().isHighSurrogate()))
        name.chop(1);
    return name.isEmpty() ? QStringLiteral("chat") : name;
}

QFileDialog* makeExportDialog(const QString& name, const QString& folder, QWidget* parent)
{
    QFileDialog* dialog =
        makeDialog(text(QT_TRANSLATE_NOOP("ExchangeDialog", "Export chats")), folder, parent);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const Kind& kind : kKinds)
        filters << text(kind.filter);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QLatin1String(kKinds.front().ending));
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(QLatin1String(kindOf(filter).ending));
    });
    dialog->selectFile(name);
    labelInOurLanguage(*dialog, text(QT_TRANSLATE_NOOP("ExchangeDialog", "Export")));
    return dialog;
}

ChatFormat chosenFormat(const QFileDialog& dialog, QString& path)
{
    const QString ending = QFileInfo(path).suffix();
    for (const Kind& kind : kKinds) {
        if (ending.compare(QLatin1String(kind.ending), Qt::CaseInsensitive) == 0)
            return kind.format;
    }
    const Kind& kind = kindOf(dialog.selectedNameFilter());
    path += '.' + QLatin1String(kind.ending);
    return kind.format;
}

QFileDialog* makeImportDialog(const QString& folder, QWidget* parent)
{
    QFileDialog* dialog =
        makeDialog(text(QT_TRANSLATE_NOOP("ExchangeDialog", "Import chats")), folder, parent);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({text(QT_TRANSLATE_NOOP("ExchangeDialog", "Chats (*.json *.md *.markdown *.txt)")),
                            text(QT_TRANSLATE_NOOP("ExchangeDialog", "All files (*)"))});
    labelInOurLanguage(*dialog, text(QT_TRANSLATE_NOOP("ExchangeDialog", "Import")));
    return dialog;
}

} // namespace vitrine::ui
