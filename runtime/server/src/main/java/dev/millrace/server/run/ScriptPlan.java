// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.Planner;
import dev.millrace.planner.Session;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.server.ErrorReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script, planned as a whole before anything of it runs, so that a mistake in its last line leaves nothing half done.
 *
 * @param script the text
 * @param statements what there is to run, in order
 * @param warnings what the user should know
 * @param errors all errors that could be found, in the order of the script; if there are any, nothing must run
 */
public record ScriptPlan(
        String script, List<PlacedStatement> statements, List<String> warnings, List<MillraceException> errors) {
    private static final int PARTITIONS_PER_CORE = 4;
    private static final int PARTITIONS_LEAST = 8;

    /** The name in a CREATE statement. */
    private static final Pattern CREATE = Pattern.compile(
            "^CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:TEMPORARY\\s+)?(?:TABLE|STREAM|VIEW)\\s+"
                    + "(?:IF\\s+NOT\\s+EXISTS\\s+)?`?(\\w+)",
            Pattern.CASE_INSENSITIVE);

    /**
     * Plans a script.
     *
     * @param settings options to set before it, as {@code key=value}
     * @param cores threads that will run it; decide the number of partitions where nothing else does
     */
    public static ScriptPlan of(String script, List<String> settings, Connectors connectors, int cores) {
        List<String> warnings = new ArrayList<>();
        List<MillraceException> errors = new ArrayList<>();
        Session session = new Session(defaultPartitions(cores));
        for (String setting : settings) {
            try {
                set(session, setting, warnings);
            } catch (MillraceException e) {
                errors.add(e);
            }
        }
        return of(script, session, connectors, warnings, errors);
    }

    /** Partitions of a job that runs on this number of threads, where nothing else decides it. */
    public static int defaultPartitions(int cores) {
        return Math.max(PARTITIONS_LEAST, PARTITIONS_PER_CORE * cores);
    }

    /** Plans a script in a session that there is. */
    public static ScriptPlan of(String script, Session session, Connectors connectors) {
        return of(script, session, connectors, new ArrayList<>(), new ArrayList<>());
    }

    private static ScriptPlan of(
            String script,
            Session session,
            Connectors connectors,
            List<String> warnings,
            List<MillraceException> errors) {
        List<PlacedStatement> statements = new ArrayList<>();
        Planner planner = new Planner(connectors);
        int before = errors.size();
        List<ParsedStatement> parsed = planner.parse(script, errors);
        if (errors.size() > before) {
            // What depends on a statement that can't be read would be blamed in vain.
            return new ScriptPlan(script, statements, warnings, errors);
        }
        Set<String> notMade = new HashSet<>();
        for (ParsedStatement statement : parsed) {
            try {
                Map<String, String> options = Map.copyOf(session.options().values());
                PlannedStatement planned = planner.plan(statement, session);
                statements.add(new PlacedStatement(planned, statement, options));
                warnings.addAll(planned.warnings());
            } catch (MillraceException e) {
                if (!followsFrom(notMade, e)) {
                    errors.add(e.at(statement.position()));
                }
                Matcher create = CREATE.matcher(statement.text());
                if (create.find()) {
                    notMade.add("\"" + create.group(1) + "\"");
                }
            }
        }
        return new ScriptPlan(script, statements, warnings, errors);
    }

    /** Whether a table is missing only because its own statement is wrong: one mistake is told once. */
    private static boolean followsFrom(Set<String> notMade, MillraceException error) {
        return error.code() == ErrorCode.TABLE_NOT_FOUND
                && notMade.stream().anyMatch(name -> error.getMessage().contains(name));
    }

    private static void set(Session session, String setting, List<String> warnings) {
        int equals = setting.indexOf('=');
        if (equals <= 0) {
            throw new MillraceException(
                    ErrorCode.USAGE, "--set \"" + setting + "\" has no value", "write --set partitions=4");
        }
        String warning = session.options()
                .set(setting.substring(0, equals).strip(), null, setting.substring(equals + 1).strip(), null);
        if (warning != null) {
            warnings.add(warning);
        }
    }

    /**
     * Shows all errors.
     *
     * @return the exit code
     */
    public int showErrors(ErrorReport report) {
        int code = 0;
        for (MillraceException error : errors) {
            code = Math.max(code, report.show(error, script));
        }
        return code;
    }
}
