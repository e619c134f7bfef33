// SPDX-License-Identifier: GPL-3.0-or-later
// What the inspectors are made of: a heading, sections, lines of a name and a figure, bars. A form is emptied
// and filled anew when what it is about changes; that is rare. Thread: UI; the theme outlives it.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace vitrine::ui {

/// A part of a bar.
struct BarPart
{
    double amount = 0;
    QColor Tokens::*colour = nullptr;
    QString text; ///< tooltip
    bool hatched = false;
};

class InspectorForm : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorForm(const Theme& theme, QWidget* parent = nullptr);

    void clear();
    /// `trailing` stands at the right of the title; nullptr: nothing.
    void addHeader(const QString& icon, QColor Tokens::*tone, const QString& title, const QString& subtitle,
                   QWidget* trailing = nullptr);
    /// The same with a dot in the conversation's hue.
    void addHeader(const RequestName& name, const QString& subtitle);
    void addSection(const QString& title, const QString& note = {});
    QLabel* addText(const QString& text);
    void addFigure(const QString& name, const QString& value, const QString& explanation = {},
                   QColor Tokens::*ink = nullptr);
    /// A request by name; a click asks for it.
    void addRequest(const QString& label, const RequestName& name, const QString& value = {});
    /// Words in a line of their own that lead somewhere.
    void addLink(const QString& text, const QString& explanation, std::function<void()> lead,
                 const QString& value = {});
    /// Something that happened; a click goes to its time.
    void addMoment(const QString& text, qint64 ns, const QString& value = {});
    void addBar(std::vector<BarPart> parts, const QString& left, const QString& right);
    void addWidget(QWidget* widget);
    /// Names and figures, for tests and screen readers.
    QString text() const;

signals:
    void requestPicked(vitrine::engine::RequestId request);
    void momentPicked(qint64 ns);

private:
    QHBoxLayout* addLine();
    QVBoxLayout* body();

    const Theme& m_theme;
    QVBoxLayout* m_column;
    QVBoxLayout* m_section = nullptr;
};

} // namespace vitrine::ui
