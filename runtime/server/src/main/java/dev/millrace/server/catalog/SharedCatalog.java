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

/**
 * The tables and views of a server, durable as its jobs are, and the same on all nodes of its cluster: they are asked for
 * before each use. Any thread.
 */
public final class SharedCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCatalog.class);

    /** Covers the forming of the cluster and the replay of the statements' log. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration TELL_TIMEOUT = Duration.ofSeconds(5);
    private static final int TELL_TRIES = 6;

    /** Partitions decide nothing about a table. */
    private static final int ANY_PARTITIONS = 1;

    private final ActorSystem<Void> system;
    private final Planner planner;
    private final ActorRef<CatalogCommand> actor;
    private final Catalog catalog = new Catalog();
    /** So many statements have made the catalog. */
    private int known;

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
        shared.refresh();
        return shared;
    }

    /** The tables and views that there are now, to plan against. */
    public synchronized Catalog copy() {
        refresh();
        return catalog.copy();
    }

    /**
     * Carries out a CREATE or a DROP for all clients of all nodes. Returns when it is durable.
     *
     * @throws MillraceException if the statement is not valid here: somebody else was first, or it builds upon a table
     *     that only its own script knows
     */
    public synchronized void change(CatalogStatement statement) {
        refresh();
        while (true) {
            Catalog changed = catalog.copy();
            plan(statement, changed);
            if (same(changed, catalog)) {
                return;
            }
            CatalogCommand.Statements answer =
                    ask(replyTo -> new CatalogCommand.Append(statement, known, replyTo), ANSWER_TIMEOUT);
            take(answer);
            if (answer.kept()) {
                return;
            }
            // On another node somebody was faster: it may not be valid any more.
            refresh();
        }
    }

    /** Whether there is a table or view of this name. */
    public synchronized boolean has(String name) {
        refresh();
        return catalog.find(name) != null;
    }

    /** Takes over what other nodes have changed. */
    private void refresh() {
        CatalogCommand.Statements answer;
        do {
            answer = tell();
            take(answer);
        } while (known < answer.all());
    }

    /** Asks again when there is no answer: a message may get lost while the catalog goes to another node. */
    private CatalogCommand.Statements tell() {
        for (int tries = 1; tries < TELL_TRIES; tries++) {
            try {
                return ask(replyTo -> new CatalogCommand.Tell(known, replyTo), TELL_TIMEOUT);
            } catch (MillraceException e) {
                LOG.debug("the catalog gives no answer yet", e);
            }
        }
        return ask(replyTo -> new CatalogCommand.Tell(known, replyTo), TELL_TIMEOUT);
    }

    private void take(CatalogCommand.Statements answer) {
        for (CatalogStatement statement : answer.more()) {
            try {
                plan(statement, catalog);
            } catch (MillraceException e) {
                LOG.warn("a table or view is missing, since its statement can't be read any more: {}\n{}",
                        Secrets.masked(statement.sql()), e.render(statement.sql()));
            }
            known++;
        }
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

    private CatalogCommand.Statements ask(
            Function<ActorRef<CatalogCommand.Statements>, CatalogCommand> question, Duration timeout) {
        try {
            return AskPattern.<CatalogCommand, CatalogCommand.Statements>ask(
                    actor, question::apply, timeout, system.scheduler())
                    .toCompletableFuture()
                    .join();
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
