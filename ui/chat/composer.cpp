// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/composer.h"

#include <QActionGroup>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/chat/attachment_strip.h"
#include "ui/chat/composer_edit.h"
#include "ui/chat/elided_label.h"
#include "ui/chat/menu_button.h"
#include "ui/chat/note_row.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kMostTextKept = 200'000; // more would make the text field slow

QPushButton* smallButton(const QString& text, const char* kind, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setProperty("small", true);
    if (kind != nullptr)
        button->setProperty("kind", kind);
    return button;
}

} // namespace

Composer::Composer(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_edit(new ComposerEdit(this)), m_contextNote(new NoteRow(theme, this)),
      m_note(new NoteRow(theme, this)), m_attachments(new AttachmentStrip(theme, this))
{
    m_edit->setObjectName("composerText");
    m_edit->setAccessibleName(tr("Message"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace2, kSpace3, kSpace2, kSpace2);
    column->setSpacing(kSpace2);
    column->addWidget(m_contextNote);
    column->addWidget(m_note);
    auto* attached = new QHBoxLayout;
    attached->setContentsMargins(kSpace2, 0, kSpace1, 0);
    attached->addWidget(m_attachments);
    column->addLayout(attached);
    auto* writing = new QHBoxLayout; // its edge stands under the preset's icon
    writing->setContentsMargins(kSpace2, 0, kSpace1, 0);
    writing->addWidget(m_edit);
    column->addLayout(writing);
    auto* bar = new QHBoxLayout;
    buildBar(*bar);
    column->addLayout(bar);

    connect(m_edit, &ComposerEdit::submitted, this, &Composer::submit);
    connect(m_edit, &ComposerEdit::recallRequested, this, &Composer::recallRequested);
    connect(m_edit, &ComposerEdit::stopPressed, this, [this] {
        if (m_generating)
            emit stopRequested();
        else
            emit stopPressed();
    });
    connect(m_edit, &ComposerEdit::focusChanged, this, [this](bool focused) {
        m_focused = focused;
        update();
    });
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        refresh();
        emit textEdited(text());
    });
    connect(&m_theme, &Theme::changed, this, [this] {
        applyFont();
        update();
    });
    connectAttachments();
    applyFont();
    refresh();
}

void Composer::connectAttachments()
{
    connect(m_attachments, &AttachmentStrip::changed, this, [this] {
        refresh();
        emit attachmentsEdited(attachments());
    });
    connect(m_attachments, &AttachmentStrip::noteRaised, this,
            [this](const QString& note) { m_note->say(note); });
    connect(m_attachments, &AttachmentStrip::emptied, this, &Composer::focusText);
    connect(m_edit, &ComposerEdit::longTextPasted, this, &Composer::takeLongPaste);
    connect(m_edit, &ComposerEdit::filesPasted, this, &Composer::attachFiles);
    connect(m_edit, &ComposerEdit::picturePasted, this,
            [this] { m_note->say(tr("That is a picture: this model reads text only.")); });
}

void Composer::note(const QString& text)
{
    if (!text.isEmpty())
        m_note->say(text);
}

void Composer::takeLongPaste(const QString& text)
{
    const QString name = m_attachments->addPaste(text);
    if (name.isEmpty())
        return;
    const QString note = tr("The long text was attached as “%1”.").arg(name);
    if (text.size() > kMostTextKept) {
        m_note->say(note);
        return;
    }
    m_note->say(note, tr("Keep as text"), [this, name] {
        if (const auto taken = m_attachments->take(name))
            m_edit->insertPlainText(taken->text);
        m_edit->setFocus();
    });
}

void Composer::insertText(const QString& text)
{
    if (text.size() > ComposerEdit::kLongPaste)
        takeLongPaste(text);
    else
        m_edit->insertPlainText(text);
    m_edit->setFocus();
}

QList<Attachment> Composer::attachments() const
{
    return m_attachments->attachments();
}

void Composer::setAttachments(const QList<Attachment>& attachments)
{
    m_attachments->setAttachments(attachments);
    m_note->dismiss();
}

void Composer::attachFiles(const QStringList& paths)
{
    m_note->dismiss();
    m_attachments->addFiles(paths);
}

/// The dialog does not wait: replies go on meanwhile.
void Composer::chooseFiles()
{
    auto* dialog = new QFileDialog(this, tr("Attach files"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QFileDialog::DontUseNativeDialog);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Text, code and PDF (*.txt *.md *.csv *.tsv *.json *.xml *.yaml *.html *.tex *.log "
            "*.c *.h *.cpp *.py *.js *.ts *.java *.go *.rs *.sh *.sql *.pdf)"),
         tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this, &Composer::attachFiles);
    connect(dialog, &QFileDialog::finished, this, &Composer::focusText);
    dialog->open();
}

void Composer::buildBar(QHBoxLayout& bar)
{
    m_attach = new QToolButton(this);
    m_attach->setObjectName("attachButton");
    m_attach->setIcon(m_theme.icon("clip"));
    m_attach->setAccessibleName(tr("Attach files"));
    m_attach->setToolTip(tr("Attach text, code or PDF; or drop files here"));
    m_attach->setFocusPolicy(Qt::TabFocus);
    connect(m_attach, &QToolButton::clicked, this, &Composer::chooseFiles);
    m_preset = new MenuButton(m_theme, this);
    m_preset->setIcon(m_theme.icon("settings"));
    m_preset->setAccessibleName(tr("How freely replies are worded"));
    buildPresetMenu();
    m_hint = new ElidedLabel(this);
    m_hint->setProperty("role", "small");
    m_send = smallButton(tr("Send"), "primary", this);
    m_send->setObjectName("sendButton");
    m_stop = smallButton(tr("Stop"), nullptr, this);
    m_stop->setObjectName("stopButton");
    m_stop->setIcon(m_theme.icon("stop", IconTone::Text));
    m_stop->setToolTip(tr("Stop and keep the text"));
    m_stop->setProperty("command", QStringLiteral("input.stop"));
    connect(m_send, &QPushButton::clicked, this, &Composer::submit);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        emit stopRequested();
        m_edit->setFocus();
    });
    bar.setSpacing(kSpace1);
    bar.addWidget(m_attach);
    bar.addWidget(m_preset);
    bar.addStretch();
    bar.addWidget(m_hint);
    bar.addSpacing(kSpace3);
    bar.addWidget(m_send);
    bar.addWidget(m_stop);
}

