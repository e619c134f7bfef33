// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the real window with the default model, for the documentation. Texts come from prepared chats
// (tests/data/pictures), figures from real replies. Checks that each picture is drawn in the theme's colours
// and nothing else; VITRINE_SCREENSHOTS=FOLDER keeps them there (docs/screenshots is made this way).
#include <QApplication>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTabBar>

#include "tests/integration/support/picture_studio.h"
#include "ui/chat/branches/branches_dialog.h"
#include "ui/chat/composer.h"
#include "ui/chat/context_gauge.h"
#include "ui/chat/message_view.h"
#include "ui/chat/pane_context.h"
#include "ui/chat/sampling_preset.h"
#include "ui/chat/tokens/token_inspector.h"
#include "ui/chat/tokens/token_popover.h"
#include "ui/chat/turn_actions.h"
#include "ui/models/details_table.h"
#include "ui/models/model_details_dialog.h"
#include "ui/models/model_list_pane.h"
#include "ui/models/models_page.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/drop_overlay.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/palette/command_palette.h"
#include "ui/shell/search_field.h"
#include "ui/shell/search_panel.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/window_habits.h"

using namespace vitrine;
using namespace vitrine::ui;

#define KEEP(...)                                                                                            \
    do {                                                                                                     \
        const QString wrong = m_studio->keep(__VA_ARGS__);                                                   \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                                        \
    } while (false)

class ScreenshotTest : public QObject
{
    Q_OBJECT

private:
    using Colours = PictureStudio::Colours;
    std::unique_ptr<PictureStudio> m_studio;
    ConversationId m_explained; // the chat whose reply says why it took so long

    MainWindow& window() { return m_studio->window(); }
    ChatPage& page() { return window().chatPage(); }
    ChatPane& pane() { return page().focusedPane(); }

    void setLanguage(LanguageChoice choice)
    {
        m_studio->language.setChoice(choice);
        QCoreApplication::processEvents();
    }
    void sampleBy(SamplingPreset preset)
    {
        m_studio->current().setPreset(preset);
        ConversationSettings settings = m_studio->current().settings();
        settings.sampling.set(SamplingField::MaxTokens, 160);
        m_studio->current().setSettings(settings);
    }
    void onePane()
    {
        page().setComparing(false);
        while (page().panes().size() > 1)
            page().closePane();
    }
    /// The pointer rests on the message, so that its tools are seen.
    void hover(int index)
    {
        pane().messages().showMessage(index);
        pane().messages().scrollToEnd();
        QTest::qWait(50);
        QTest::mouseMove(pane().messages().viewport(), {300, 60});
    }
    template<class Dialog>
    Dialog* dialog()
    {
        QCoreApplication::processEvents();
        return window().findChild<Dialog*>();
    }

private slots:
    void initTestCase()
    {
        m_studio = std::make_unique<PictureStudio>();
        QVERIFY2(m_studio->openDefaultModel(), "no model is installed");
    }

    void firstStart() { KEEP("first-start-light"); }

    void firstStartInChinese()
    {
        setLanguage(LanguageChoice::SimplifiedChinese);
        KEEP("first-start-zh");
        setLanguage(LanguageChoice::English);
    }

    void loadingShowsWhereItIs()
    {
        const QString path = QStringLiteral("/models/gemma-3-270m-q4_k_m.gguf");
        window().banner().showStarted(path);
        window().banner().showProgress({path, engine::LoadStage::PackingWeights, 0.43});
        KEEP("loading");
        window().banner().dismiss();
    }

