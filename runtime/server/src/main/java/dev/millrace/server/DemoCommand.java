// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.server.demo.Demo;
import java.nio.file.Path;

/** {@code millrace demo}: the query of examples/trading, live. */
final class DemoCommand implements Command {
    private static final String SCRIPT = "examples/trading/trading.sql";
    private static final int SECONDS_MAX = 86_400;

    @Override
    public Syntax syntax() {
        return new Syntax("demo", "Computes windows over a generated market feed and shows the results as they come.")
                .option("--seconds", "N", "ends by itself after so many seconds; else Ctrl-C ends it")
                .footer("", "The query is in " + SCRIPT + "; change it and run the demo again.");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        long seconds = arguments.whole("--seconds", Demo.NO_END, 1, SECONDS_MAX);
        Path script = Path.of(System.getProperty("millrace.home", "")).resolve(SCRIPT);
        ErrorReport report = new ErrorReport(console.err(), arguments.has("--debug"));
        return new Demo(script, seconds, console, report, WorkDirectory.of(null)).run();
    }
}
