// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What a command takes. Built by calls, not by annotations: reflection over annotated classes would cost a good part
 * of the start.
 */
final class Syntax {
    private static final int HELP_WIDTH = 100;

    private final CommandSpec spec;
    private final List<String> optionNames = new ArrayList<>();
    private int operands;

    /** @param summary what the command does, in one sentence */
    Syntax(String command, String summary) {
        spec = CommandSpec.create().name("millrace " + command);
        spec.usageMessage().description(summary).width(HELP_WIDTH).sortOptions(false);
    }

    /** Adds what every command takes. Called last, so that it stands last in the help. */
    Syntax common() {
        return flag("--debug", "show stack traces with errors").flag("--help", "show this help");
    }

    /** An option without a value. */
    Syntax flag(String name, String description) {
        optionNames.add(name);
        spec.addOption(OptionSpec.builder(name).arity("0").type(boolean.class).description(description).build());
        return this;
    }

    /** An option with a value. */
    Syntax option(String name, String valueLabel, String description) {
        optionNames.add(name);
        spec.addOption(OptionSpec.builder(name)
                .arity("1")
                .type(String.class)
                .paramLabel(valueLabel)
                .description(description)
                .build());
        return this;
    }

    /** An option with a value that may be given several times. */
    Syntax repeatedOption(String name, String valueLabel, String description) {
        optionNames.add(name);
        spec.addOption(OptionSpec.builder(name)
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(valueLabel)
                .description(description)
                .build());
        return this;
    }

    /** An operand that must be given. */
    Syntax operand(String label, String description) {
        return operand(label, description, true);
    }

    /** An operand that may be left out. */
    Syntax optionalOperand(String label, String description) {
        return operand(label, description, false);
    }

    private Syntax operand(String label, String description, boolean required) {
        spec.addPositional(PositionalParamSpec.builder()
                .index(String.valueOf(operands++))
                .arity(required ? "1" : "0..1")
                .required(required)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /** Lines under the help, such as examples. */
    Syntax footer(String... lines) {
        spec.usageMessage().footer(lines);
        return this;
    }

    /** The help text. */
    String help() {
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }

    /**
     * Reads a command line.
     *
     * @throws MillraceException if it does not fit, with the nearest option
     */
    Arguments parse(List<String> words) {
        CommandLine line = new CommandLine(spec);
        try {
            ParseResult result = line.parseArgs(words.toArray(new String[0]));
            return new Arguments(result, words);
        } catch (UnmatchedArgumentException e) {
            throw unmatched(e.getUnmatched().getFirst());
        } catch (OverwrittenOptionException e) {
            throw usage(firstToLower(e.getMessage()), "give it once");
        } catch (ParameterException e) {
            if (words.contains("--help")) {
                return new Arguments(null, words);
            }
            throw usage(firstToLower(e.getMessage()), null);
        }
    }

    private MillraceException unmatched(String word) {
        if (word.startsWith("-")) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return usage("option \"" + name + "\" is not known", NearestName.hint(name, optionNames, "options"));
        }
        return usage("operand \"" + word + "\" is one too many", null);
    }

    private MillraceException usage(String reason, String hint) {
        String help = "see " + spec.name() + " --help";
        return new MillraceException(ErrorCode.USAGE, reason, hint == null ? help : hint + "\n" + help);
    }

    private static String firstToLower(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
