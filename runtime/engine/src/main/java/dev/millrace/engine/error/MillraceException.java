// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

import java.util.Objects;

/**
 * An operating error: expected, with a code, a reason and a way out. It is shown to the user without a stack trace.
 * Broken invariants are not operating errors; they stay {@link IllegalStateException}s.
 */
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient SourceSpan span;
    private final String hint;

    /**
     * @param code the kind of error
     * @param message the reason, in one sentence without the code and without a full stop at its end
     * @param span where in the user's text, or null when the error has no place there
     * @param hint the way out, or null when the message says it all; may have several lines
     * @param cause the underlying failure, or null
     */
    public MillraceException(ErrorCode code, String message, SourceSpan span, String hint, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code);
        this.span = span;
        this.hint = hint;
    }

    public MillraceException(ErrorCode code, String message, SourceSpan span, String hint) {
        this(code, message, span, hint, null);
    }

    public MillraceException(ErrorCode code, String message, String hint) {
        this(code, message, null, hint, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** Where in the user's text, or null. */
    public SourceSpan span() {
        return span;
    }

    /** The way out, or null. */
    public String hint() {
        return hint;
    }

    /** The same error at a place of the user's text, unless it already has one. */
    public MillraceException at(SourceSpan place) {
        return span != null ? this : new MillraceException(code, getMessage(), place, hint, getCause());
    }

    /**
     * The error as the user sees it: code and message, the line with a caret but without passwords, the hint.
     *
     * @param text the text that the span refers to, or null to leave the line out
     */
    public String render(String text) {
        StringBuilder out = new StringBuilder();
        out.append(code.id()).append("  ").append(getMessage());
        if (span != null && text != null) {
            String[] lines = Secrets.maskedInPlace(text).split("\n", -1);
            if (span.line() <= lines.length) {
                String place = "  line " + span.line() + ", column " + span.column() + ":   ";
                String line = lines[span.line() - 1].replace('\t', ' ').stripTrailing();
                int indent = line.length() - line.stripLeading().length();
                int caret = Math.max(0, span.column() - 1 - indent);
                int underlined = Math.max(1, Math.min(span.length(), line.length() - span.column() + 1));
                out.append('\n').append(place).append(line.strip());
                out.append('\n').append(" ".repeat(place.length() + caret)).append("^".repeat(underlined));
            }
        }
        if (hint != null) {
            out.append("\n  ").append(hint.replace("\n", "\n  "));
        }
        return out.toString();
    }
}
