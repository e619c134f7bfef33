// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message is written: the text field, what is attached, the preset, Send or Stop. A long paste
// becomes an attachment. Knows no engine: the pane tells it what is possible. Thread: UI.
#pragma once

#include <QFrame>
#include <QString>

#include "ui/chat/attachment.h"
#include "ui/chat/sampling_preset.h"
#include "ui/keys/input_keys.h"

class QHBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class AttachmentStrip;
class ComposerEdit;
class ElidedLabel;
class NoteRow;
class Theme;

class Composer : public QFrame
{
    Q_OBJECT

public:
    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    /// Puts the cursor at the end.
    void setText(const QString& text);
    void setGenerating(bool generating);
    /// `reason` is why nothing can be sent, empty when it can.
    void setReasonNotToSend(const QString& reason);
    /// `label` is what the button says; a name of `own`, a built-in one or none is marked in its menu.
    void setPreset(const QString& label, const QString& name);
    void setOwnPresets(const QList<Preset>& own) { m_own = own; }
    void setPlaceholder(const QString& text);
    void setNarrow(bool narrow);
    void setKeys(const ComposerKeys& keys);
    void focusText();
    /// At the cursor, as if it were pasted.
    void insertText(const QString& text);

    QList<Attachment> attachments() const;
    void setAttachments(const QList<Attachment>& attachments);
    void attachFiles(const QStringList& paths);
    /// Says it above the text, until it is dismissed. Nothing to say: nothing changes.
    void note(const QString& text);
    AttachmentStrip& attachmentStrip() const { return *m_attachments; }
    NoteRow& note() const { return *m_note; }               ///< what just happened
    NoteRow& contextNote() const { return *m_contextNote; } ///< what the pane has to say of the context

signals:
    /// Text, attachments or both.
    void sendRequested(const QString& text, const QList<vitrine::ui::Attachment>& attachments);
    void stopRequested();
    void stopPressed(); ///< the key, with nothing to stop
    void recallRequested();
    void presetChosen(const vitrine::ui::Preset& preset);
    void allSettingsRequested();
    void textEdited(const QString& text);
    void attachmentsEdited(const QList<vitrine::ui::Attachment>& attachments);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void buildBar(QHBoxLayout& bar);
    void buildPresetMenu();
    void fillPresetMenu(QMenu& menu);
    void connectAttachments();
    void chooseFiles();
    void takeLongPaste(const QString& text);
    QString reasonNotToSubmit() const;
    QString hint() const;
    void submit();
    void refresh();
    void applyFont();

    const Theme& m_theme;
    ComposerEdit* m_edit = nullptr;
    NoteRow* m_contextNote = nullptr;
    NoteRow* m_note = nullptr;
    AttachmentStrip* m_attachments = nullptr;
    QToolButton* m_attach = nullptr;
    QPushButton* m_preset = nullptr;
    ElidedLabel* m_hint = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QString m_reason;
    QString m_chosen; // name of the preset
    QList<Preset> m_own;
    bool m_generating = false;
    bool m_narrow = false;
    ComposerKeys m_keys;
    bool m_focused = false;
};

} // namespace vitrine::ui
