// SPDX-License-Identifier: GPL-3.0-or-later
// The Models page with real files, a real engine, and the keys and clicks of a person.
#include "ui/models/models_page.h"

#include <filesystem>
#include <fstream>

#include <QApplication>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include "engine/base/check.h"
#include "engine/model/default_model.h"
#include "tests/engine/support/tiny_model.h"
#include "ui/models/context_card.h"
#include "ui/models/fact_grid.h"
#include "ui/models/habits_card.h"
#include "ui/models/kv_format_card.h"
#include "ui/models/ledger_card.h"
#include "ui/models/load_card.h"
#include "ui/models/mark_slider.h"
#include "ui/models/memory_bar.h"
#include "ui/models/memory_text.h"
#include "ui/models/model_inspector.h"
#include "ui/models/model_list_pane.h"
#include "ui/shell/preferences.h"

using namespace vitrine;
using namespace vitrine::ui;
using test::GgufWriter;

namespace {

constexpr int kPatience = 120'000;
constexpr quint64 kMebi = 1U << 20U;

GgufWriter tiny()
{
    GgufWriter writer = test::TinyModel("llama").build();
    test::addTinyVocabulary(writer, "gpt2", 256);
    return writer;
}

} // namespace

class ModelsPageTest : public QObject
{
    Q_OBJECT

private:
    struct Fixture
    {
        explicit Fixture(Theme& theme) : preferences(home.filePath("v.ini"))
        {
            page = std::make_unique<ModelsPage>(bridge, preferences, theme);
            page->setPlaces({{home.filePath("models")}});
            page->setFreeMemory([this] { return MemoryRoom::of(free); });
            page->resize(1228, 772);
            QDir(home.path()).mkdir("models");
        }
        QString file(const char* name) const { return home.filePath(QStringLiteral("models/") + name); }
        void write(const char* name, const GgufWriter& writer) const
        {
            VT_CHECK(writer.write(file(name).toStdString()));
        }
        bool show()
        {
            page->show();
            return waitForScan();
        }
        bool waitForScan()
        {
            return QTest::qWaitFor([this] { return !page->isScanning(); }, kPatience) && settle();
        }
        static bool settle()
        {
            QCoreApplication::processEvents();
            return true;
        }
        QStringList rows() const
        {
            QStringList rows;
            const ModelList& models = page->models();
            for (int row = 0; row < models.rowCount(); ++row) {
                const QModelIndex index = models.index(row);
                rows << (index.data(ModelList::KindRole).toInt() == int(ModelList::Kind::Heading)
                             ? QStringLiteral("# %1").arg(index.data().toString())
                             : QStringLiteral("%1: %2").arg(index.data().toString(),
                                                            index.data(ModelList::WordRole).toString()));
            }
            return rows;
        }
        QListView* list() const { return page->findChild<QListView*>(); }
        QLineEdit* filter() const { return page->findChild<QLineEdit*>(); }
        ModelInspector& inspector() const { return page->inspector(); }

