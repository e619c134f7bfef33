// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/model_dialog.h"

#include <QAbstractFileIconProvider>
#include <QCoreApplication>
#include <QFileInfo>
#include <QHeaderView>
#include <QStyle>
#include <QTreeView>
#include <QUrl>

#include "engine/model/default_model.h"

namespace vitrine::ui {
namespace {

/// The style's icons, so that the dialog looks like the window around it.
class IconProvider : public QAbstractFileIconProvider
{
public:
    explicit IconProvider(const QStyle& style) : m_style(style) {}
    QIcon icon(const QFileInfo& file) const override
    {
        return m_style.standardIcon(file.isDir() ? QStyle::SP_DirIcon : QStyle::SP_FileIcon);
    }
    QIcon icon(IconType type) const override
    {
        return m_style.standardIcon(type == File     ? QStyle::SP_FileIcon
                                    : type == Folder ? QStyle::SP_DirIcon
                                                     : QStyle::SP_ComputerIcon);
    }

private:
    const QStyle& m_style;
};

/// Only where the platform has no file dialog of its own.
void tidyColumns(QFileDialog& dialog)
{
    constexpr int kTypeColumn = 2;
    auto* tree = dialog.findChild<QTreeView*>();
    if (!tree)
        return;
    tree->header()->resizeSection(0, 320);
    tree->header()->resizeSection(1, 96);
    tree->header()->setStretchLastSection(true);
    tree->hideColumn(kTypeColumn);
    tree->setIconSize({16, 16});
}

/// Qt's own translation is not there on every system.
void labelInOurLanguage(QFileDialog& dialog)
{
    const auto label = [&dialog](QFileDialog::DialogLabel which, const char* source) {
        dialog.setLabelText(which, QCoreApplication::translate("ModelDialog", source));
    };
    label(QFileDialog::LookIn, QT_TRANSLATE_NOOP("ModelDialog", "Look in:"));
    label(QFileDialog::FileName, QT_TRANSLATE_NOOP("ModelDialog", "File name:"));
    label(QFileDialog::FileType, QT_TRANSLATE_NOOP("ModelDialog", "Files of type:"));
    label(QFileDialog::Accept, QT_TRANSLATE_NOOP("ModelDialog", "Open"));
    label(QFileDialog::Reject, QT_TRANSLATE_NOOP("ModelDialog", "Cancel"));
}

} // namespace

QFileDialog* makeModelDialog(const QString& lastModel, QWidget* parent)
{
    const auto text = [](const char* source) { return QCoreApplication::translate("ModelDialog", source); };
    const QString models = QString::fromStdString(engine::modelFolder());
    const QFileInfo last(lastModel);
    auto* dialog = new QFileDialog(parent, text(QT_TRANSLATE_NOOP("ModelDialog", "Open a model")),
                                   last.exists() ? last.path() : models);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({text(QT_TRANSLATE_NOOP("ModelDialog", "Models (*.gguf *.safetensors)")),
                            text(QT_TRANSLATE_NOOP("ModelDialog", "All files (*)"))});
    auto* icons = new IconProvider(*dialog->style());
    QObject::connect(dialog, &QObject::destroyed, dialog, [icons] { delete icons; });
    dialog->setIconProvider(icons);
    QList<QUrl> places{QUrl::fromLocalFile(QDir::homePath())};
    if (QFileInfo::exists(models))
        places.prepend(QUrl::fromLocalFile(models));
    dialog->setSidebarUrls(places);
    dialog->setViewMode(QFileDialog::Detail);
    labelInOurLanguage(*dialog);
    dialog->resize(760, 520);
    tidyColumns(*dialog);
    return dialog;
}

QFileDialog* makeModelFolderDialog(const QString& lastModel, QWidget* parent)
{
    QFileDialog* dialog = makeModelDialog(lastModel, parent);
    dialog->setWindowTitle(QCoreApplication::translate("ModelDialog", "Look for models in a folder"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    return dialog;
}

} // namespace vitrine::ui
