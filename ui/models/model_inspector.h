// SPDX-License-Identifier: GPL-3.0-or-later
// The right part of the Models page: what a file is, what it would take, what to load it with.
// Thread: UI; bridge, records and preferences outlive it.
#pragma once

#include <optional>

#include <QWidget>

#include "ui/bridge/engine_bridge.h"
#include "ui/models/model_verdict.h"
#include "ui/theme/theme.h"

class QBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class ContextCard;
class ElidedLabel;
class FactGrid;
class HabitsCard;
class KvFormatCard;
class LedgerCard;
struct Ledger;
class LoadCard;
class Preferences;

class ModelInspector : public QWidget
{
    Q_OBJECT

public:
    ModelInspector(EngineBridge& bridge, ModelRecords& records, Preferences& preferences, const Theme& theme,
                   QWidget* parent = nullptr);

    void setEntry(const std::optional<ModelEntry>& entry);
    void setRoom(const MemoryRoom& room);
    void refresh(); ///< the bridge's state has changed
    void load();    ///< what the button does

    const std::optional<ModelEntry>& entry() const { return m_entry; }
    LoadOptions options() const;
    LedgerCard& ledger() const { return *m_ledger; }
    ContextCard& context() const { return *m_context; }
    KvFormatCard& formats() const { return *m_formats; }
    HabitsCard& habits() const { return *m_habits; }
    LoadCard& loadCard() const { return *m_load; }
    FactGrid& facts() const { return *m_facts; }
    QPushButton& loadButton() const { return *m_button; }
    QString problem() const;

signals:
    void loadRequested(const QString& path, const vitrine::ui::LoadOptions& options);
    void detailsRequested(const QString& path);
    void engineSettingsRequested();
    void choiceChanged();
    void idleMinutesChosen(int minutes);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QLayout* makePathBar();
    QLayout* makeTitle();
    QWidget* makeContent();
    void makeMenu();
    void connectCards();
    void connectBridge();
    void retranslate();
    void showEntry();
    void placeLoadCard();
    void arrange();
    void showFacts();
    void showLedger();
    void showProblem();
    void showButton();
    QString sentence(const Ledger& ledger) const;
    static void showDeviceMemory(Ledger& ledger, const engine::ExecutorInfo& executor);
    Ledger ledgerOf() const;
    bool isInUse() const;
    QString nameOf(const QString& path) const;
    QString answering() const;
    void choose(const std::function<void(ModelChoice&)>& change);

    EngineBridge& m_bridge;
    ModelRecords& m_records;
    Preferences& m_preferences;
    const Theme& m_theme;
    std::optional<ModelEntry> m_entry;
    QString m_loadOf; ///< file of the load that m_load tells about
    MemoryRoom m_room;

    ElidedLabel* m_path = nullptr;
    QToolButton* m_reveal = nullptr;
    QToolButton* m_more = nullptr;
    QMenu* m_menu = nullptr;
    QWidget* m_content = nullptr;
    QLabel* m_empty = nullptr;
    ElidedLabel* m_name = nullptr;
    QLabel* m_quantisation = nullptr;
    QLabel* m_licence = nullptr;
    QPushButton* m_details = nullptr;
    QPushButton* m_settings = nullptr;
    QPushButton* m_button = nullptr;
    QLabel* m_problem = nullptr;
    FactGrid* m_facts = nullptr;
    LedgerCard* m_ledger = nullptr;
    QBoxLayout* m_pair = nullptr;
    ContextCard* m_context = nullptr;
    KvFormatCard* m_formats = nullptr;
    LoadCard* m_load = nullptr;
    HabitsCard* m_habits = nullptr;
};

} // namespace vitrine::ui
