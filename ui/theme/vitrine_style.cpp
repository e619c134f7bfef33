// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/vitrine_style.h"

#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

const char* iconFor(QStyle::StandardPixmap which)
{
    switch (which) {
    case QStyle::SP_FileDialogBack:
    case QStyle::SP_ArrowBack:
        return "leftc";
    case QStyle::SP_ArrowForward:
        return "rightc";
    case QStyle::SP_FileDialogToParent:
        return "up";
    case QStyle::SP_FileDialogNewFolder:
        return "plus";
    case QStyle::SP_FileDialogListView:
        return "blocks";
    case QStyle::SP_FileDialogDetailedView:
        return "queue";
    case QStyle::SP_DirIcon:
    case QStyle::SP_DirOpenIcon:
    case QStyle::SP_DirClosedIcon:
    case QStyle::SP_DirLinkIcon:
    case QStyle::SP_DirHomeIcon:
        return "folder";
    case QStyle::SP_FileIcon:
    case QStyle::SP_FileLinkIcon:
        return "doc";
    case QStyle::SP_ComputerIcon:
    case QStyle::SP_DesktopIcon:
    case QStyle::SP_DriveHDIcon:
        return "system";
    case QStyle::SP_LineEditClearButton:
        return "close";
    default:
        return nullptr;
    }
}

} // namespace

VitrineStyle::VitrineStyle(const Theme& theme) : QProxyStyle(QStringLiteral("Fusion")), m_theme(theme) {}

QIcon VitrineStyle::standardIcon(StandardPixmap which, const QStyleOption* option,
                                 const QWidget* widget) const
{
    if (const char* name = iconFor(which))
        return m_theme.icon(QString::fromLatin1(name));
    return QProxyStyle::standardIcon(which, option, widget);
}

/// Icons and marks of the system's controls grow with the text.
int VitrineStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ButtonIconSize:
        return m_theme.scaled(widget && widget->property("kind") == QLatin1String("rail") ? kRailIconSize
                                                                                          : kIconSize);
    case PM_SmallIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
        return m_theme.scaled(kIconSize);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
        return m_theme.scaled(QProxyStyle::pixelMetric(metric, option, widget));
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int VitrineStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                            QStyleHintReturn* data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace vitrine::ui
