// SPDX-License-Identifier: GPL-3.0-or-later
// The panel of sampling settings, with keys and the mouse, and in a pane of the window.
#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/preset_bar.h"
#include "ui/chat/preset_store.h"
#include "ui/chat/sampling_panel.h"
#include "ui/chat/sampling_row.h"
#include "ui/shell/main_window.h"

using namespace vitrine::ui;

class SamplingPanelTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        explicit Fixture(Theme& theme) : panel(presets, theme)
        {
            panel.resize(SamplingPanel::kWidth, 900);
            panel.show();
            (void)QTest::qWaitForWindowActive(&panel);
        }

        SamplingRow* row(SamplingField field) const
        {
            for (auto* each : panel.findChildren<SamplingRow*>())
                if (each->field() == field)
                    return each;
            return nullptr;
        }
        QDoubleSpinBox* box(SamplingField field) const { return row(field)->findChild<QDoubleSpinBox*>(); }
        QSlider* slider(SamplingField field) const { return row(field)->findChild<QSlider*>(); }
        double value(SamplingField field) const { return panel.settings().sampling[field]; }
        QComboBox* list() const { return panel.findChild<QComboBox*>("presetList"); }

        /// What the menu of the presets calls `text`.
        void trigger(const QString& text) const
        {
            QMenu* menu = panel.findChild<QToolButton*>("presetMenu")->menu();
            emit menu->aboutToShow();
            for (QAction* action : menu->actions())
                if (action->text() == text)
                    action->trigger();
        }

        PresetStore presets;
        SamplingPanel panel;
    };

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void aNumberThatIsTypedHolds()
    {
        Fixture f(m_theme);
        QSignalSpy edited(&f.panel, &SamplingPanel::edited);
        QDoubleSpinBox* box = f.box(SamplingField::Temperature);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, "1.25");
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(edited.count(), 1); // not one for each digit
        QCOMPARE(f.value(SamplingField::Temperature), 1.25);
        QCOMPARE(f.slider(SamplingField::Temperature)->value(), 25);
        QCOMPARE(f.list()->currentIndex(), -1); // no preset any more
    }

    void aSliderMovesWithTheKeysAndTheBoxFollows()
    {
        Fixture f(m_theme);
        QSlider* slider = f.slider(SamplingField::TopP);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(f.value(SamplingField::TopP), 0.94);
        QCOMPARE(f.box(SamplingField::TopP)->value(), 0.94);
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(f.value(SamplingField::TopP), 0.01);
    }

    void aWheelThatScrollsPastChangesNothing()
    {
        Fixture f(m_theme);
        QSlider* slider = f.slider(SamplingField::Temperature);
        f.box(SamplingField::TopK)->setFocus();
        QWheelEvent wheel(QPointF(5, 5), slider->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(slider, &wheel);
        QCOMPARE(f.value(SamplingField::Temperature), 0.7);
    }

    void eachValueAndAllOfThemGoBack()
    {
        Fixture f(m_theme);
        f.box(SamplingField::Temperature)->setValue(1.5);
        f.box(SamplingField::TopK)->setValue(7);
        f.panel.findChild<QToolButton*>("dice")->click();
        auto* reset = f.row(SamplingField::Temperature)->findChild<QToolButton*>();
        QVERIFY(reset->isEnabled());
        QTest::mouseClick(reset, Qt::LeftButton);
        QVERIFY(!reset->isEnabled());
        QCOMPARE(f.value(SamplingField::Temperature), 0.7);
        QCOMPARE(f.value(SamplingField::TopK), 7.0);
        QTest::mouseClick(f.panel.findChild<QAbstractButton*>("resetAll"), Qt::LeftButton);
        QCOMPARE(f.panel.settings().sampling, samplingOf(SamplingPreset::Balanced));
        QCOMPARE(f.list()->currentText(), QString("Balanced"));
    }

    void aSeedIsTypedRolledAndGivenUp()
    {
        Fixture f(m_theme);
        auto* seed = f.panel.findChild<QLineEdit*>("seed");
        seed->setFocus();
        QTest::keyClicks(seed, "4x2");
        QCOMPARE(f.panel.settings().sampling.seed, std::optional<quint64>(42));
        QTest::mouseClick(f.panel.findChild<QToolButton*>("dice"), Qt::LeftButton);
        QCOMPARE(QString::number(*f.panel.settings().sampling.seed), seed->text());
        seed->selectAll();
        QTest::keyClick(seed, Qt::Key_Delete);
        QVERIFY(!f.panel.settings().sampling.seed);
    }

    void instructionsHoldWhileTheyAreTyped()
    {
        Fixture f(m_theme);
        auto* prompt = f.panel.findChild<QPlainTextEdit*>("systemPrompt");
        prompt->setFocus();
        QTest::keyClicks(prompt, "Rhyme.");
        QCOMPARE(f.panel.settings().systemPrompt, QString("Rhyme."));
        QTest::mouseClick(f.panel.findChild<QAbstractButton*>("resetAll"), Qt::LeftButton);
        QCOMPARE(prompt->toPlainText(), QString("Rhyme."));
    }

    void aPresetIsChosenWithTheKeys()
    {
        Fixture f(m_theme);
        f.list()->setFocus();
        QCOMPARE(f.list()->currentText(), QString("Balanced"));
        QTest::keyClick(f.list(), Qt::Key_Down);
        QCOMPARE(f.panel.settings().sampling, samplingOf(SamplingPreset::Creative));
        QCOMPARE(f.list()->currentText(), QString("Creative"));
    }

    void onesOwnPresetIsKeptRenamedDeletedAndPutBack()
    {
        Fixture f(m_theme);
        f.box(SamplingField::TopK)->setValue(40);
        f.panel.findChild<QPlainTextEdit*>("systemPrompt")->setPlainText("Be short.");
        auto* name = f.panel.findChild<QLineEdit*>("presetName");
        QVERIFY(!name->isVisible());
        f.trigger("Save as preset…");
        QVERIFY(name->isVisible());
        QTest::keyClick(name, Qt::Key_Return); // without a name
        QVERIFY(!f.panel.presets().message().isEmpty());
        QTest::keyClicks(name, "Short");
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(!name->isVisible());
        QCOMPARE(f.list()->currentText(), QString("Short"));
        QCOMPARE(f.presets.own().front().systemPrompt, std::optional<QString>("Be short."));

        f.trigger("Rename…");
        QCOMPARE(name->text(), QString("Short"));
        QTest::keyClicks(name, "Brief");
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(f.list()->currentText(), QString("Brief"));

        f.trigger("Delete");
        QVERIFY(f.presets.own().isEmpty());
        QVERIFY(f.panel.presets().message().contains("Brief"));
        for (QAbstractButton* button : f.panel.presets().findChildren<QAbstractButton*>())
            if (button->text() == "Undo")
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(f.presets.own().size(), 1);
        QCOMPARE(f.list()->currentText(), QString("Brief"));
    }

    void escapeGivesUpTheNameThenClosesThePanel()
    {
        Fixture f(m_theme);
        QSignalSpy closed(&f.panel, &SamplingPanel::closeRequested);
        f.trigger("Save as preset…");
        auto* name = f.panel.findChild<QLineEdit*>("presetName");
        QTest::keyClick(name, Qt::Key_Escape);
        QVERIFY(!name->isVisible());
        QCOMPARE(closed.count(), 0);
        QTest::keyClick(f.slider(SamplingField::TopK), Qt::Key_Escape);
        QCOMPARE(closed.count(), 1);
    }

    void everyControlHasANameAndIsReachedWithTab()
    {
        Fixture f(m_theme);
        QSet<QWidget*> reached;
        f.panel.focusFirst();
        for (int i = 0; i < 80; ++i) {
            reached.insert(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (QWidget* each : f.panel.findChildren<QWidget*>()) {
            const bool control = qobject_cast<QSlider*>(each) != nullptr ||
                                 qobject_cast<QDoubleSpinBox*>(each) != nullptr ||
                                 qobject_cast<QAbstractButton*>(each) != nullptr;
            if (!control || !each->isVisible())
                continue;
            const auto* button = qobject_cast<QAbstractButton*>(each);
            QVERIFY2(!each->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                     each->metaObject()->className());
            if (each->isEnabled())
                QVERIFY2(reached.contains(each), qPrintable(each->accessibleName()));
        }
    }

    void inThePaneChangesBelongToTheChatThatIsShown()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        Language language;
        language.setChoice(LanguageChoice::English);
        EngineBridge bridge;
        MainWindow window(bridge, m_theme, language, preferences);
        window.resize(1440, 900);
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
        ChatPane& pane = window.chatPage().focusedPane();
        Conversation* first = pane.conversation();
        first->setDraft("text");
        auto* button = pane.findChild<QToolButton*>("chatSettings");
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(pane.areSettingsShown());
        QVERIFY(pane.composer().isVisible()); // there is room for both
        auto* prompt = pane.findChild<QPlainTextEdit*>("systemPrompt");
        prompt->setFocus();
        QTest::keyClicks(prompt, "Be brief.");
        QCOMPARE(first->settings().systemPrompt, QString("Be brief."));

        Conversation& second = window.session().store().create();
        pane.setConversation(&second);
        QCOMPARE(prompt->toPlainText(), QString());
        pane.setConversation(first);
        QCOMPARE(prompt->toPlainText(), QString("Be brief."));
        QCOMPARE(second.settings(), ConversationSettings());

        QTest::keyClick(prompt, Qt::Key_Escape);
        QVERIFY(!pane.areSettingsShown());
        QVERIFY(pane.composer().isAncestorOf(window.focusWidget()));
    }

    void inANarrowPaneThePanelTakesTheChatsPlace()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath("v.ini"));
        Language language;
        EngineBridge bridge;
        MainWindow window(bridge, m_theme, language, preferences);
        window.resize(700, 600);
        window.show();
        ChatPane& pane = window.chatPage().focusedPane();
        pane.setSettingsShown(true);
        QVERIFY(!pane.composer().isVisible());
        QVERIFY(pane.settingsPanel().isVisible());
        pane.setSettingsShown(false);
        QVERIFY(pane.composer().isVisible());
    }
};

QTEST_MAIN(SamplingPanelTest)
#include "sampling_panel_test.moc"
