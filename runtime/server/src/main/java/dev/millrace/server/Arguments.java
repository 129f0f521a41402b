// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** A command line that fits its {@link Syntax}. */
final class Arguments {
    private final ParseResult parsed;
    private final List<String> words;

    /** @param parsed what was read, or null if only the help can be shown */
    Arguments(ParseResult parsed, List<String> words) {
        this.parsed = parsed;
        this.words = words;
    }

    /** Whether the help was asked for. */
    boolean wantsHelp() {
        return words.contains("--help");
    }

    boolean has(String flag) {
        return parsed.matchedOptionValue(flag, false);
    }

    /** The value of an option, or null. */
    String text(String option) {
        return parsed.matchedOptionValue(option, null);
    }

    /** All values of an option that may be repeated. */
    List<String> texts(String option) {
        return parsed.matchedOptionValue(option, List.of());
    }

    /** An operand, or null if it was left out. */
    String operand(int index) {
        return parsed.matchedPositionalValue(index, null);
    }

    /** An operand that must be there with the action that was asked for. */
    String operand(int index, String label, String action) {
        String operand = operand(index);
        if (operand == null) {
            throw new MillraceException(ErrorCode.USAGE, action + " needs a " + label, null);
        }
        return operand;
    }

    /** The first operand, which is one of a few words. */
    String action(List<String> actions) {
        String action = operand(0);
        if (!actions.contains(action)) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    "\"" + action + "\" is not known",
                    NearestName.hint(action, actions, "it is one of"));
        }
        return action;
    }

    /** The value of an option that is one of a few words. */
    String choice(String option, List<String> choices, String otherwise) {
        String value = text(option);
        if (value == null) {
            return otherwise;
        }
        if (!choices.contains(value)) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    option + " can't be \"" + value + "\"",
                    NearestName.hint(value, choices, "it is one of"));
        }
        return value;
    }

    /** The value of an option that is a path, or null. */
    Path path(String option) {
        String value = text(option);
        try {
            return value == null ? null : Path.of(value);
        } catch (InvalidPathException e) {
            throw new MillraceException(ErrorCode.USAGE, option + " \"" + value + "\" is not a path", null, null, e);
        }
    }

    /** Where {@code --state} says that jobs and checkpoints are kept; in memory if it isn't given. */
    StatePlace state() {
        String value = text("--state");
        return value == null ? new StatePlace.Memory() : StatePlace.of(value, System.getenv());
    }

    /**
     * The value of an option that is a whole number.
     *
     * @param otherwise the value if the option is not given
     */
    long whole(String option, long otherwise, long smallest, long largest) {
        String value = text(option);
        if (value == null) {
            return otherwise;
        }
        long number;
        try {
            number = Long.parseLong(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    option + " \"" + value + "\" is not a whole number",
                    null,
                    "give a number such as " + option + " " + Math.max(smallest, Math.min(otherwise, largest)),
                    e);
        }
        if (number < smallest || number > largest) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    option + " " + number + " is out of range",
                    "it lies between " + smallest + " and " + largest);
        }
        return number;
    }
}
