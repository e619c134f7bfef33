// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace vitrine::ui {

Language::Language(QObject* parent) : QObject(parent)
{
    setChoice(LanguageChoice::System);
}

Language::~Language()
{
    install(false);
}

void Language::setChoice(LanguageChoice choice)
{
    m_choice = choice;
    const bool systemChinese = QLocale::system().uiLanguages().value(0).startsWith(QLatin1String("zh"));
    const bool chinese =
        choice == LanguageChoice::SimplifiedChinese || (choice == LanguageChoice::System && systemChinese);
    QLocale::setDefault(chinese ? QLocale(QLocale::Chinese, QLocale::China)
                                : QLocale(QLocale::English, QLocale::UnitedStates));
    if (chinese != m_chinese)
        install(chinese);
}

void Language::install(bool chinese)
{
    m_chinese = chinese;
    if (!QCoreApplication::instance())
        return;
    if (!chinese) {
        QCoreApplication::removeTranslator(&m_qt);
        QCoreApplication::removeTranslator(&m_own);
        return;
    }
    if (m_qt.load(QStringLiteral("qtbase_zh_CN"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
    if (m_own.load(QStringLiteral(":/translations/vitrine_zh_CN.qm")))
        QCoreApplication::installTranslator(&m_own);
}

} // namespace vitrine::ui
