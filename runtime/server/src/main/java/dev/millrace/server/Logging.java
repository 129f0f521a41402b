// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.file.Path;

/**
 * Where logs go: Millrace's warnings to standard error in one line, everything to a file. Found by logback as a
 * service, since
 * reading an XML file would cost a good part of the start.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    /** The logger of errors that are shown in another way as well: to the file only. */
    static final String DEFECTS = "dev.millrace.server.defects";

    private static volatile Path file =
            Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + ProcessHandle.current().pid() + ".log");

    /** Puts the log file below a state directory, unless there is none. Has an effect before anything is logged. */
    static void useStateDirectory(Path directory) {
        useStateDirectory(directory, "millrace");
    }

    /** @param name what the file is called, without ending: processes that share a directory have one each */
    static void useStateDirectory(Path directory, String name) {
        if (directory != null) {
            file = directory.resolve("logs").resolve(name + ".log");
        }
    }

    /** The log file; it exists as soon as something was logged. */
    static Path file() {
        return file;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        ThresholdFilter warnings = new ThresholdFilter();
        warnings.setLevel(Level.WARN.levelStr);
        warnings.start();
        console.addFilter(warnings);
        start(console, context, "%level{5} %msg%nopex%n");

        FirstUseFileAppender toFile = new FirstUseFileAppender(file);
        start(toFile, context, "%d{yyyy-MM-dd HH:mm:ss.SSS,UTC} %-5level [%thread] %logger{40} %msg%n");

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(toFile);
        // What libraries warn of is for those who read the file; what matters to users, Millrace says itself.
        Logger millrace = context.getLogger("dev.millrace");
        millrace.setLevel(Level.INFO);
        millrace.addAppender(console);
        Logger defects = context.getLogger(DEFECTS);
        defects.setAdditive(false);
        defects.addAppender(toFile);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static void start(OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
    }
}
