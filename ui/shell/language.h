// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the window, switched while it runs: widgets get QEvent::LanguageChange. Figures are
// written as that language writes them. One in main(); thread: UI.
#pragma once

#include <QObject>
#include <QTranslator>

namespace vitrine::ui {

enum class LanguageChoice { System, English, SimplifiedChinese };

class Language : public QObject
{
    Q_OBJECT

public:
    explicit Language(QObject* parent = nullptr);
    ~Language() override;

    LanguageChoice choice() const { return m_choice; }
    void setChoice(LanguageChoice choice);
    bool isChinese() const { return m_chinese; }

private:
    void install(bool chinese);

    LanguageChoice m_choice = LanguageChoice::System;
    bool m_chinese = false;
    QTranslator m_own; // this program's texts
    QTranslator m_qt;  // those of Qt's own dialogs, where they are installed
};

} // namespace vitrine::ui
