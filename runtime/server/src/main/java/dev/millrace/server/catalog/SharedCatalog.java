// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import dev.millrace.cluster.Node;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.Secrets;
import dev.millrace.planner.Planner;
import dev.millrace.planner.Session;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.parser.ParsedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables and views of a server, durable as its jobs are. Any thread. */
public final class SharedCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCatalog.class);

    /** Covers the forming of the cluster and the replay of the statements' log. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** Partitions decide nothing about a table. */
    private static final int ANY_PARTITIONS = 1;

    private final ActorSystem<Void> system;
    private final Planner planner;
    private final ActorRef<CatalogCommand> actor;
    private Catalog catalog = new Catalog();

    private SharedCatalog(Node node, Connectors connectors) {
        system = node.system();
        planner = new Planner(connectors);
        actor = ClusterSingleton.get(system).init(SingletonActor.of(CatalogActor.create(), "catalog"));
    }

    /**
     * Opens the catalog of a node and reads all statements that have made it. A statement that this version can't read
     * any more is left out, with a warning.
     *
     * @throws MillraceException if the log can't be read
     */
    public static SharedCatalog open(Node node, Connectors connectors) {
        SharedCatalog shared = new SharedCatalog(node, connectors);
        for (CatalogStatement statement : shared.ask(CatalogCommand.Tell::new)) {
            try {
                shared.plan(statement, shared.catalog);
            } catch (MillraceException e) {
                LOG.warn("a table or view is missing, since its statement can't be read any more: {}\n{}",
                        Secrets.masked(statement.sql()), e.render(statement.sql()));
            }
        }
        return shared;
    }

    /** The tables and views that there are now, to plan against. */
    public synchronized Catalog copy() {
        return catalog.copy();
    }

    /**
     * Carries out a CREATE or a DROP for all clients. Returns when it is durable.
     *
     * @throws MillraceException if the statement is not valid here: somebody else was first, or it builds upon a table
     *     that only its own script knows
     */
    public synchronized void change(CatalogStatement statement) {
        Catalog changed = catalog.copy();
        plan(statement, changed);
        if (same(changed, catalog)) {
            return;
        }
        ask(replyTo -> new CatalogCommand.Append(statement, replyTo));
        catalog = changed;
    }

    /** Whether there is a table or view of this name. */
    public synchronized boolean has(String name) {
        return catalog.find(name) != null;
    }

    private void plan(CatalogStatement statement, Catalog target) {
        Session session = new Session(ANY_PARTITIONS, target, Map.of());
        statement.options().forEach((key, value) -> session.options().set(key, null, value, null));
        for (ParsedStatement parsed : planner.parse(statement.sql())) {
            planner.plan(parsed, session);
        }
    }

    private static boolean same(Catalog one, Catalog other) {
        List<CatalogEntry> entries = new ArrayList<>(one.entries());
        return entries.equals(new ArrayList<>(other.entries()));
    }

    private List<CatalogStatement> ask(Function<ActorRef<CatalogCommand.Statements>, CatalogCommand> question) {
        try {
            return AskPattern.<CatalogCommand, CatalogCommand.Statements>ask(
                    actor, question::apply, ANSWER_TIMEOUT, system.scheduler())
                    .toCompletableFuture()
                    .join()
                    .statements();
        } catch (CompletionException e) {
            throw new MillraceException(
                    ErrorCode.STATE_UNWRITABLE,
                    "the tables and views can't be read or written: " + e.getCause().getMessage(),
                    null,
                    "the state directory may be damaged, full or slow; see the log",
                    e);
        }
    }
}
