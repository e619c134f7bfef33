// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the real window with the default model: first start, two replies streaming beside the live
// view, Chinese, a refused file, the details of a model. Checks that each is drawn in the theme's colours and
// nothing else; VITRINE_SCREENSHOTS=FOLDER keeps the pictures there (docs/screenshots is made this way).
#include <QApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QHash>
#include <QLineEdit>
#include <QMimeData>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include "engine/model/default_model.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/models/details_table.h"
#include "ui/models/model_details_dialog.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 120'000; // ms; a slow machine under load

/// Share of the picture's pixels in each colour that covers at least a thousandth of it.
QHash<QRgb, double> commonColours(const QImage& image)
{
    QHash<QRgb, int> counts;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            ++counts[image.pixel(x, y)];
    QHash<QRgb, double> shares;
    const double pixels = double(image.width()) * image.height();
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        if (it.value() > pixels / 1000)
            shares.insert(it.key(), it.value() / pixels);
    return shares;
}

/// A common colour that no token explains: a leftover of the default style. Blends (chart fills, faded
/// icons) lie between two tokens and are let through when they have a hue of their own.
QStringList strangers(const QImage& image, const Tokens& tokens)
{
    QStringList found;
    const auto common = commonColours(image);
    for (auto it = common.cbegin(); it != common.cend(); ++it) {
        const QColor colour(it.key());
        bool known = colour.hsvSaturation() > 60;
        for (const TokenName& token : tokenNames()) {
            const QColor& own = tokens.*token.colour;
            known =
                known || (qAbs(own.red() - colour.red()) <= 2 && qAbs(own.green() - colour.green()) <= 2 &&
                          qAbs(own.blue() - colour.blue()) <= 2);
        }
        if (!known)
            found << QStringLiteral("%1 (%2 %)").arg(colour.name()).arg(100 * it.value(), 0, 'f', 1);
    }
    return found;
}

} // namespace

class ScreenshotTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir{QDir::tempPath() + QStringLiteral("/downloads-XXXXXX")};
    Theme m_theme;
    Language m_language;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<EngineBridge> m_bridge;
    std::unique_ptr<MainWindow> m_window;

    void keep(const QString& name)
    {
        QTest::qWait(200); // let queued paints and layouts settle
        const QImage image = m_window->grab().toImage();
        QCOMPARE(image.size(), QSize(1440, 900));
        keep(name, image);
    }

    void keep(const QString& name, const QImage& image)
    {
        const QString folder = qEnvironmentVariable("VITRINE_SCREENSHOTS", m_dir.path());
        QDir().mkpath(folder);
        QVERIFY(image.save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
        const QStringList odd = strangers(image, m_theme.tokens());
        QVERIFY2(odd.isEmpty(), qPrintable(odd.join(QStringLiteral(", "))));
        QVERIFY(commonColours(image).size() >= 5);
    }

    /// The dialog on the default model, as `arrange` leaves it.
    template<class Arrange>
    void keepDetails(const QString& name, Arrange arrange)
    {
        QCoreApplication::processEvents();
        m_window->showModelDetails();
        auto* dialog = m_window->findChild<ModelDetailsDialog*>();
        QVERIFY(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->isFilled(), kPatience);
        arrange(*dialog);
        QTest::qWait(200);
        keep(name, dialog->grab().toImage());
        delete dialog;
    }

    Conversation& current()
    {
        return *m_window->session().store().find(m_window->chatPage().currentConversation());
    }

    void ask(const QString& question)
    {
        QVERIFY2(m_window->session().send(current().id(), question),
                 qPrintable(m_window->session().reasonNotToSend(current().id())));
    }

    void askInNewChat(const QString& question)
    {
        m_window->chatPage().newChat();
        ask(question);
    }

    void stopAll()
    {
        for (const Conversation* conversation : m_window->session().store().byRecency())
            if (conversation->openReply())
                m_window->session().stop(conversation->id());
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->status().running, 0u, kPatience);
    }

    static quint32 tokensOf(const Conversation& conversation)
    {
        return conversation.isEmpty() ? 0 : conversation.messages().back().figures.tokens;
    }