void Composer::buildPresetMenu()
{
    auto* menu = new QMenu(m_preset);
    menu->setToolTipsVisible(true);
    connect(m_preset, &QPushButton::clicked, this, [this, menu] {
        fillPresetMenu(*menu);
        const int height = menu->sizeHint().height();
        menu->popup(m_preset->mapToGlobal(QPoint(0, -height - kSpace1)));
    });
}

void Composer::fillPresetMenu(QMenu& menu)
{
    menu.clear();
    auto* group = new QActionGroup(&menu);
    const auto add = [&](const Preset& preset, const QString& hint) {
        QAction* action = menu.addAction(preset.name);
        action->setCheckable(true);
        action->setChecked(preset.name == m_chosen);
        action->setToolTip(hint);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, preset] { emit presetChosen(preset); });
    };
    for (const SamplingPreset each : kSamplingPresets)
        add({presetName(each), samplingOf(each), std::nullopt}, presetHint(each));
    if (!m_own.isEmpty())
        menu.addSeparator();
    for (const Preset& each : m_own)
        add(each, {});
    menu.addSeparator();
    menu.addAction(tr("All settings…"), this, &Composer::allSettingsRequested);
}

QString Composer::text() const
{
    return m_edit->toPlainText();
}

void Composer::setText(const QString& text)
{
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
}

void Composer::setGenerating(bool generating)
{
    const bool hadFocus = m_send->hasFocus() || m_stop->hasFocus();
    m_generating = generating;
    refresh();
    if (hadFocus)
        m_edit->setFocus();
}

void Composer::setReasonNotToSend(const QString& reason)
{
    m_reason = reason;
    refresh();
}

void Composer::setPreset(const QString& label, const QString& name)
{
    m_chosen = name;
    m_preset->setText(label);
}

void Composer::setPlaceholder(const QString& text)
{
    m_edit->setPlaceholderText(text);
}

void Composer::setNarrow(bool narrow)
{
    if (narrow == m_narrow)
        return;
    m_narrow = narrow;
    applyFont();
    refresh();
}

/// Not by setFont(): a style sheet in force would win over it when the widget is polished again.
void Composer::applyFont()
{
    m_edit->setStyleSheet(QStringLiteral("background: transparent; font-size: %1pt")
                              .arg(m_theme.points(m_narrow ? TextSize::Body : TextSize::Reading)));
}

void Composer::setKeys(const ComposerKeys& keys)
{
    m_keys = keys;
    m_edit->setKeys(keys);
    refresh();
}

void Composer::focusText()
{
    m_edit->setFocus(Qt::OtherFocusReason);
}

QString Composer::reasonNotToSubmit() const
{
    if (!m_reason.isEmpty())
        return m_reason;
    if (m_attachments->isReading())
        return tr("A file is being read.");
    const bool nothing = text().trimmed().isEmpty() && attachments().isEmpty();
    return nothing ? tr("Write a message first.") : QString();
}

void Composer::submit()
{
    if (!m_generating && reasonNotToSubmit().isEmpty())
        emit sendRequested(text(), attachments());
}

void Composer::refresh()
{
    const QString reason = reasonNotToSubmit();
    m_send->setVisible(!m_generating);
    m_stop->setVisible(m_generating);
    m_send->setEnabled(reason.isEmpty());
    m_send->setIcon(m_theme.icon("up", m_send->isEnabled() ? IconTone::OnAccent : IconTone::Secondary));
    m_send->setToolTip(reason.isEmpty() ? tr("Send") : reason);
    m_send->setProperty("command", reason.isEmpty() ? QVariant(QStringLiteral("input.send")) : QVariant());
    m_hint->setVisible(!m_narrow);
    m_hint->setFullText(hint());
}

/// Which keys do what just now.
QString Composer::hint() const
{
    const QString stop = keyText(m_keys.stop.value(0));
    if (m_generating)
        return stop.isEmpty() ? QString() : tr("%1 stops and keeps the text").arg(stop);
    if (!m_reason.isEmpty())
        return m_reason;
    const QKeySequence enter(Qt::Key_Return);
    const bool loose = !m_keys.send.contains(enter) && !m_keys.stop.contains(enter);
    const QString send = keyText(m_keys.send.value(0));
    const QString line = keyText(loose ? enter : m_keys.newLine.value(0));
    if (!send.isEmpty() && !line.isEmpty())
        return tr("%1 sends, %2 breaks the line").arg(send, line);
    if (!send.isEmpty())
        return tr("%1 sends").arg(send);
    return line.isEmpty() ? QString() : tr("%1 breaks the line").arg(line);
}

void Composer::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const qreal pen = m_focused ? 2 : 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_focused ? tokens.accent : tokens.borderStrong, pen));
    painter.setBrush(tokens.raised);
    const qreal inset = pen / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
}

void Composer::mousePressEvent(QMouseEvent* event)
{
    m_edit->setFocus();
    event->accept();
}

} // namespace vitrine::ui
