// SPDX-License-Identifier: GPL-3.0-or-later
// The real window set up for pictures: the default model, prepared chats that came in through the importer,
// and a way to keep what it shows, with the dialogs and popovers in front of it.
#pragma once

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/model/default_model.h"
#include "tests/integration/support/picture_colours.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/exchange/window/exchange_controller.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"

namespace vitrine::ui {

inline constexpr int kPatience = 300'000; // ms; a slow machine under load

class PictureStudio
{
public:
    enum class Colours { Checked, Blended }; ///< Blended: a scrim mixes them

    PictureStudio() : preferences(m_dir.filePath("v.ini"))
    {
        preferences.setTheme(ThemeChoice::Light);
        preferences.setLanguage(LanguageChoice::English);
        theme.setChoice(ThemeChoice::Light);
        theme.applyTo(*qApp); // before the window: its fonts come from here
        language.setChoice(LanguageChoice::English);
        m_window = std::make_unique<MainWindow>(bridge, theme, language, preferences, path("chats.db"));
        MainWindow& window = *m_window;
        window.session().setFixedSeed(7);
        window.resize(1280, 800);
        window.move(0, 0);
        window.show();
        window.activateWindow();
        (void)QTest::qWaitForWindowActive(&window);
    }

    MainWindow& window() { return *m_window; }
    QString path(const QString& name) const { return m_dir.filePath(name); }

    bool openDefaultModel()
    {
        const auto model = engine::findDefaultModel();
        if (!model)
            return false;
        window().openModel(QString::fromStdString(*model));
        return QTest::qWaitFor(
            [this] {
                return bridge.model().has_value() && !bridge.isLoading() &&
                       window().banner().state() == LoadBanner::State::Hidden;
            },
            kPatience);
    }

    /// Through the importer, all times moved so that the latest is now.
    bool importChats(const QString& source)
    {
        QFile from(source);
        QFile to(path("import.json"));
        if (!from.open(QIODevice::ReadOnly) || !to.open(QIODevice::WriteOnly))
            return false;
        to.write(moved(QJsonDocument::fromJson(from.readAll()).object()));
        to.close();
        QSignalSpy imported(&window().exchange(), &ExchangeController::imported);
        window().exchange().importFiles({to.fileName()});
        return imported.wait(kPatience);
    }

    Conversation* find(const QString& title)
    {
        for (Conversation* conversation : window().session().store().byRecency())
            if (conversation->displayTitle() == title)
                return conversation;
        return nullptr;
    }
    bool show(const QString& title)
    {
        const Conversation* conversation = find(title);
        if (conversation == nullptr)
            return false;
        window().chatPage().openConversation(conversation->id());
        return QTest::qWaitFor([&] { return conversation->isLoaded(); }, kPatience);
    }
    Conversation& current()
    {
        return *window().session().store().find(window().chatPage().currentConversation());
    }
    bool ask(const QString& question) { return window().session().send(current().id(), question); }
    bool isIdle()
    {
        for (const Conversation* conversation : window().session().store().byRecency())
            if (conversation->isGenerating())
                return false;
        return true;
    }
    bool waitForAll()
    {
        return QTest::qWaitFor([this] { return isIdle(); }, kPatience);
    }
    bool stopAll()
    {
        for (const Conversation* conversation : window().session().store().byRecency())
            window().session().stopAll(conversation->id());
        return waitForAll();
    }
    bool waitForTokens(const Conversation& conversation, quint32 count)
    {
        return QTest::qWaitFor(
            [&] {
                return !conversation.isEmpty() && (conversation.messages().back().figures.tokens >= count ||
                                                   !conversation.isGenerating());
            },
            kPatience);
    }

    /// Keeps a picture; what is wrong with it, empty when nothing is.
    QString keep(const QString& name, Colours colours = Colours::Checked)
    {
        QTest::qWait(300); // let queued paints, layouts and animations settle
        return keep(name, photograph(), colours);
    }
    QString keep(const QString& name, const QImage& image, Colours colours)
    {
        const QString folder = qEnvironmentVariable("VITRINE_SCREENSHOTS", m_dir.path());
        QDir().mkpath(folder);
        if (!image.save(folder + '/' + name + ".png", nullptr, 0)) // 0: packed as tightly as it goes
            return "cannot be saved";
        if (commonColours(image).size() < 5)
            return "is almost empty";
        return colours == Colours::Checked ? strangers(image, theme.tokens()).join(", ") : QString();
    }

    Theme theme;
    Language language;

private:
    QTemporaryDir m_dir{QDir::tempPath() + "/downloads-XXXXXX"};

public:
    Preferences preferences;
    EngineBridge bridge;

private:
    std::unique_ptr<MainWindow> m_window;

    /// The window and what stands in front of it, without asking the screen.
    QImage photograph()
    {
        QImage image = window().grab().toImage().convertToFormat(QImage::Format_RGB32);
        QPainter painter(&image);
        for (QWidget* other : QApplication::topLevelWidgets()) {
            if (other == &window() || !other->isVisible() || other->windowType() == Qt::ToolTip)
                continue;
            const bool dialog = other->windowType() == Qt::Dialog;
            const QPoint corner =
                dialog ? window().rect().center() - other->rect().center() : other->pos() - window().pos();
            painter.drawPixmap(corner, other->grab());
            if (dialog) { // stands for the frame that the desktop draws
                painter.setPen(theme.tokens().borderStrong);
                painter.drawRect(QRect(corner, other->size()).adjusted(-1, -1, 0, 0));
            }
        }
        return image;
    }

    static QByteArray moved(QJsonObject file)
    {
        qint64 latest = 0;
        QJsonArray chats = file["chats"].toArray();
        for (const QJsonValue& chat : chats)
            latest = std::max(latest, chat["lastActivity"].toInteger());
        const qint64 by = QDateTime::currentMSecsSinceEpoch() - latest;
        const auto shift = [by](QJsonObject object, std::initializer_list<const char*> keys) {
            for (const char* key : keys)
                object[QLatin1String(key)] = object[QLatin1String(key)].toInteger() + by;
            return object;
        };
        for (qsizetype i = 0; i < chats.size(); ++i) {
            QJsonObject chat = shift(chats[i].toObject(), {"created", "lastActivity"});
            QJsonArray messages = chat["messages"].toArray();
            for (qsizetype m = 0; m < messages.size(); ++m)
                messages[m] = shift(messages[m].toObject(), {"created"});
            chat["messages"] = messages;
            chats[i] = chat;
        }
        file["chats"] = chats;
        return QJsonDocument(file).toJson();
    }
};

} // namespace vitrine::ui
