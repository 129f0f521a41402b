// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Target;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.options.JobOptions;
import dev.millrace.planner.parser.JobAction;
import dev.millrace.planner.parser.ParsedStatement;
import dev.millrace.planner.parser.ScriptParser;
import dev.millrace.planner.parser.SqlCreateTable;
import dev.millrace.planner.parser.SqlCreateView;
import dev.millrace.planner.parser.SqlExplainStatement;
import dev.millrace.planner.parser.Statement;
import dev.millrace.planner.translate.QueryPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;

/**
 * From SQL text to plans. Statements are parsed all at once and planned one by one against a session, since each may
 * depend on those before it. Has no state of its own; what it opens is nothing.
 */
public final class Planner {
    private final Connectors connectors;

    public Planner(Connectors connectors) {
        this.connectors = connectors;
    }

    /**
     * The statements of a script.
     *
     * @throws MillraceException with its place in the script, if a statement does not follow the grammar
     */
    public List<ParsedStatement> parse(String script) {
        return ScriptParser.parse(script);
    }

    /**
     * The statements of a script that follow the grammar.
     *
     * @param errors takes one error, with its place in the script, for each statement that does not
     */
    public List<ParsedStatement> parse(String script, List<MillraceException> errors) {
        return ScriptParser.parse(script, errors);
    }

    /**
     * What one statement comes to. Changes the session where the statement does (CREATE, DROP, SET).
     *
     * @throws MillraceException with its place in the script, if the statement is not valid
     */
    public PlannedStatement plan(ParsedStatement parsed, Session session) {
        return switch (parsed.statement()) {
            case Statement.Sql sql -> sql(sql.tree(), parsed, session);
            case Statement.StatementSet set -> statementSet(set, parsed, session);
            case Statement.SetOption set -> {
                String warning = session.options()
                        .set(set.key(), set.keyPosition(), set.value(), set.valuePosition());
                yield new PlannedStatement.Done("option set", warning == null ? List.of() : List.of(warning));
            }
            case Statement.ResetOption reset -> {
                if (reset.key() == null) {
                    session.options().resetAll();
                } else {
                    session.options().reset(reset.key(), reset.keyPosition());
                }
                yield PlannedStatement.done("option reset");
            }
            case Statement.ShowOptions show -> PlannedStatement.rows(
                    List.of("option", "value"),
                    session.options().values().entrySet().stream()
                            .map(entry -> List.<Object>of(entry.getKey(), entry.getValue())).toList());
            case Statement.Show show -> TableStatements.show(show.kind(), session);
            case Statement.ShowCreate show -> TableStatements.showCreate(show, session);
            case Statement.JobControl control ->
                    new PlannedStatement.JobControl(
                            control.action(), control.ifExists(), control.job(), control.savepoint(), Map.of(),
                            control.position());
            case Statement.AlterJob alter ->
                    new PlannedStatement.JobControl(
                            JobAction.ALTER, false, alter.job(), null, altered(alter), alter.position());
            case Statement.ExplainUpgrade explain ->
                    new PlannedStatement.ExplainUpgrade(null, explain.job(), null, explain.position());
            case Statement.ShowJobs show ->
                    new PlannedStatement.ShowJobs(show.view(), show.job(), show.position());
            case Statement.Describe describe -> TableStatements.describe(describe, session);
            case Statement.Drop drop -> TableStatements.drop(drop, session);
        };
    }

    /** The options that ALTER JOB changes, checked. */
    private static Map<String, String> altered(Statement.AlterJob alter) {
        Map<String, String> values = new TreeMap<>();
        for (Statement.SetOption option : alter.options()) {
            JobOptions checked = new JobOptions();
            checked.set(option.key(), option.keyPosition(), option.value(), option.valuePosition());
            checked.values().forEach((key, value) -> {
                if (!JobOptions.find(key).isAlterable()) {
                    throw new MillraceException(
                            ErrorCode.NOT_SUPPORTED, "option '" + key + "' of a job that there is can't be altered",
                            option.keyPosition(), "start another job with it, from a savepoint: SET 'savepoint' = '"
                                    + alter.job() + "/…'");
                }
                values.put(key, value);
            });
        }
        return values;
    }

    private PlannedStatement statementSet(Statement.StatementSet set, ParsedStatement parsed, Session session) {
        List<QueryPlan> inserts = new ArrayList<>();
        Set<String> written = new HashSet<>();
        for (ParsedStatement member : set.inserts()) {
            QueryPlan insert = new QueryStatements(connectors, session, member).member();
            String table = ((Target.Table) insert.plan().target()).table().name();
            if (!written.add(table)) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED,
                        "two INSERTs of a statement set into table \"" + table + "\" are not supported yet",
                        member.position(), "make one INSERT of them, with UNION ALL");
            }
            inserts.add(insert);
        }
        String first = ((Target.Table) inserts.getFirst().plan().target()).table().name();
        String name = session.nextJobName(first, parsed.text());
        QueryPlan plan = QueryPlan.statementSet(name, parsed.text(), inserts);
        if (set.upgrade()) {
            return new QueryStatements(connectors, session, parsed).upgrade(first, plan);
        }
        if (set.explained()) {
            return new PlannedStatement.Text(Explain.text(plan), plan);
        }
        session.jobPlanned(name);
        return new PlannedStatement.Job(plan, plan.warnings());
    }

    private PlannedStatement sql(SqlNode tree, ParsedStatement parsed, Session session) {
        QueryStatements queries = new QueryStatements(connectors, session, parsed);
        return switch (tree) {
            case SqlCreateTable create when create.query() != null -> queries.createTableAs(create);
            case SqlCreateTable create -> new TableStatements(connectors, session).createTable(create, parsed);
            case SqlCreateView create -> new TableStatements(connectors, session).createView(create, parsed);
            case SqlExplainStatement explain -> queries.explain(explain);
            case SqlInsert insert -> queries.insert(insert);
            default -> queries.select(tree);
        };
    }
}
