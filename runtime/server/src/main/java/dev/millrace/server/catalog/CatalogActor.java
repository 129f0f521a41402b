// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.catalog;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** Keeps the statements that have made the catalog. One in a cluster. Knows no SQL. */
final class CatalogActor extends EventSourcedBehavior<CatalogCommand, CatalogEvent, CatalogRecord> {
    private CatalogActor() {
        super(PersistenceId.ofUniqueId("catalog"));
    }

    static Behavior<CatalogCommand> create() {
        return new CatalogActor();
    }

    @Override
    public CatalogRecord emptyState() {
        return CatalogRecord.EMPTY;
    }

    @Override
    public EventHandler<CatalogRecord, CatalogEvent> eventHandler() {
        return CatalogRecord::after;
    }

    @Override
    public CommandHandler<CatalogCommand, CatalogEvent, CatalogRecord> commandHandler() {
        return (record, command) -> switch (command) {
            case CatalogCommand.Append append -> Effect()
                    .persist(new CatalogEvent.Changed(append.statement()))
                    .thenRun(now -> append.replyTo().tell(new CatalogCommand.Statements(now.statements())));
            case CatalogCommand.Tell tell -> {
                tell.replyTo().tell(new CatalogCommand.Statements(record.statements()));
                yield Effect().none();
            }
        };
    }
}