private slots:
    void initTestCase()
    {
        m_theme.setChoice(ThemeChoice::Light);
        m_theme.applyTo(*qApp);
        m_language.setChoice(LanguageChoice::English);
        m_preferences = std::make_unique<Preferences>(m_dir.filePath(QStringLiteral("v.ini")));
        m_bridge = std::make_unique<EngineBridge>();
        m_window = std::make_unique<MainWindow>(*m_bridge, m_theme, m_language, *m_preferences);
        m_window->session().setFixedSeed(7);
        m_window->resize(1440, 900);
        m_window->show();
        const auto model = engine::findDefaultModel();
        QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
        m_window->openModel(QString::fromStdString(*model));
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->model().has_value(), kPatience);
        QTRY_COMPARE(m_window->banner().state(), LoadBanner::State::Hidden);
    }

    void firstStart() { keep(QStringLiteral("first-start-light")); }

    void firstStartInChinese()
    {
        m_language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        keep(QStringLiteral("first-start-zh"));
        m_language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
    }

    void refusedFile()
    {
        QFile file(m_dir.filePath(QStringLiteral("broken-model.gguf")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("GGUF\x03\x00\x00\x00 this is not the rest of a model", 40);
        file.close();
        m_window->openModel(file.fileName());
        QTRY_COMPARE_WITH_TIMEOUT(m_window->banner().state(), LoadBanner::State::Failed, kPatience);
        QVERIFY(m_bridge->model().has_value());
        keep(QStringLiteral("refused-file"));
        m_window->banner().dismiss();
    }

    void loadingShowsWhereItIs()
    {
        const QString path = QStringLiteral("/models/gemma-3-270m-q4_k_m.gguf");
        m_window->banner().showStarted(path);
        m_window->banner().showProgress({path, engine::LoadStage::PackingWeights, 0.43});
        keep(QStringLiteral("loading"));
        m_window->banner().dismiss();
    }

    void aModelHoversOverTheWindow()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/models/gemma-3-270m-q4_k_m.gguf"))});
        QDragEnterEvent enter({700, 400}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        auto* overlay = m_window->findChild<DropOverlay*>();
        QVERIFY(overlay && overlay->isVisible());
        QTest::qWait(100);
        QVERIFY(m_window->grab().save(m_dir.filePath(QStringLiteral("drop.png"))));
        overlay->hide();
    }

    void detailsOfTheModel()
    {
        keepDetails(QStringLiteral("details-light"), [](ModelDetailsDialog& dialog) {
            auto* table = dialog.findChild<DetailsTable*>(QStringLiteral("metadataTable"));
            table->setCurrentIndex(table->model()->index(31, 0));
            table->scrollToBottom();
        });
    }

    void tensorsOfTheModelInTheDark()
    {
        m_theme.setChoice(ThemeChoice::Dark);
        keepDetails(QStringLiteral("details-dark"), [](ModelDetailsDialog& dialog) {
            dialog.findChild<QTabBar*>()->setCurrentIndex(1);
            dialog.findChild<QLineEdit*>()->setText(QStringLiteral("attn_"));
            dialog.findChild<DetailsTable*>(QStringLiteral("tensorTable"))->setFocus();
        });
        m_theme.setChoice(ThemeChoice::Light);
    }

    void detailsInChinese()
    {
        m_language.setChoice(LanguageChoice::SimplifiedChinese);
        keepDetails(QStringLiteral("details-zh"), [](ModelDetailsDialog&) {});
        m_language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
    }

    void twoPanesStreamingBesideTheLiveView()
    {
        m_theme.setChoice(ThemeChoice::Dark);
        m_window->setLiveShown(true);
        for (const char* question : {"Give me five names for a sailing boat and say what each one means.",
                                     "How long does ramen broth have to cook, and why?",
                                     "What should I pack for four days in Kyoto in November?"})
            askInNewChat(QString::fromLatin1(question));
        QTRY_VERIFY_WITH_TIMEOUT(tokensOf(current()) > 60 || !current().openReply(), kPatience);
        stopAll();
        askInNewChat(QStringLiteral("What is the capital of France? Answer in one sentence."));
        QTRY_VERIFY_WITH_TIMEOUT(!current().openReply(), kPatience);
        ask(QStringLiteral(
            "Write a letter home from there: three days, what you saw, what you ate, whom you met."));
        Conversation& first = current();
        m_window->chatPage().newPane();
        ask(QStringLiteral("Write a Python function that reads a CSV file and adds up a column by month. "
                           "Then explain it line by line."));
        Conversation& second = current();
        QTRY_VERIFY_WITH_TIMEOUT(tokensOf(second) > 130 || !second.openReply(), kPatience);
        QVERIFY(tokensOf(first) > 20);
        QVERIFY(m_window->liveDock().recordedSteps() > 100);
        QTest::qWait(2 * LiveDock::kRefreshMs);
        keep(QStringLiteral("panes-dark"));
    }

    void oneChatInTheLight()
    {
        stopAll();
        m_window->chatPage().closePane();
        m_window->setLiveShown(false);
        m_theme.setChoice(ThemeChoice::Light);
        QTRY_VERIFY_WITH_TIMEOUT(!current().openReply(), kPatience);
        keep(QStringLiteral("chat-light"));
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_bridge.reset();
    }
};

QTEST_MAIN(ScreenshotTest)
#include "screenshot_test.moc"