    void aModelHoversOverTheWindow()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/models/gemma-3-270m-q4_k_m.gguf"))});
        QDragEnterEvent enter({700, 400}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&window(), &enter);
        QVERIFY(enter.isAccepted());
        auto* overlay = window().findChild<DropOverlay*>();
        QVERIFY(overlay && overlay->isVisible());
        KEEP("drop-model", Colours::Blended);
        overlay->hide();
    }

    void aChat()
    {
        QVERIFY(m_studio->importChats(QStringLiteral(VITRINE_TEST_DATA "/pictures/chats.json")));
        window().notices().dismiss();
        QVERIFY(m_studio->show("Four days in Kyoto in November"));
        KEEP("chat-light");
    }

    void codeAndATable()
    {
        QVERIFY(m_studio->show("Add up a CSV by month"));
        hover(1);
        KEEP("code-light");
    }

    void versionsAndTools()
    {
        QVERIFY(m_studio->show("Names for a sailing boat"));
        hover(1);
        KEEP("versions-light");
    }

    void branches()
    {
        pane().showBranches();
        QVERIFY(dialog<BranchesDialog>());
        KEEP("branches-light");
        delete dialog<BranchesDialog>(); // nobody waits for its answer
    }

    void search()
    {
        window().searchChats();
        auto* field = window().sidebar().findChild<SearchField*>();
        QTest::keyClicks(field, "light");
        QTRY_VERIFY_WITH_TIMEOUT(window().sidebar().searchPanel().list().model()->rowCount() > 0, kPatience);
        KEEP("search-light");
        field->clear();
    }

    void samplingPanel()
    {
        QVERIFY(m_studio->show("Ramen broth from scratch"));
        pane().setSettingsShown(true);
        KEEP("sampling-light");
        pane().setSettingsShown(false);
    }

    void attachments()
    {
        QFile csv(m_studio->path("totals-2026.csv")), notes(m_studio->path("meeting-notes.md"));
        QVERIFY(csv.open(QIODevice::WriteOnly) && notes.open(QIODevice::WriteOnly));
        for (int day = 1; day <= 28; ++day)
            csv.write(QStringLiteral("2026-02-%1,%2.50\n").arg(day, 2, 10, QChar('0')).arg(day * 7).toUtf8());
        notes.write("# Monday\n\n- the roof is tight again\n- Ana asks for the totals of February\n");
        csv.close();
        notes.close();
        page().newChat();
        pane().composer().attachFiles({csv.fileName(), notes.fileName()});
        QTRY_COMPARE_WITH_TIMEOUT(pane().composer().attachments().size(), 2, kPatience);
        pane().composer().setText("Which week of February was the best, and does it match the notes?");
        KEEP("attachments-light");
        pane().composer().setAttachments({});
        pane().composer().setText({});
    }

    void settings()
    {
        window().showSettings();
        QVERIFY(dialog<SettingsDialog>());
        KEEP("settings-light");
        delete dialog<SettingsDialog>();
    }

    void palette()
    {
        QVERIFY(m_studio->show("Four days in Kyoto in November"));
        window().habits().togglePalette();
        auto* palette = dialog<CommandPalette>();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "re");
        KEEP("palette-light", Colours::Blended);
        palette->dismiss();
    }

    void shortcuts()
    {
        window().habits().toggleShortcuts();
        KEEP("shortcuts-light", Colours::Blended);
        window().habits().toggleShortcuts();
    }

    void modelsPage()
    {
        window().showModels();
        ModelsPage& models = window().modelsPage();
        const QString path = QString::fromStdString(m_studio->bridge.model()->path);
        models.inspect(path);
        QTRY_VERIFY_WITH_TIMEOUT(models.pane().selected() == path && !models.isScanning(), kPatience);
        KEEP("models-light");
        window().showChats();
    }

    void detailsOfTheModel()
    {
        window().showModelDetails();
        auto* details = dialog<ModelDetailsDialog>();
        QVERIFY(details);
        QTRY_VERIFY_WITH_TIMEOUT(details->isFilled(), kPatience);
        KEEP("details-light");
        m_studio->theme.setChoice(ThemeChoice::Dark);
        details->findChild<QTabBar*>()->setCurrentIndex(1);
        details->findChild<QLineEdit*>()->setText(QStringLiteral("attn_"));
        KEEP("tensors-dark");
        m_studio->theme.setChoice(ThemeChoice::Light);
        delete details;
    }

    void chineseWindow()
    {
        setLanguage(LanguageChoice::SimplifiedChinese);
        QVERIFY(m_studio->show(QStringLiteral("去京都要带什么")));
        KEEP("chat-zh");
        pane().setSettingsShown(true);
        KEEP("sampling-zh");
        pane().setSettingsShown(false);
        window().showModels();
        KEEP("models-zh");
        window().showChats();
        setLanguage(LanguageChoice::English);
    }

    void refusedFile()
    {
        QFile file(m_studio->path("broken-model.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("GGUF\x03\x00\x00\x00 this is not the rest of a model", 40);
        file.close();
        window().openModel(file.fileName());
        QTRY_COMPARE_WITH_TIMEOUT(window().banner().state(), LoadBanner::State::Failed, kPatience);
        QVERIFY(m_studio->bridge.model().has_value());
        page().newChat();
        KEEP("refused-file");
        window().banner().dismiss();
    }

    // From here on, replies are real.

    void whyThisLong()
    {
        page().newChat();
        QVERIFY(m_studio->ask("Why is the sea salty? Answer in three sentences."));
        Conversation& first = m_studio->current();
        QVERIFY(m_studio->waitForTokens(first, 12));
        page().newChat();
        QVERIFY(m_studio->ask("Write a letter home from Paris: three days, what you saw, what you ate."));
        m_explained = first.id();
        page().openConversation(m_explained);
        QTRY_VERIFY_WITH_TIMEOUT(!first.isGenerating(), kPatience);
        QVERIFY(m_studio->stopAll());
        pane().turns().perform(1, MessageAction::Why);
        pane().messages().scrollToEnd();
        QTest::mouseMove(pane().messages().viewport(), {300, 60});
        KEEP("why-light");
        m_studio->theme.setChoice(ThemeChoice::Dark);
        KEEP("why-dark");
        m_studio->theme.setChoice(ThemeChoice::Light);
    }

    void howSureTheModelWas()
    {
        page().newChat();
        pane().setTokensShown(true);
        QVERIFY(m_studio->ask("How do I make a good cup of tea? Write a short list."));
        QVERIFY(m_studio->waitForAll());
        const Message& reply = m_studio->current().messages().back();
        int unsure = 6; // a place where something else could have come
        while (unsure + 1 < reply.tokenDetails.size() && reply.tokenDetails[unsure].probability > 0.6F)
            ++unsure;
        pane().messages().showToken({1, unsure});
        const QRect token = pane().messages().tokenRect({1, unsure});
        QTest::mouseClick(pane().messages().viewport(), Qt::LeftButton, {}, token.center());
        auto& popover = pane().inspector().popover();
        QTRY_VERIFY(popover.findChild<QLabel*>("tokenNote")->text().contains("KV block"));
        KEEP("tokens-light");
        m_studio->theme.setChoice(ThemeChoice::Dark);
        KEEP("tokens-dark");
        m_studio->theme.setChoice(ThemeChoice::Light);
        pane().setTokensShown(false);
        page().openConversation(m_explained);
    }

    void theContextAndWhoUsesIt()
    {
        QVERIFY(m_studio->ask("And why are most lakes not salty?"));
        QVERIFY(m_studio->waitForAll());
        QTest::mouseClick(pane().findChild<ContextGauge*>(), Qt::LeftButton);
        QVERIFY(pane().context().popover());
        KEEP("context-light");
        pane().context().popover()->close();
    }

    void comparing()
    {
        page().newChat();
        sampleBy(SamplingPreset::Precise);
        page().newPane();
        sampleBy(SamplingPreset::Creative);
        page().setComparing(true);
        auto* text = pane().findChild<QPlainTextEdit*>("composerText");
        QTest::keyClicks(text, "Write a short poem about the sea at night.");
        QTest::keyClick(text, Qt::Key_Return);
        QVERIFY(page().panes().front()->conversation()->isGenerating());
        QVERIFY(m_studio->waitForAll());
        KEEP("compare-light");
        onePane();
    }

    void twoPanesBesideTheLiveView()
    {
        m_studio->theme.setChoice(ThemeChoice::Dark);
        window().setLiveShown(true);
        for (const char* question : {"Give me five names for a sailing boat and say what each one means.",
                                     "How long does ramen broth have to cook, and why?",
                                     "What should I pack for four days in Kyoto in November?"}) {
            page().newChat();
            QVERIFY(m_studio->ask(QString::fromLatin1(question)));
        }
        QVERIFY(m_studio->waitForTokens(m_studio->current(), 60));
        QVERIFY(m_studio->stopAll());
        page().newChat();
        QVERIFY(m_studio->ask("Write a letter home from Paris: three days, what you saw, whom you met."));
        Conversation& first = m_studio->current();
        KEEP("live-dark");
        page().newPane();
        QVERIFY(m_studio->ask("Write a Python function that reads a CSV file and adds up a column by month. "
                              "Then explain it line by line."));
        Conversation& second = m_studio->current();
        QVERIFY(m_studio->waitForTokens(second, 130));
        QVERIFY(first.messages().back().figures.tokens > 20);
        QVERIFY(window().liveDock().recordedSteps() > 100);
        QTest::qWait(2 * LiveDock::kRefreshMs);
        KEEP("panes-dark");
        QVERIFY(m_studio->stopAll());
        onePane();
    }

    void twiceTheSize()
    {
        m_studio->theme.setZoom(200);
        window().setLiveShown(false);
        m_studio->theme.setChoice(ThemeChoice::Light);
        QVERIFY(m_studio->show("Four days in Kyoto in November"));
        KEEP("zoom-200");
        page().openConversation(m_explained);
        pane().turns().perform(1, MessageAction::Why);
        KEEP("zoom-200-why");
        QTest::mouseClick(pane().findChild<ContextGauge*>(), Qt::LeftButton);
        KEEP("zoom-200-context");
        pane().context().popover()->close();
        m_studio->theme.setZoom(100);
    }

    void cleanupTestCase() { m_studio.reset(); }
};

QTEST_MAIN(ScreenshotTest)
#include "screenshot_test.moc"