        QTemporaryDir home;
        Preferences preferences;
        EngineBridge bridge;
        quint64 free = 4096 * kMebi;
        std::unique_ptr<ModelsPage> page;
    };

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void findsModelsAndTellsWhatIsWrongWithOthers()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        f.write("cut.gguf", tiny());
        const auto whole = std::filesystem::file_size(f.file("cut.gguf").toStdString());
        std::filesystem::resize_file(f.file("cut.gguf").toStdString(), whole / 2);
        std::ofstream(f.file("text.gguf").toStdString()) << "no model at all";
        GgufWriter other = tiny();
        other.remove("general.architecture").add("general.architecture", "mamba");
        f.write("other.gguf", other);
        GgufWriter projector = tiny();
        projector.remove("general.architecture").add("general.architecture", "clip");
        f.write("mmproj.gguf", projector);
        QVERIFY(f.show());
        QCOMPARE(f.rows(), QStringList({"# Found on this computer", "good: Fits", "other: Not supported",
                                        "cut.gguf: Unreadable", "text.gguf: Unreadable"}));
        const QString detail =
            f.page->models().indexOf(f.file("cut.gguf")).data(ModelList::DetailRole).toString();
        QCOMPARE(detail, QStringLiteral("ends at %1, %2 expected").arg(sizeText(whole / 2), sizeText(whole)));
        f.page->pane().select(f.file("cut.gguf"));
        QVERIFY(f.inspector().problem().contains("Download it again"));
        QVERIFY(!f.inspector().loadButton().isEnabled());
    }

    void looksOnceThroughLinksThatLeadInCircles()
    {
        Fixture f(m_theme);
        QDir(f.home.path()).mkpath("models/deep/deeper");
        f.write("deep/deeper/inner.gguf", tiny());
        std::filesystem::create_directory_symlink(f.home.filePath("models").toStdString(),
                                                  f.home.filePath("models/deep/back").toStdString());
        std::filesystem::create_symlink(f.file("deep/deeper/inner.gguf").toStdString(),
                                        f.file("again.gguf").toStdString());
        QVERIFY(f.show());
        QCOMPARE(f.page->models().models(), 1);
    }

    void findsFilesWithoutASuffixByWhatTheyBeginWith()
    {
        Fixture f(m_theme);
        f.write("sha256-0123", tiny());
        std::ofstream(f.file("sha256-4567").toStdString()) << "{}";
        f.page->setPlaces({{f.home.filePath("models"), 0, true}});
        QVERIFY(f.show());
        QCOMPARE(f.rows(), QStringList({"# Found on this computer", "Tiny: Fits"}));
    }

    void partsOfASplitModelAreOneRow()
    {
        Fixture f(m_theme);
        const auto parts = tiny().split(2);
        f.write("big-00001-of-00002.gguf", parts[0]);
        f.write("big-00002-of-00002.gguf", parts[1]);
        QVERIFY(f.show());
        QCOMPARE(f.rows(), QStringList({"# Found on this computer", "big: Fits"}));
        const auto* entry = f.page->models().find(f.file("big-00001-of-00002.gguf"));
        QCOMPARE(entry->fileBytes, quint64(QFileInfo(f.file("big-00001-of-00002.gguf")).size() +
                                           QFileInfo(f.file("big-00002-of-00002.gguf")).size()));
    }

    void aSplitModelWithoutAPartSaysSo()
    {
        Fixture f(m_theme);
        f.write("big-00001-of-00002.gguf", tiny().split(2)[0]);
        QVERIFY(f.show());
        f.page->pane().select(f.file("big-00001-of-00002.gguf"));
        QVERIFY2(f.inspector().problem().contains("part 2 of 2"), qPrintable(f.inspector().problem()));
    }

    void anyPartOfASplitModelIsInspectedAsTheModel()
    {
        Fixture f(m_theme);
        const auto parts = tiny().split(2);
        f.write("big-00001-of-00002.gguf", parts[0]);
        f.write("big-00002-of-00002.gguf", parts[1]);
        QVERIFY(f.show());
        f.page->inspect(f.file("big-00002-of-00002.gguf"));
        QTRY_COMPARE_WITH_TIMEOUT(f.page->pane().selected(), f.file("big-00001-of-00002.gguf"), kPatience);
    }

    void verdictsFollowTheFreeMemory()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        QVERIFY(f.show());
        const auto& plan = *f.page->models().find(f.file("good.gguf"))->plan;
        const quint32 tokens = usualContext(plan);
        const auto verdict = [&](quint64 need) {
            f.free = need * 10 / 9 + 64;
            f.page->hide();
            f.page->show();
            return f.rows().last();
        };
        QCOMPARE(verdict(plan.total(engine::KvFormat::BF16, tokens)), QString("good: Fits"));
        QCOMPARE(verdict(plan.total(engine::KvFormat::Int8, tokens)), QString("good: Fits with int8 KV"));
        QVERIFY(f.inspector().ledger().sentence().startsWith("With int8 KV"));
        QCOMPARE(verdict(plan.fixed() / 2), QString("good: Does not fit"));
        QVERIFY(f.inspector().ledger().sentence().contains("Close other programs"));
        QVERIFY(f.inspector().ledger().bar().totalText().contains("predicted"));
    }

    void theFilterNarrowsAndTheKeyboardReachesTheList()
    {
        Fixture f(m_theme);
        f.write("alpha.gguf", tiny());
        f.write("beta.gguf", tiny());
        QVERIFY(f.show());
        f.filter()->setFocus();
        QTest::keyClicks(f.filter(), "bet");
        QCOMPARE(f.rows(), QStringList({"# Found on this computer", "beta: Fits"}));
        QTest::keyClick(f.filter(), Qt::Key_Down);
        QCOMPARE(f.page->pane().selected(), f.file("beta.gguf"));
        QCOMPARE(f.inspector().entry()->name, QString("beta"));
        f.filter()->clear();
        QTest::keyClick(f.list(), Qt::Key_Up);
        QCOMPARE(f.page->pane().selected(), f.file("alpha.gguf"));
        QSignalSpy wanted(f.page.get(), &ModelsPage::loadRequested);
        QTest::keyClick(f.list(), Qt::Key_Return);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toString(), f.file("alpha.gguf"));
        QTest::keyClick(f.list(), Qt::Key_B);
        QCOMPARE(f.filter()->text(), QString("b"));
    }

    void choicesAreRememberedByContentsNotByPlace()
    {
        Fixture f(m_theme);
        f.write("first.gguf", tiny());
        QVERIFY(f.show());
        ContextCard& context = f.inspector().context();
        const quint32 before = context.tokens();
        QTest::keyClick(&context.slider(), Qt::Key_Left);
        QCOMPARE(context.tokens(), before - ContextCard::kStep);
        QTest::mouseClick(&f.inspector().formats().row(engine::KvFormat::Int8), Qt::LeftButton);
        QCOMPARE(f.inspector().options(), (LoadOptions{before - ContextCard::kStep, engine::KvFormat::Int8}));
        QVERIFY(QFile::rename(f.file("first.gguf"), f.file("moved.gguf")));
        f.page->rescan();
        QVERIFY(f.waitForScan());
        f.page->pane().select(f.file("moved.gguf"));
        QCOMPARE(f.inspector().options(), (LoadOptions{before - ContextCard::kStep, engine::KvFormat::Int8}));
        QCOMPARE(f.inspector().formats().format(), engine::KvFormat::Int8);
        QCOMPARE(f.page->models().models(), 1);
    }

    void theSliderFollowsTheMouse()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        QVERIFY(f.show());
        MarkSlider& slider = f.inspector().context().slider();
        QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(1, slider.height() / 2));
        QCOMPARE(f.inspector().context().tokens(), ContextCard::kLeast);
        QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(slider.width() - 1, slider.height() / 2));
        QCOMPARE(f.inspector().context().tokens(), mostContext(*f.inspector().entry()->plan));
        // Scrolling the page over it changes nothing.
        QWheelEvent wheel(QPointF(20, 10), slider.mapToGlobal(QPointF(20, 10)), {}, QPoint(0, -120), {}, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&slider, &wheel);
        QCOMPARE(f.inspector().context().tokens(), mostContext(*f.inspector().entry()->plan));
    }

    void aDroppedFolderIsLookedThroughAndRemembered()
    {
        Fixture f(m_theme);
        QVERIFY(f.show());
        QVERIFY(f.rows().filter("good").isEmpty());
        QDir(f.home.path()).mkdir("elsewhere");
        QVERIFY(tiny().write(f.home.filePath("elsewhere/good.gguf").toStdString()));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(f.home.filePath("elsewhere"))});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(f.page.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(f.page.get(), &drop);
        QVERIFY(f.waitForScan());
        QVERIFY(f.rows().contains("good: Fits"));
        QCOMPARE(f.page->records().folders(), QStringList(f.home.filePath("elsewhere")));
    }

    void loadsTheModelAsChosenAndMovesItToTheRecentOnes()
    {
        const auto path = engine::findDefaultModel();
        if (!path)
            QFAIL("the default model is missing: ./installer/test brings it");
        Fixture f(m_theme);
        const QString model = QString::fromStdString(*path);
        connect(f.page.get(), &ModelsPage::loadRequested, &f.bridge, &EngineBridge::loadModel);
        QVERIFY(f.show());
        f.page->inspect(model);
        QVERIFY(f.waitForScan());
        QCOMPARE(f.page->pane().selected(), model);
        QTest::mouseClick(&f.inspector().formats().row(engine::KvFormat::Int8), Qt::LeftButton);
        QTest::keyClick(&f.inspector().context().slider(), Qt::Key_Home);
        QVERIFY(f.inspector().loadButton().isEnabled());
        QTest::mouseClick(&f.inspector().loadButton(), Qt::LeftButton);
        QVERIFY(!f.inspector().loadButton().isEnabled());
        QVERIFY(f.inspector().loadCard().isVisible());
        QVERIFY(f.inspector().loadCard().title().startsWith("Loading "));
        QVERIFY(QTest::qWaitFor([&] { return f.bridge.model().has_value(); }, kPatience));
        QCOMPARE(f.bridge.model()->kvFormat, engine::KvFormat::Int8);
        QCOMPARE(f.bridge.model()->kv.blocks * f.bridge.model()->kv.blockSize, ContextCard::kLeast);
        QVERIFY(!f.inspector().loadCard().isVisible());
        QCOMPARE(f.rows().mid(0, 2),
                 QStringList({"# Recent", f.bridge.model()->name.c_str() + QString(": In use")}));
        QCOMPARE(f.inspector().ledger().verdictWord(), QString("In use"));
        QVERIFY(!f.inspector().loadButton().isEnabled());
        // Another choice makes loading it again worth while.
        QTest::keyClick(&f.inspector().context().slider(), Qt::Key_Right);
        QVERIFY(f.inspector().loadButton().isEnabled());
        QCOMPARE(f.inspector().loadButton().text(), QString("Load again"));
    }

    void aFailureSaysWhatHappenedAndWhoStillAnswers()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        connect(f.page.get(), &ModelsPage::loadRequested, &f.bridge, &EngineBridge::loadModel);
        QVERIFY(f.show());
        QVERIFY(QFile::remove(f.file("good.gguf")));
        QTest::mouseClick(&f.inspector().loadButton(), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return f.inspector().loadCard().isFailure(); }, kPatience));
        QCOMPARE(f.inspector().loadCard().title(), QString("good could not be loaded"));
        QVERIFY(f.inspector().loadCard().note().contains("cannot open the file"));
    }

    void aFailureStaysWithItsFile()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        f.write("other.gguf", tiny());
        connect(f.page.get(), &ModelsPage::loadRequested, &f.bridge, &EngineBridge::loadModel);
        QVERIFY(f.show());
        auto* pane = f.page->findChild<ModelListPane*>();
        pane->select(f.file("good.gguf"));
        QVERIFY(QFile::remove(f.file("good.gguf")));
        QTest::mouseClick(&f.inspector().loadButton(), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return f.inspector().loadCard().isFailure(); }, kPatience));
        QVERIFY(f.inspector().loadCard().isVisible());
        pane->select(f.file("other.gguf"));
        QVERIFY(!f.inspector().loadCard().isVisible());
        pane->select(f.file("good.gguf"));
        QVERIFY(f.inspector().loadCard().isVisible());
        QCOMPARE(f.inspector().loadCard().title(), QString("good could not be loaded"));
        emit f.bridge.loadFailed(f.file("good.gguf"), "no"); // told while another one is looked at
        pane->select(f.file("other.gguf"));
        emit f.bridge.loadFailed(f.file("good.gguf"), "no");
        QVERIFY(!f.inspector().loadCard().isVisible());
    }

    void factsComeFromTheFile()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        QVERIFY(f.show());
        const QStringList facts = f.inspector().facts().values();
        QCOMPARE(facts[0], QString("llama, 2 layers"));
        QCOMPARE(facts[3], QString("4 heads, 2 KV, 8 wide"));
        QCOMPARE(facts[4], QString("128 tokens"));
        QCOMPARE(facts[5], QString("256"));
        QCOMPARE(facts[6], QString("its own"));
    }

    void everyControlHasAName()
    {
        Fixture f(m_theme);
        f.write("good.gguf", tiny());
        QVERIFY(f.show());
        for (const QAbstractButton* button : f.page->findChildren<QAbstractButton*>())
            if (button->isVisible() && button->parent()->metaObject()->className() != QByteArray("QLineEdit"))
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                         button->metaObject()->className());
    }
};

QTEST_MAIN(ModelsPageTest)
#include "models_page_test.moc"
